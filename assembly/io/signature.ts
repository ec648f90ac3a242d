// Verifies the MultiSignature of an account (sp_runtime::MultiSignature::verify).
import {
  AccountId,
  ECDSA_PS,
  ED25519_PS,
  MultiSignature,
  MultiSignatureEcdsa,
  MultiSignatureEd25519,
  MultiSignatureSr25519,
} from '../primitives';
import { Bytes, equalBytes } from '../scale';
import { ecdsaRecover, ed25519Verify, sr25519Verify } from './crypto';
import { blake2_256 } from './hashing';

/** The weight of verifying a signature beyond one of sr25519, which the base weight of an extrinsic includes. */
export function signatureWeight(signature: MultiSignature): u64 {
  if (signature instanceof MultiSignatureEd25519) return ED25519_PS;
  return signature instanceof MultiSignatureEcdsa ? ECDSA_PS : 0;
}

/** Whether `account` made `signature` of `message`. An ECDSA account is the hash of the public key. */
export function verifySignature(signature: MultiSignature, message: Bytes, account: AccountId): bool {
  if (signature instanceof MultiSignatureSr25519) {
    return sr25519Verify((signature as MultiSignatureSr25519).value.bytes, message, account.bytes);
  }
  if (signature instanceof MultiSignatureEd25519) {
    return ed25519Verify((signature as MultiSignatureEd25519).value.bytes, message, account.bytes);
  }
  if (signature instanceof MultiSignatureEcdsa) {
    const key = ecdsaRecover((signature as MultiSignatureEcdsa).value.bytes, blake2_256(message));
    return key !== null && equalBytes(blake2_256(key), account.bytes);
  }
  throw new Error('signature: a variant without a way to verify it');
}
