// Style that no tool of `npm run lint` checks: clocks, file sizes, unfinished work, unexplained exceptions.
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT } from '../../compiler/build.js';
import { ERRORS } from '../../host/contract/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file) && !file.endsWith('.d.ts'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('tidy', () => {
  test('time and randomness come from host/node only, where they could reach the chain', () => {
    const clocks = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|randomBytes|getRandomValues)\b/;
    const allowed = /^host\/(node|cli)\//;
    const using = sources.filter((file) => file.startsWith('host/') && !allowed.test(file) && clocks.test(read(file)));
    expect(using).toEqual([
      'host/executor/wasm-crypto.ts', // randomness of a signature, which wasm-crypto's own code asks for
      'host/rpc/dispatcher.ts', // how long a client's requests take
      'host/rpc/sockets.ts', // what only a client that answered a ping can know
      'host/rpc/turns.ts', // how long a turn takes
    ]);
  });

  test('a file can be read in one sitting', () => {
    // Tables of cases may be longer, and what the compiler writes is not read.
    const long = sources
      .filter((file) => !/^(tests|bench)\//.test(file) && file !== CONTRACT)
      .map((file) => [file, read(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 450);
    expect(long).toEqual([]);
  });

  test('no unfinished work, no paths of a machine', () => {
    // Spelled in pieces, so that this file passes its own test.
    const words = [
      'TO' + 'DO',
      'FIX' + 'ME',
      'X' + 'XX',
      '@ts-no' + 'check',
      '\\.on' + 'ly\\(',
      '/ro' + 'ot/',
      '/ho' + 'me/\\w',
    ];
    const banned = new RegExp(words.join('|'));
    const wrong = files
      .filter((file) => /\.(ts|mjs|md|json|yml)$|^\.ci\//.test(file) && file !== 'package-lock.json')
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, index) => (banned.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      );
    expect(wrong).toEqual([]);
  });

  test('each error of a pallet is expected by a test', () => {
    const tests = sources.filter((file) => file.startsWith('tests/pallets/')).map(read);
    const all = Object.entries(ERRORS).flatMap(([pallet, names]) => names.map((name) => [pallet, name] as const));
    const unexpected = all.filter(
      // Tests of reports name their verdict.
      ([pallet, name]) =>
        !tests.some((file) => file.includes(pallet === 'Reporting' ? `'${name}'` : `'${pallet}.${name}'`)),
    );
    expect(all.length).toBeGreaterThan(0);
    expect(unexpected).toEqual([]);
  });

  test('a disabled type check gives its reason', () => {
    const wrong = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (/@ts-(ignore|expect-error)\s*$/.test(line) ? [`${file}:${index + 1}`] : [])),
    );
    expect(wrong).toEqual([]);
  });
});
