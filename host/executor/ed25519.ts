// Ed25519 as ZIP-215 has it, which polkadot-sdk (ed25519-zebra) and smoldot verify with. For the key A, the signature
// (R, s) and k = SHA-512(R ++ A ++ message), all as bytes:
//
//   - A and R may be any encoding of a point of the curve: of small order, with a y of p or more, or "-0"
//   - s must be below the order L of the group
//   - [8][s]B = [8]R + [8][k]A must hold, with the cofactor 8
//
// OpenSSL demands more: R must be canonical, and the equation hold without the cofactor. So what it accepts is valid,
// and that is every signature of an honest signer, but what it refuses is checked again, in JavaScript, which takes
// 1.2 ms instead of 0.15 ms. The prices of guests and the weight of extrinsics are those of the slow way. (A module of
// WebAssembly for the whole equation takes 0.1 ms for every signature. But it would be cryptography of our own.)
import { ed25519 } from '@noble/curves/ed25519.js';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { concat } from '../bytes/index.js';

const { Point } = ed25519;
const POINT_BYTES = 32;

/** The DER prefix of an Ed25519 public key, which Node requires before the 32 bytes (RFC 8410). */
const SPKI_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);

/** Whether `publicKey` (32 bytes) signed `message` with `signature` (64 bytes). */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(concat(SPKI_PREFIX, publicKey)), format: 'der', type: 'spki' });
  return verify(null, message, key, signature) || verifyZip215(publicKey, message, signature);
}

function verifyZip215(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const s = littleEndian(signature.subarray(POINT_BYTES));
  if (s >= Point.Fn.ORDER) return false;
  const a = pointOf(publicKey);
  const r = pointOf(signature.subarray(0, POINT_BYTES));
  if (a === undefined || r === undefined) return false;
  const hash = createHash('sha512').update(signature.subarray(0, POINT_BYTES)).update(publicKey).update(message);
  const k = littleEndian(hash.digest()) % Point.Fn.ORDER;
  const difference = Point.BASE.multiplyUnsafe(s).subtract(r).subtract(a.multiplyUnsafe(k));
  return difference.clearCofactor().is0();
}

/** The point that these 32 bytes encode in any way; undefined if no point has this y, the only error that is left. */
function pointOf(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
