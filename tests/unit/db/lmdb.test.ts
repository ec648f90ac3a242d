// Properties of the durable database only: one owner, a format, durability after a kill. Other processes run host/db
// too.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { open } from 'lmdb';
import { text, utf8 } from '../../../host/bytes/index.js';
import { Batch, DatabaseInUse, DatabaseRefused, FORMAT_VERSION, LmdbDatabase } from '../../../host/db/index.js';

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corejam-lmdb-'));
  path = join(folder, 'base.path'); // with a dot, which LMDB's library would take for a file
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  rmSync(folder, { recursive: true });
});

/** Runs a script with the database's code in another process. Returns the process and the lines that it prints. */
function start(body: string): { child: ChildProcess; lines: AsyncIterableIterator<string> } {
  const root = join(import.meta.dirname, '../../..');
  const script = `import { Batch, LmdbDatabase } from './host/db/index.js';\nconst path = ${JSON.stringify(path)};\n${body}`;
  const { outputFiles } = buildSync({
    stdin: { contents: script, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(outputFiles[0]!.text);
  children.push(child);
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

const nextLine = async (lines: AsyncIterableIterator<string>) => (await lines.next()).value as string;

const HOLD = `const db = new LmdbDatabase(path); console.log('open'); setInterval(() => db, 1000);`;

test('entries are there after the database is closed and opened again', async () => {
  const first = new LmdbDatabase(path);
  first.write(new Batch().put('a', utf8('x'), utf8('1')));
  await first.close();
  const second = new LmdbDatabase(path);
  expect(second.column('a').get(utf8('x'))).toEqual(utf8('1'));
  await second.close();
  expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb', 'made']);
});

test('a second process is refused with a message that has the path and the owner', async () => {
  const { child, lines } = start(HOLD);
  expect(await nextLine(lines)).toBe('open');
  const opening = () => new LmdbDatabase(path);
  expect(opening).toThrow(DatabaseInUse);
  expect(opening).toThrow(
    `the database in ${path} is in use by the process ${child.pid}; stop that process, or choose`,
  );
  expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb', 'made', 'owner']);
});

test('the same process is refused too, until it has closed the database', async () => {
  const db = new LmdbDatabase(path);
  expect(() => new LmdbDatabase(path)).toThrow(`already open in this process (${process.pid})`);
  await db.close();
  await new LmdbDatabase(path).close();
});

test('the folder of a killed process is taken over', async () => {
  const { child, lines } = start(HOLD);
  await nextLine(lines);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(path, 'owner'))).toBe(true);
  await new LmdbDatabase(path).close();
});

test('a process number that was reused does not count as the owner', async () => {
  const first = new LmdbDatabase(path);
  first.write(new Batch().put('a', utf8('x'), utf8('1')));
  await first.close();
  for (const owner of [`${process.pid} 12345 another-boot\n`, '', 'no number', '-1 x', '0 x']) {
    writeFileSync(join(path, 'owner'), owner);
    const db = new LmdbDatabase(path);
    expect(db.column('a').get(utf8('x'))).toEqual(utf8('1'));
    expect(readFileSync(join(path, 'owner'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    await db.close();
    expect(existsSync(join(path, 'owner'))).toBe(false);
  }
});

test('after a kill during a write, the database is at the last batch that was reported, or at a later one', async () => {
  const { child, lines } = start(`
    const db = new LmdbDatabase(path);
    for (let i = 1; ; i++) {
      const batch = new Batch();
      const value = new TextEncoder().encode(String(i));
      for (let key = 0; key < 200; key++) batch.put(key % 2 ? 'a' : 'b', Uint8Array.of(key), value);
      db.write(batch);
      console.log(i);
      if (i % 5 === 0) await new Promise(setImmediate);
    }`);
  let reported = 0;
  while (reported < 40) reported = Number(await nextLine(lines));
  child.kill('SIGKILL');
  await once(child, 'exit');
  for await (const line of lines) reported = Number(line);

  const db = new LmdbDatabase(path);
  const values = new Set(['a', 'b'].flatMap((name) => [...db.column(name).entries()].map(([, value]) => text(value))));
  expect(values.size).toBe(1);
  expect(Number([...values][0])).toBeGreaterThanOrEqual(reported);
  expect([...db.column('a').entries()]).toHaveLength(100);
  db.write(new Batch().put('a', Uint8Array.of(1), utf8('on')));
  await db.close();
});

test('a database of another format is refused, and the folder is released', async () => {
  const db = new LmdbDatabase(path);
  db.write(new Batch().put('#database', utf8('format'), utf8('7')));
  await db.close();
  const opening = () => new LmdbDatabase(path);
  expect(opening).toThrow(DatabaseRefused);
  expect(opening).toThrow(`the database in ${path} has format 7, and this program reads format ${FORMAT_VERSION}`);
  expect(existsSync(join(path, 'owner'))).toBe(false);
});

test('an LMDB database of another program is refused and not changed', async () => {
  const foreign = open<string, string>({ path, noSubdir: false, encoding: 'string' });
  foreign.putSync('key', 'value');
  await foreign.close();
  expect(() => new LmdbDatabase(path)).toThrow('a database of another program');
  const again = open<string, string>({ path, noSubdir: false, encoding: 'string' });
  expect(again.get('key')).toBe('value');
  expect(again.getKeysCount()).toBe(1);
  await again.close();
});

test('a file that is not a database is refused', async () => {
  await new LmdbDatabase(path).close();
  writeFileSync(join(path, 'data.mdb'), 'x'.repeat(20_000));
  expect(() => new LmdbDatabase(path)).toThrow(DatabaseRefused);
});

test("a reader in another process reads the writes of the owner, and can't write", async () => {
  const owner = new LmdbDatabase(path);
  owner.write(new Batch().put('a', utf8('x'), utf8('first')));
  const { child, lines } = start(`
    const db = new LmdbDatabase(path, { readOnly: true });
    const show = (name) => console.log(new TextDecoder().decode(db.column(name).get(new TextEncoder().encode('x'))));
    process.once('SIGUSR2', () => {
      db.refresh();
      show('a');
      show('later');
      try { db.write(new Batch().put('a', Uint8Array.of(1), Uint8Array.of(1))); } catch (error) { console.log(error.message); }
      process.exit();
    });
    setInterval(() => {}, 1000);
    show('a');`);
  expect(await nextLine(lines)).toBe('first');
  owner.write(new Batch().put('a', utf8('x'), utf8('second')).put('later', utf8('x'), utf8('third')));
  child.kill('SIGUSR2');
  expect(await nextLine(lines)).toBe('second');
  expect(await nextLine(lines)).toBe('third');
  expect(await nextLine(lines)).toBe(`the database in ${path} is open only for reading`);
  await owner.close();
});

test('reading a folder without a database is refused and does not create one', () => {
  expect(() => new LmdbDatabase(path, { readOnly: true })).toThrow(`there is no database in ${path}`);
  expect(existsSync(path)).toBe(false);
});
