// Signing with an sr25519 key that this process holds. Whose keys there are is for those above to say.
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';

await waitReady();

/** One key, whoever keeps it: signs with sr25519. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** A signer of a pair: a public key of 32 bytes and schnorrkel's secret of 64. */
export function sr25519Signer({ publicKey, secretKey }: { publicKey: Uint8Array; secretKey: Uint8Array }): Signer {
  return { publicKey, sign: (message) => sr25519Sign(publicKey, secretKey, message) };
}
