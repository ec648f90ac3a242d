// Databases that are damaged: each is opened as it was, or refused with a sentence. The process never ends by a signal,
// so it is another process that opens them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '../../../host/bytes/index.js';
import { Batch, LmdbDatabase } from '../../../host/db/index.js';
import { Random } from '../../random.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'corejam-damage-'));
const whole = join(folder, 'whole');
const path = join(folder, 'damaged');
const data = join(path, 'data.mdb');
const PAGE = 4096;
/** The text of OPENER with all that it imports. */
let opener: string;
let entries: number;

beforeAll(async () => {
  const db = new LmdbDatabase(whole);
  const random = new Random(1);
  // Several columns, several levels, and values that take pages of their own.
  for (let batches = 0; batches < 8; batches++) {
    const batch = new Batch();
    for (let i = 0; i < 150; i++) {
      batch.put(`column${i % 3}`, random.bytes(40), random.bytes(i % 50 === 0 ? 20_000 : 90));
    }
    db.write(batch);
  }
  entries = 8 * 150;
  await db.close();
  const { outputFiles } = buildSync({
    stdin: { contents: OPENER, resolveDir: root },
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  opener = outputFiles[0]!.text;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(path, { recursive: true, force: true });
  cpSync(whole, path, { recursive: true });
});

/** Opens each folder of its arguments, reads all of it, writes to it, and prints a line. */
const OPENER = `
  import { Batch, LmdbDatabase } from './host/db/index.js';
  for (const path of process.argv.slice(2)) {
    let line;
    try {
      const db = new LmdbDatabase(path);
      let read = 0;
      for (let column = 0; column < 3; column++) for (const [, value] of db.column('column' + column).entries()) read += value.length > 0 ? 1 : 0;
      db.write(new Batch().put('column0', new Uint8Array(8), new Uint8Array(30_000)));
      await db.close();
      line = 'read ' + read;
    } catch (error) {
      line = error.constructor.name + ': ' + error.message;
    }
    console.log(line);
  }
`;

/** What another process makes of the folders. */
function opened(...paths: string[]): string[] {
  const { stdout, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-', ...paths], {
    input: opener,
    encoding: 'utf8',
    cwd: root,
  });
  expect([signal, stderr]).toEqual([null, '']);
  return stdout.trimEnd().split('\n');
}

function overwrite(at: number, bytes: Uint8Array): void {
  const file = openSync(data, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

test('a whole database is opened and read', () => {
  expect(opened(path)).toEqual([`read ${entries}`]);
});

describe('a damaged database ends the process by SIGSEGV or SIGBUS', () => {
  test('a file that is cut short at any page is refused, or has all its entries', () => {
    const pages = statSync(data).size / PAGE;
    expect(pages).toBeGreaterThan(80);
    const paths = Array.from({ length: pages }, (_, index) => {
      const copy = join(folder, `cut${index}`);
      cpSync(whole, copy, { recursive: true });
      truncateSync(join(copy, 'data.mdb'), index * PAGE + (index % 3 === 0 ? 100 : 0) + 1);
      return copy;
    });
    const lines = opened(...paths);
    for (const copy of paths) rmSync(copy, { recursive: true });
    expect(lines).toHaveLength(pages);
    const refused = lines.filter(
      (line) => line.startsWith('DatabaseRefused: the database in ') && line.includes(' is cut short: it has '),
    );
    const read = lines.filter((line) => line === `read ${entries}`);
    expect(refused.length + read.length).toBe(pages);
    expect(refused.length).toBeGreaterThan(pages / 2);
  });

  test.each([
    ['zeros in the first meta page', 0, new Uint8Array(PAGE), 'its first page is damaged'],
    ['zeros in the second meta page', PAGE, new Uint8Array(PAGE), 'a meta page is damaged'],
    ['a root beyond the end', 136, Uint8Array.of(0xff, 0xff, 0xff, 0, 0, 0, 0, 0), 'there is no page '],
    ['a root that is a meta page', 136, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), 'there is no page 1'],
    ['another depth of the main tree', 102, Uint8Array.of(9), 'the depth of the tree at page '],
    ['no magic number', 24, new Uint8Array(4), 'it is not an LMDB file, or its first page is damaged'],
    ['another format', 28, Uint8Array.of(9), 'its LMDB format is 9, not 2'],
    ['another page size', 48, Uint8Array.of(0, 3), 'a meta page is damaged'],
  ])('%s', (_what, at, bytes, reason) => {
    overwrite(at, bytes);
    // Roots and depths are of the meta page in force, which may be either.
    if (at === 136 || at === 102) overwrite(PAGE + at, bytes);
    expect(opened(path)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^DatabaseRefused: the database in ${path} is damaged: data\\.mdb can't be used, because .*${reason}.*; ` +
            'put back a copy of it, or begin a new chain in another folder$',
        ),
      ),
    ]);
  });
});

describe('a missing data.mdb silently begins a new chain', () => {
  test.each([
    ['missing', () => rmSync(data)],
    ['empty', () => truncateSync(data, 0)],
  ])('%s', (what, damage) => {
    damage();
    expect(() => new LmdbDatabase(path)).toThrow(
      `the database in ${path} is damaged: its file data.mdb is ${what}; put back a copy of it, or begin a new chain`,
    );
  });

  test('an empty file that a killed process made, before there was anything in it, is no damage', async () => {
    rmSync(path, { recursive: true });
    mkdirSync(path);
    writeFileSync(data, '');
    const db = new LmdbDatabase(path);
    db.write(new Batch().put('a', utf8('x'), utf8('1')));
    expect([...db.column('a').entries()]).toEqual([[utf8('x'), utf8('1')]]);
    await db.close();
  });
});

test.each([
  ['data.mdb', /^DatabaseRefused: .* is damaged: data\.mdb can't be used, because it is not a file; /],
  ['lock.mdb', /^DatabaseRefused: .* can't be opened: lock\.mdb is not a file; remove it$/],
  // A pipe names no process, so that it is replaced.
  ['owner', /^(DatabaseRefused: .* can't be opened: |read )/],
])('a folder or a pipe in place of %s neither hangs nor ends the process', (name, line) => {
  for (const make of [(file: string) => mkdirSync(file), (file: string) => void spawnSync('mkfifo', [file])]) {
    rmSync(join(path, name), { recursive: true, force: true });
    make(join(path, name));
    expect(opened(path)[0]).toMatch(line);
  }
});
