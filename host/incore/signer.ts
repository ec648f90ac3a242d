// Signing with an sr25519 key that this process holds. Whose keys there are is for those above to say.
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import type { Signer } from './types.js';

await waitReady();

/** A signer of a pair: a public key of 32 bytes and schnorrkel's secret of 64. */
export function sr25519Signer({ publicKey, secretKey }: { publicKey: Uint8Array; secretKey: Uint8Array }): Signer {
  return { publicKey, sign: (message) => sr25519Sign(publicKey, secretKey, message) };
}
