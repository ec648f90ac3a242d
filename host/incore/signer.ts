// Signs with an sr25519 key that this process holds. The caller chooses the key.
import { sr25519Sign } from '../executor/index.js';

/** Signs with one sr25519 key. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** A signer with this key pair: a public key of 32 bytes and schnorrkel's secret key of 64 bytes. */
export function sr25519Signer(pair: { publicKey: Uint8Array; secretKey: Uint8Array }): Signer {
  return { publicKey: pair.publicKey, sign: (message) => sr25519Sign(pair, message) };
}
