// Signatures, verified by the host. Lengths are checked here: the host reads fixed sizes at the given addresses.
import { Bytes } from '../scale';
import {
  ext_crypto_ed25519_verify_version_1,
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_2,
  ext_crypto_sr25519_generate_version_1,
  ext_crypto_sr25519_verify_version_2,
} from './env';
import { fatBytes, take, takeFixed } from './memory';

// @ts-ignore: decorator of AssemblyScript
@inline
function address(bytes: Bytes): u32 {
  return <u32>changetype<usize>(bytes);
}

/** Whether `signature` (64 bytes) of `message` is valid for the ed25519 `key` (32 bytes). */
export function ed25519Verify(signature: Bytes, message: Bytes, key: Bytes): bool {
  if (signature.length != 64 || key.length != 32) return false;
  return ext_crypto_ed25519_verify_version_1(address(signature), fatBytes(message), address(key)) != 0;
}

/** Whether `signature` (64 bytes) of `message` is valid for the sr25519 `key` (32 bytes), context "substrate". */
export function sr25519Verify(signature: Bytes, message: Bytes, key: Bytes): bool {
  if (signature.length != 64 || key.length != 32) return false;
  return ext_crypto_sr25519_verify_version_2(address(signature), fatBytes(message), address(key)) != 0;
}

/** The compressed key (33 bytes) that made `signature` (65 bytes) of `digest` (32 bytes); null if none did. */
export function ecdsaRecover(signature: Bytes, digest: Bytes): Bytes | null {
  if (signature.length != 65 || digest.length != 32) return null;
  const answer = take(ext_crypto_secp256k1_ecdsa_recover_compressed_version_2(address(signature), address(digest)));
  return answer.length == 34 && answer[0] == 0 ? answer.slice<StaticArray<u8>>(1) : null;
}

/** Makes an sr25519 key in the host's keystore; `keyType` has 4 bytes, `seed` is a SCALE Option<Vec<u8>>. */
export function sr25519Generate(keyType: Bytes, seed: Bytes): Bytes {
  if (keyType.length != 4) throw new Error('io: a key type has 4 bytes');
  return takeFixed(ext_crypto_sr25519_generate_version_1(address(keyType), fatBytes(seed)), 32);
}
