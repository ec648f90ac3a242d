// Ed25519 signatures whose key and R are not in the group of the base point: valid as ZIP-215 has it, by the cofactor.
import { ed25519 } from '@noble/curves/ed25519.js';
import { createHash } from 'node:crypto';
import { concat, toHex } from '../../host/bytes/index.js';

const { Point } = ed25519;
/** A point of order 8. */
export const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');

export interface Signed {
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}

/** 32 bytes. */
export const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse());

/** Signed with the secret `a` and the nonce `r`, key and R moved by so many times a point of small order. */
export function mixedOrder(a: bigint, r: bigint, ofKey: number, ofR: number, message: Uint8Array): Signed {
  const moved = (scalar: bigint, by: number): Uint8Array =>
    Point.BASE.multiply(scalar)
      .add(TORSION.multiplyUnsafe(BigInt(by)))
      .toBytes();
  const [key, R] = [moved(a, ofKey), moved(r, ofR)];
  const hash = createHash('sha512').update(R).update(key).update(message).digest().reverse();
  const k = BigInt(toHex(hash));
  return { key, signature: concat(R, littleEndian((r + k * a) % Point.Fn.ORDER)), message };
}
