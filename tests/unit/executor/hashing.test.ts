// ext_hashing_*: against another library, and two published values.
import { describe, expect, test } from '@jest/globals';
import { blake2AsHex, keccakAsHex, sha256AsU8a, xxhashAsHex } from '@polkadot/util-crypto';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { emptyOverlay, run } from './fixtures.js';

const FUNCTIONS: Record<string, [bytes: number, oracle: (data: Uint8Array) => string]> = {
  ext_hashing_blake2_128_version_1: [16, (data) => blake2AsHex(data, 128)],
  ext_hashing_blake2_256_version_1: [32, (data) => blake2AsHex(data, 256)],
  ext_hashing_keccak_256_version_1: [32, (data) => keccakAsHex(data, 256)],
  ext_hashing_keccak_512_version_1: [64, (data) => keccakAsHex(data, 512)],
  ext_hashing_sha2_256_version_1: [32, (data) => toHex(sha256AsU8a(data))],
  ext_hashing_twox_64_version_1: [8, (data) => xxhashAsHex(data, 64)],
  ext_hashing_twox_128_version_1: [16, (data) => xxhashAsHex(data, 128)],
  ext_hashing_twox_256_version_1: [32, (data) => xxhashAsHex(data, 256)],
};

describe.each(Object.entries(FUNCTIONS))('%s', (name, [bytes, oracle]) => {
  test.each(['', 'abc', 'x'.repeat(1_000)])('agrees with @polkadot/util-crypto on %j', (text) => {
    expect(run(emptyOverlay(), bytes, [[name, text]])).toBe(oracle(utf8(text)));
  });
});

test('SHA-256 and Keccak-256 of the empty string are the published ones', () => {
  expect(run(emptyOverlay(), 32, [['ext_hashing_sha2_256_version_1', '']])).toBe(
    '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  expect(run(emptyOverlay(), 32, [['ext_hashing_keccak_256_version_1', '']])).toBe(
    '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  );
});
