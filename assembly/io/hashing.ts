// Hashes, computed by the host.
import { Bytes } from '../scale';
import {
  ext_hashing_blake2_128_version_1,
  ext_hashing_blake2_256_version_1,
  ext_hashing_keccak_256_version_1,
  ext_hashing_sha2_256_version_1,
  ext_hashing_twox_128_version_1,
  ext_hashing_twox_256_version_1,
  ext_hashing_twox_64_version_1,
} from './env';
import { fatBytes, takeFixed } from './memory';

/** BLAKE2b, 16 bytes. */
export function blake2_128(data: Bytes): Bytes {
  return takeFixed(ext_hashing_blake2_128_version_1(fatBytes(data)), 16);
}

/** BLAKE2b, 32 bytes. */
export function blake2_256(data: Bytes): Bytes {
  return takeFixed(ext_hashing_blake2_256_version_1(fatBytes(data)), 32);
}

/** XXH64 with seed 0, 8 bytes: fast, and easy to collide on purpose. */
export function twox64(data: Bytes): Bytes {
  return takeFixed(ext_hashing_twox_64_version_1(fatBytes(data)), 8);
}

/** XXH64 with seeds 0 and 1, 16 bytes. */
export function twox128(data: Bytes): Bytes {
  return takeFixed(ext_hashing_twox_128_version_1(fatBytes(data)), 16);
}

/** XXH64 with seeds 0 to 3, 32 bytes. */
export function twox256(data: Bytes): Bytes {
  return takeFixed(ext_hashing_twox_256_version_1(fatBytes(data)), 32);
}

/** Keccak (not SHA-3), 32 bytes. */
export function keccak256(data: Bytes): Bytes {
  return takeFixed(ext_hashing_keccak_256_version_1(fatBytes(data)), 32);
}

/** SHA-256, 32 bytes. */
export function sha2_256(data: Bytes): Bytes {
  return takeFixed(ext_hashing_sha2_256_version_1(fatBytes(data)), 32);
}
