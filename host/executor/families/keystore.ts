// `ext_crypto_*` that need the node's keystore. As in polkadot-sdk while a block is executed, there is none, and each of
// these functions ends the call.
import type { IntegerType } from '../../vm/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family, type HostFunctionDefinition } from '../host.js';

function withoutKeystore(params: readonly IntegerType[], result: IntegerType): HostFunctionDefinition {
  return define(params, result, () => {
    throw new HostCallError('no keystore belongs to this call');
  });
}

const publicKeys = withoutKeystore(['i32'], 'i64');
const sign = withoutKeystore(['i32', 'i32', 'i64'], 'i64');
const generate = withoutKeystore(['i32', 'i64'], 'i32');

export const keystore: Family = {
  ext_crypto_ed25519_public_keys_version_1: publicKeys,
  ext_crypto_sr25519_public_keys_version_1: publicKeys,
  ext_crypto_ecdsa_public_keys_version_1: publicKeys,
  ext_crypto_ed25519_sign_version_1: sign,
  ext_crypto_sr25519_sign_version_1: sign,
  ext_crypto_ecdsa_sign_version_1: sign,
  ext_crypto_ecdsa_sign_prehashed_version_1: withoutKeystore(['i32', 'i32', 'i32'], 'i64'),
  ext_crypto_ed25519_generate_version_1: generate,
  ext_crypto_sr25519_generate_version_1: generate,
  ext_crypto_ecdsa_generate_version_1: generate,
};
