// The common behaviour of both databases.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equal, utf8 } from '../../../host/bytes/index.js';
import { Batch, KEY_BYTES_MAX, LmdbDatabase, MemoryDatabase } from '../../../host/db/index.js';
import type { Column, Database } from '../../../host/db/index.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const listed = (column: Column, prefix?: Uint8Array) =>
  [...column.entries(prefix)].map(([key, value]) => [[...key], [...value]]);

describe.each<[string, (path: string) => Database]>([
  ['MemoryDatabase', () => new MemoryDatabase()],
  ['LmdbDatabase', (path) => new LmdbDatabase(path)],
])('%s', (_name, make) => {
  let path: string;
  let db: Database;

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'corejam-db-'));
    db = make(path);
  });

  afterEach(async () => {
    await db.close();
    rmSync(path, { recursive: true });
  });

  test('a column without writes is empty', () => {
    const column = db.column('headers');
    expect(column.get(utf8('key'))).toBeUndefined();
    expect(column.has(utf8('key'))).toBe(false);
    expect(listed(column)).toEqual([]);
  });

  test('an entry that a batch puts can be read, only in its own column', () => {
    db.write(new Batch().put('a', utf8('key'), utf8('1')).put('b', utf8('other'), utf8('2')));
    expect(db.column('a').get(utf8('key'))).toEqual(utf8('1'));
    expect(db.column('a').has(utf8('key'))).toBe(true);
    expect(db.column('b').get(utf8('key'))).toBeUndefined();
    expect(db.column('b').get(utf8('other'))).toEqual(utf8('2'));
  });

  test('a column opened before the first write sees it', () => {
    const column = db.column('a');
    expect(column.get(utf8('key'))).toBeUndefined();
    db.write(new Batch().put('a', utf8('key'), utf8('1')));
    expect(column.get(utf8('key'))).toEqual(utf8('1'));
  });

  test('the last write of a key in a batch counts', () => {
    const [x, y] = [utf8('x'), utf8('y')];
    db.write(new Batch().put('a', x, utf8('1')).put('a', x, utf8('2')).put('a', y, utf8('1')).remove('a', y));
    expect(db.column('a').get(utf8('x'))).toEqual(utf8('2'));
    expect(db.column('a').has(utf8('y'))).toBe(false);
  });

  test('a key is removed, and removing a missing key is no error', () => {
    db.write(new Batch().put('a', utf8('x'), utf8('1')));
    db.write(new Batch().remove('a', utf8('x')).remove('a', utf8('never')).remove('new column', utf8('never')));
    expect(db.column('a').get(utf8('x'))).toBeUndefined();
    expect(listed(db.column('a'))).toEqual([]);
  });

  test('keys and values are any bytes; values may be empty or large', () => {
    const large = new Uint8Array(3_000_000).map((_, i) => i * 31);
    const longest = new Uint8Array(KEY_BYTES_MAX).fill(0xff);
    const batch = new Batch().put('a', bytes(0), bytes()).put('a', bytes(0, 0), bytes(0));
    db.write(batch.put('a', bytes(0xff), large).put('a', longest, bytes(1)));
    expect(db.column('a').get(bytes(0))).toEqual(bytes());
    expect(db.column('a').get(bytes(0, 0))).toEqual(bytes(0));
    expect(equal(db.column('a').get(bytes(0xff))!, large)).toBe(true);
    expect(db.column('a').get(longest)).toEqual(bytes(1));
    expect(db.column('a').get(bytes(0, 0, 0))).toBeUndefined();
  });

  test('keys that are empty or too long are refused and leave the batch unchanged', () => {
    const batch = new Batch();
    expect(() => batch.put('a', bytes(), bytes(1))).toThrow(RangeError);
    expect(() => batch.put('a', new Uint8Array(KEY_BYTES_MAX + 1), bytes(1))).toThrow(RangeError);
    expect(() => batch.remove('a', bytes())).toThrow(RangeError);
    expect(batch.writes).toEqual([]);
  });

  test('entries are in key order, all or those with a prefix', () => {
    const batch = new Batch();
    const keys = [[1], [0xff, 0xff, 1], [0], [1, 0xff], [1, 0], [0xff, 0xff], [2], [0xff]];
    for (const key of keys) batch.put('a', bytes(...key), bytes(...key));
    db.write(batch);
    const same = (...list: number[][]) => list.map((key) => [key, key]);
    expect(listed(db.column('a'))).toEqual(
      same([0], [1], [1, 0], [1, 0xff], [2], [0xff], [0xff, 0xff], [0xff, 0xff, 1]),
    );
    expect(listed(db.column('a'), bytes(1))).toEqual(same([1], [1, 0], [1, 0xff]));
    expect(listed(db.column('a'), bytes(1, 0xff))).toEqual(same([1, 0xff]));
    expect(listed(db.column('a'), bytes(0xff))).toEqual(same([0xff], [0xff, 0xff], [0xff, 0xff, 1]));
    expect(listed(db.column('a'), bytes(3))).toEqual([]);
  });

  test('an iteration may stop early, and reads may interrupt it', () => {
    const batch = new Batch();
    for (let i = 0; i < 50; i++) batch.put('a', bytes(i), bytes(i));
    db.write(batch);
    const seen: number[] = [];
    for (const [key] of db.column('a').entries()) {
      seen.push(db.column('a').get(bytes(key[0]! + 1))?.[0] ?? -1);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    db.write(new Batch().put('a', bytes(200), bytes(1)));
    expect(listed(db.column('a'))).toHaveLength(51);
  });

  test('a value that was read does not change when the key is written again, and is not a Buffer', () => {
    db.write(new Batch().put('a', utf8('x'), utf8('old')));
    const read = db.column('a').get(utf8('x'))!;
    const iterated = [...db.column('a').entries()][0]![1];
    db.write(new Batch().put('a', utf8('x'), utf8('new')));
    db.column('a').get(utf8('x'));
    expect([read, iterated]).toEqual([utf8('old'), utf8('old')]);
    expect(Buffer.isBuffer(read) || Buffer.isBuffer(iterated)).toBe(false);
  });

  test('a value can be read without a copy', () => {
    db.write(new Batch().put('a', utf8('x'), bytes(1, 2, 3)));
    expect(db.column('a').with(utf8('x'), (value) => [value.length, ...value])).toEqual([3, 1, 2, 3]);
    expect(db.column('a').with(utf8('y'), (value) => value.length)).toBeUndefined();
  });

  test('written keys and values are copied', () => {
    const value = bytes(1);
    db.write(new Batch().put('a', utf8('x'), value));
    value[0] = 2;
    expect(db.column('a').get(utf8('x'))).toEqual(bytes(1));
  });

  test('a batch that fails in the middle writes nothing', () => {
    db.write(new Batch().put('a', utf8('x'), utf8('1')));
    const failing = new Batch().put('a', utf8('x'), utf8('2')).put('a', utf8('y'), utf8('2'));
    const broken = {
      get length() {
        throw new Error('broken value');
      },
    };
    Object.assign(failing, { writes: [...failing.writes, ['a', utf8('z'), broken]] });
    expect(() => db.write(failing)).toThrow();
    expect(db.column('a').get(utf8('x'))).toEqual(utf8('1'));
    expect(db.column('a').has(utf8('y'))).toBe(false);
  });

  test("a closed database can't be written", async () => {
    await db.close();
    expect(() => db.write(new Batch().put('a', utf8('x'), utf8('1')))).toThrow();
    db = make(join(path, 'another'));
  });
});
