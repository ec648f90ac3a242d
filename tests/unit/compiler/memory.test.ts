// The arena that replaces asc's runtime: blocks don't overlap, marks free memory, repeated calls need no more memory.
import { beforeAll, expect, test } from '@jest/globals';
import { seedOf } from '../../random.js';
import { fixtureBlob, hex, ScaleRandom } from './fixture.js';
import { Blob } from './host.js';

const random = new ScaleRandom(seedOf('memory'));
let blob: Blob;
beforeAll(async () => {
  blob = new Blob(await fixtureBlob());
});

const words = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

test('blocks of any size keep their contents', () => {
  for (let round = 0; round < 8; round++) {
    expect(hex(blob.call('Memory_fill', words(1 + random.below(60), 4 * random.below(20_000))))).toBe('0x00000000');
  }
});

test('small calls use only the static 64 KiB', () => {
  blob.call('Memory_fill', words(100, 400));
  // Only the arguments.
  expect(blob.allocated).toBeLessThan(32);
});

test('chunks double, so allocations are rare: 3 MB in 64 KiB + 128 KiB + … + 2 MiB', () => {
  blob.call('Memory_fill', words(300, 10_000));
  expect(blob.allocated).toBeLessThan(2 ** 22 + 2 ** 18);
});

test('a block above the largest chunk gets its own chunk', () => {
  expect(hex(blob.call('Memory_fill', words(2, 6_000_000)))).toBe('0x00000000');
});

test.each([
  [1000, 10, 100],
  [100, 3, 50_000],
  [3, 8, 300_000],
  [2, 2, 5_000_000],
])('memory is given back: %i times %i blocks of %i bytes take what one time takes', (rounds, count, size) => {
  expect(hex(blob.call('Memory_again', words(1, count, size)))).toBe('0x0000000001');
  const once = blob.allocated;
  expect(hex(blob.call('Memory_again', words(rounds, count, size)))).toBe('0x0000000001');
  expect(blob.allocated).toBe(once);
});

test('marks nest', () => {
  expect(hex(blob.call('Memory_nest', words(100)))).toBe('0x00000000');
});

test('an array grows by one element at a time without waste', () => {
  expect(hex(blob.call('Memory_grow', words(200_000)))).toBe(hex(words(200_000)));
  expect(blob.allocated).toBeLessThan(2 ** 21);
});

test('100,000 calls of a guest use no more memory than one', () => {
  const instance = blob.instantiate({ reuse: true });
  const args = Uint8Array.from([0x10, 1, 2, 3, 4]);
  instance.call('ext_test_echo', args);
  const before = instance.allocated();
  for (let round = 0; round < 100_000; round++) instance.call('ext_test_echo', args);
  expect(instance.allocated()).toBe(before);
  expect(hex(instance.call('ext_test_echo', args))).toBe('0x011001020304');
});

test('a call behind a closed gate returns nothing without running, and the next one is not refused', () => {
  const instance = blob.instantiate({ reuse: true });
  expect(hex(instance.call('ext_test_refused', Uint8Array.from([0x04, 1])))).toBe('0x');
  expect(hex(instance.call('ext_test_echo', Uint8Array.from([0x04, 1])))).toBe('0x010401');
});
