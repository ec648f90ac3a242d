// Joining, comparing and decoding byte strings.
import { expect, test } from '@jest/globals';
import { compare, concat, equal, startsWith, text, tryText, utf8 } from '../../../host/bytes/index.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('concat joins in order', () => {
  expect([...concat(bytes(1), bytes(), bytes(2, 3))]).toEqual([1, 2, 3]);
  expect(concat()).toHaveLength(0);
});

test('compare is lexicographic, unsigned, and puts a prefix first', () => {
  const ordered = [
    bytes(),
    bytes(0),
    bytes(0, 0),
    bytes(0, 255),
    bytes(1),
    bytes(127),
    bytes(128),
    bytes(255),
    bytes(255, 0),
  ];
  ordered.forEach((a, i) => ordered.forEach((b, j) => expect(compare(a, b)).toBe(Math.sign(i - j))));
});

test('equal compares lengths and bytes', () => {
  expect(equal(bytes(1, 2), bytes(1, 2))).toBe(true);
  expect(equal(bytes(1, 2), bytes(1, 3))).toBe(false);
  expect(equal(bytes(1, 2), bytes(1))).toBe(false);
});

test('startsWith', () => {
  expect(startsWith(bytes(1, 2), bytes())).toBe(true);
  expect(startsWith(bytes(1, 2), bytes(1, 2))).toBe(true);
  expect(startsWith(bytes(1, 2), bytes(2))).toBe(false);
  expect(startsWith(bytes(1, 2), bytes(1, 2, 3))).toBe(false);
});

test('text round-trips as UTF-8; malformed bytes are replaced or refused', () => {
  expect([...utf8('é')]).toEqual([0xc3, 0xa9]);
  expect(text(bytes(0xc3, 0xa9))).toBe('é');
  expect(text(bytes(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  expect(text(bytes(0x61, 0xff))).toBe('a\ufffd');
  expect(tryText(bytes(0xc3, 0xa9))).toBe('é');
  expect(tryText(bytes(0x61, 0xff))).toBeUndefined();
});
