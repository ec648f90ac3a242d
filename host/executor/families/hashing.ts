// `ext_hashing_*`: each takes bytes and returns the address of a hash, whose length is in its name.
import { blake2_128, blake2_256, keccak256, keccak512, sha2_256, twox128, twox256, twox64 } from '../../bytes/index.js';
import { define, type Family } from '../host.js';

/** The hash functions by imported name, for runtimes and guests. */
export const HASHES = {
  ext_hashing_blake2_128_version_1: blake2_128,
  ext_hashing_blake2_256_version_1: blake2_256,
  ext_hashing_keccak_256_version_1: keccak256,
  ext_hashing_keccak_512_version_1: keccak512,
  ext_hashing_sha2_256_version_1: sha2_256,
  ext_hashing_twox_64_version_1: twox64,
  ext_hashing_twox_128_version_1: twox128,
  ext_hashing_twox_256_version_1: twox256,
} satisfies Record<string, (data: Uint8Array) => Uint8Array>;

export const hashing: Family = Object.fromEntries(
  Object.entries(HASHES).map(([name, hash]) => [
    name,
    define(['i64'], 'i32', (host, data) => host.giveAt(hash(host.view(data, 'data')))),
  ]),
);
