// Hashes and signatures, computed by the host and charged per byte at the price of native code.
import { AccountId, H256, Signature64 } from '../../assembly/primitives';
import { Bytes, fixedAt } from '../../assembly/scale';
import { ext_crypto_sr25519_verify_version_2, ext_hashing_blake2_256_version_1 } from './env';
import { fat, fatAt } from './memory';

/** BLAKE2b, 32 bytes. */
export function blake2_256(data: Bytes): H256 {
  return fixedAt<H256>(<usize>ext_hashing_blake2_256_version_1(fat(data)));
}

/** BLAKE2b, 32 bytes, of `length` bytes at `address`, without a copy. */
export function blake2_256_at(address: usize, length: u32): H256 {
  return fixedAt<H256>(<usize>ext_hashing_blake2_256_version_1(fatAt(address, length)));
}

/** Whether `signature` of the 32-byte `message` is valid for `key`. */
export function sr25519Verify(signature: Signature64, message: H256, key: AccountId): bool {
  return ext_crypto_sr25519_verify_version_2(<u32>signature.address, fatAt(message.address, 32), <u32>key.address) == 1;
}
