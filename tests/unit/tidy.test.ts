// Style that a machine can check: floors (who may import whom), file sizes, words that do not belong in the tree.
// The floors are those of docs/architecture.md; when a rule changes, it changes there in the same commit.
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT } from '../../compiler/build.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file) && !file.endsWith('.d.ts'));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Relative imports of `file`, as paths from the root of the repository. */
function importsOf(file: string): string[] {
  const found = read(file).matchAll(
    /(?:^|\n)(?:import|export)\s[^'"`;]*?['"](\.[^'"]+)['"]|import\(['"](\.[^'"]+)['"]\)/g,
  );
  return [...found].map(([, statik, dynamic]) => normalize(join(dirname(file), (statik ?? dynamic)!)));
}

/** What each part of the host may import, beside itself. `vm` and `erasure` stand on bytes alone. */
const HOST: Record<string, string[]> = {
  bytes: [],
  trie: ['bytes'],
  db: ['bytes', 'trie'],
  state: ['bytes', 'trie', 'db'],
  vm: ['bytes'],
  erasure: ['bytes'],
  processes: ['bytes'],
  contract: ['bytes'],
  executor: ['bytes', 'trie', 'state', 'vm', 'contract'],
  incore: ['bytes', 'db', 'state', 'vm', 'erasure', 'processes', 'contract', 'executor'],
  node: ['bytes', 'trie', 'db', 'state', 'contract', 'executor'],
  validators: ['bytes', 'db', 'erasure', 'contract', 'executor', 'incore', 'node'],
  rpc: ['bytes', 'trie', 'db', 'state', 'contract', 'executor', 'incore', 'node', 'validators'],
  explorer: ['contract'],
  cli: [
    'bytes',
    'trie',
    'db',
    'state',
    'vm',
    'erasure',
    'processes',
    'contract',
    'executor',
    'incore',
    'node',
    'validators',
    'rpc',
  ],
};

/** The runtime, lowest first: a floor may import those before it. Pallets have an order of their own. */
const ASSEMBLY = ['rt', 'scale', 'primitives', 'io', 'json', 'frame', 'pallets', 'executive', 'apis', 'runtime.ts'];
const PALLETS = [
  'system',
  'timestamp',
  'balances',
  'transaction-payment',
  'sudo',
  'validators',
  'coretime',
  'storage',
  'authorizations',
  'work-classes',
  'reporting',
  'availability',
  'accumulation',
  'ump',
  'parachains',
  'rewards',
  'disputes',
];

/** `io` stands below `scale`'s users but needs its byte views, and `json` needs nothing of `frame`. */
function upward(file: string, target: string): string | undefined {
  const [top, part, pallet] = file.split('/');
  const [targetTop, targetPart, targetPallet] = target.split('/');
  if (top === 'host' && file.split('/').length > 2) {
    if (targetTop !== 'host') return 'the host reads built Wasm, never the sources of another part';
    if (part === targetPart) return undefined;
    return HOST[part!]?.includes(targetPart!) ? undefined : `host/${part} may not import host/${targetPart}`;
  }
  if (top === 'compiler') {
    // An import in the text of a module that the compiler writes leads nowhere from the compiler's own folder.
    return targetTop === 'compiler' || !existsSync(join(root, targetTop!))
      ? undefined
      : 'the compiler imports neither host nor assembly';
  }
  if (top === 'guests') {
    return targetTop === 'guests' || (targetTop === 'assembly' && ['rt', 'scale', 'primitives'].includes(targetPart!))
      ? undefined
      : 'a guest may import its SDK and assembly/{rt,scale,primitives}';
  }
  if (top === 'assembly') {
    if (targetTop !== 'assembly') return 'the runtime imports only assembly/';
    const [from, to] = [ASSEMBLY.indexOf(part!), ASSEMBLY.indexOf(targetPart!.replace(/^runtime$/, 'runtime.ts'))];
    if (to > from) return `assembly/${part} may not import assembly/${targetPart}`;
    if (part === 'pallets' && targetPart === 'pallets' && pallet !== targetPallet) {
      if (PALLETS.indexOf(targetPallet!) > PALLETS.indexOf(pallet!))
        return `pallet ${pallet} may not import ${targetPallet}`;
      const inner = target.split('/').slice(3).join('/').replace(/\.ts$/, '');
      if (inner !== '' && inner !== 'index') return `pallet ${targetPallet} is imported through its index.ts only`;
    }
  }
  return undefined;
}

describe('tidy', () => {
  test('imports only go down', () => {
    const wrong = sources
      .filter((file) => /^(host|assembly|compiler|guests)\//.test(file))
      .flatMap((file) => importsOf(file).map((target) => [file, target, upward(file, target)] as const))
      .filter(([, , reason]) => reason !== undefined)
      .map(([file, target, reason]) => `${file} -> ${target}: ${reason}`);
    expect(wrong).toEqual([]);
  });

  test('time and randomness come from host/node alone', () => {
    const clocks = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|randomBytes|getRandomValues)\b/;
    const allowed = /^host\/(node|cli)\//;
    const wrong = sources.filter((file) => file.startsWith('host/') && !allowed.test(file) && clocks.test(read(file)));
    expect(wrong).toEqual([]);
  });

  test('a file says what it is before it says anything else', () => {
    const wrong = sources
      .filter((file) => /^(host|assembly|compiler|guests|scripts)\//.test(file))
      .filter((file) => !/^(#![^\n]*\n)?\s*(\/\/|\/\*)/.test(read(file)));
    expect(wrong).toEqual([]);
  });

  test('a file can be read in one sitting', () => {
    // Tables of cases may be longer, and what the compiler writes is not read.
    const long = sources
      .filter((file) => !/^(tests|bench)\//.test(file) && file !== CONTRACT)
      .map((file) => [file, read(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 450);
    expect(long).toEqual([]);
  });

  test('nothing unfinished is left behind, and nothing of a machine', () => {
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

  test('a type-check that is switched off gives its reason', () => {
    const wrong = sources.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (/@ts-(ignore|expect-error)\s*$/.test(line) ? [`${file}:${index + 1}`] : [])),
    );
    expect(wrong).toEqual([]);
  });
});
