// `ext_crypto_*` that need the node's keystore. This host has none: there are no public keys, nothing can be signed,
// and the generation of a key ends the call, as in Substrate without a keystore.
import { HostCallError } from '../errors.js';
import { define, type Family, type HostFunctionDefinition } from '../host.js';

/** An empty Vec of keys. */
const noKeys = define(['i32'], 'i64', (host) => host.give(Uint8Array.of(0)));

/** Option<signature>: none. */
const noSignature = define(['i32', 'i32', 'i64'], 'i64', (host) => host.giveOptionalBytes(undefined));

const noGeneration: HostFunctionDefinition = define(['i32', 'i64'], 'i32', () => {
  throw new HostCallError('this host has no keystore to generate a key in');
});

export const keystore: Family = {
  ext_crypto_ed25519_public_keys_version_1: noKeys,
  ext_crypto_sr25519_public_keys_version_1: noKeys,
  ext_crypto_ecdsa_public_keys_version_1: noKeys,
  ext_crypto_ed25519_sign_version_1: noSignature,
  ext_crypto_sr25519_sign_version_1: noSignature,
  ext_crypto_ecdsa_sign_version_1: noSignature,
  ext_crypto_ecdsa_sign_prehashed_version_1: define(['i32', 'i32', 'i32'], 'i64', (host) =>
    host.giveOptionalBytes(undefined),
  ),
  ext_crypto_ed25519_generate_version_1: noGeneration,
  ext_crypto_sr25519_generate_version_1: noGeneration,
  ext_crypto_ecdsa_generate_version_1: noGeneration,
};
