// Signs with an sr25519 key that this process holds. The caller chooses the key.
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';

await waitReady();

/** Signs with one sr25519 key. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** A signer with this key pair: a public key of 32 bytes and schnorrkel's secret key of 64 bytes. */
export function sr25519Signer({ publicKey, secretKey }: { publicKey: Uint8Array; secretKey: Uint8Array }): Signer {
  return { publicKey, sign: (message) => sr25519Sign(publicKey, secretKey, message) };
}
