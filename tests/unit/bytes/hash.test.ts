// Expected values: @polkadot/util-crypto (independent implementations), node:crypto for SHA-2, and digests that are
// part of every Substrate chain.
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { blake2AsU8a, keccakAsU8a, xxhashAsU8a } from '@polkadot/util-crypto';
import * as hash from '../../../host/bytes/index.js';
import { toHex, utf8 } from '../../../host/bytes/index.js';

const inputs = [0, 1, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 129, 135, 136, 137, 1000, 16_384, 100_001].map((length) =>
  Uint8Array.from({ length }, (_, i) => (i * 167 + length) & 0xff),
);

describe.each<[string, (data: Uint8Array) => Uint8Array, (data: Uint8Array) => Uint8Array]>([
  ['blake2_64', hash.blake2_64, (data) => blake2AsU8a(data, 64, null, true)],
  ['blake2_128', hash.blake2_128, (data) => blake2AsU8a(data, 128, null, true)],
  ['blake2_256', hash.blake2_256, (data) => blake2AsU8a(data, 256, null, true)],
  ['blake2_512', hash.blake2_512, (data) => blake2AsU8a(data, 512, null, true)],
  ['keccak256', hash.keccak256, (data) => keccakAsU8a(data, 256, true)],
  ['keccak512', hash.keccak512, (data) => keccakAsU8a(data, 512, true)],
  ['sha2_256', hash.sha2_256, (data) => createHash('sha256').update(data).digest()],
  ['twox64', hash.twox64, (data) => xxhashAsU8a(data, 64, true)],
  ['twox128', hash.twox128, (data) => xxhashAsU8a(data, 128, true)],
  ['twox256', hash.twox256, (data) => xxhashAsU8a(data, 256, true)],
])('%s', (_name, ours, theirs) => {
  test('agrees with an independent implementation at every block boundary', () => {
    for (const input of inputs) expect(toHex(ours(input))).toBe(toHex(theirs(input)));
  });

  test('returns a new array, not a view that the next call overwrites', () => {
    const first = ours(utf8('a'));
    const kept = toHex(first);
    ours(utf8('b'));
    expect(toHex(first)).toBe(kept);
    expect(first.buffer.byteLength).toBe(first.length);
  });
});

test('the prefixes of storage and the identifiers of runtime APIs are those of every chain', () => {
  expect(toHex(hash.twox128(utf8('System')))).toBe('0x26aa394eea5630e07c48ae0c9558cef7');
  expect(toHex(hash.twox128(utf8('Account')))).toBe('0xb99d880ec681799c0cf30e8886371da9');
  expect(toHex(hash.blake2_64(utf8('Core')))).toBe('0xdf6acb689907609b');
});
