// Hashes, computed by the host.
import { Bytes } from '../scale';
import { ext_hashing_blake2_128_version_1, ext_hashing_blake2_256_version_1 } from './env';
import { fatBytes, takeFixed } from './memory';

/** BLAKE2b, 16 bytes. */
export function blake2_128(data: Bytes): Bytes {
  return takeFixed(ext_hashing_blake2_128_version_1(fatBytes(data)), 16);
}

/** BLAKE2b, 32 bytes. */
export function blake2_256(data: Bytes): Bytes {
  return takeFixed(ext_hashing_blake2_256_version_1(fatBytes(data)), 32);
}
