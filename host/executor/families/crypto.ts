// `ext_crypto_*` that need no private key: verification, and recovery of the key from an ECDSA signature.
//
// Batches work as in Substrate today: each signature is verified at once, and `finish` returns whether all are valid.
// In Substrate, version 1 of sr25519's verify also accepts the signature format from before the audit of 2019; no
// library here supports that format, so such signatures are invalid.
import { concat } from '../../bytes/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family, type HostFunctionDefinition, type RuntimeHost } from '../host.js';
import { expand, recoverCompressed, verifyMessage } from '../secp256k1.js';
import { lengthsOf, verifySignature, type SignatureScheme } from '../signatures.js';

interface Claim {
  readonly scheme: SignatureScheme;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

function holds(host: RuntimeHost, { scheme, key, message, signature }: Claim): boolean {
  const { signatures } = host.context;
  return signatures === undefined
    ? verifySignature(scheme, key, message, signature)
    : signatures.verify(scheme, key, message, signature);
}

function verifier(scheme: SignatureScheme, batched = false): HostFunctionDefinition {
  const { signatureBytes, keyBytes } = lengthsOf(scheme);
  return define(['i32', 'i64', 'i32'], 'i32', (host, signature, message, key) => {
    const good = holds(host, {
      scheme,
      key: host.viewAt(key, keyBytes, 'key'),
      message: host.view(message, 'message'),
      signature: host.viewAt(signature, signatureBytes, 'signature'),
    });
    if (batched && host.batch !== undefined) host.batch &&= good;
    return good ? 1 : 0;
  });
}

/** Returns Result<key, EcdsaVerifyError>: 0 and the key, or 1 and the error. */
function recovery(compressed: boolean, overflowing: boolean): HostFunctionDefinition {
  return define(['i32', 'i32'], 'i64', (host, signature, digest) => {
    const key = recoverCompressed(
      host.viewAt(digest, 32, 'digest'),
      host.viewAt(signature, 65, 'signature'),
      overflowing,
    );
    if (!key.ok) return host.give(Uint8Array.of(1, key.error));
    return host.give(concat(Uint8Array.of(0), compressed ? key.value : expand(key.value)));
  });
}

export const crypto: Family = {
  ext_crypto_ed25519_verify_version_1: verifier('ed25519'),
  ext_crypto_sr25519_verify_version_1: verifier('sr25519'),
  ext_crypto_sr25519_verify_version_2: verifier('sr25519'),
  ext_crypto_ecdsa_verify_version_2: verifier('ecdsa'),

  /** Not cached: accepts r and s above the order of the group, unlike `verifySignature`. */
  ext_crypto_ecdsa_verify_version_1: define(['i32', 'i64', 'i32'], 'i32', (host, signature, message, key) => {
    const signatureBytes = host.viewAt(signature, 65, 'signature');
    return verifyMessage(host.viewAt(key, 33, 'key'), host.view(message, 'message'), signatureBytes, true) ? 1 : 0;
  }),

  ext_crypto_ecdsa_verify_prehashed_version_1: define(['i32', 'i32', 'i32'], 'i32', (host, signature, digest, key) => {
    const good = holds(host, {
      scheme: 'ecdsa-prehashed',
      key: host.viewAt(key, 33, 'key'),
      message: host.viewAt(digest, 32, 'digest'),
      signature: host.viewAt(signature, 65, 'signature'),
    });
    return good ? 1 : 0;
  }),

  ext_crypto_ed25519_batch_verify_version_1: verifier('ed25519', true),
  ext_crypto_sr25519_batch_verify_version_1: verifier('sr25519', true),
  ext_crypto_ecdsa_batch_verify_version_1: verifier('ecdsa', true),

  ext_crypto_start_batch_verify_version_1: define([], undefined, (host) => {
    if (host.batch !== undefined) throw new HostCallError('a batch is already open');
    host.batch = true;
  }),

  ext_crypto_finish_batch_verify_version_1: define([], 'i32', (host) => {
    if (host.batch === undefined) throw new HostCallError('no batch is open');
    const good = host.batch;
    host.batch = undefined;
    return good ? 1 : 0;
  }),

  ext_crypto_secp256k1_ecdsa_recover_version_1: recovery(false, true),
  ext_crypto_secp256k1_ecdsa_recover_version_2: recovery(false, false),
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_1: recovery(true, true),
  ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: recovery(true, false),
};
