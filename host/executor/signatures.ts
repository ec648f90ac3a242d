// Verification of signatures, and a cache of valid ones.
//
// sr25519 and ECDSA run in WebAssembly (wasm-crypto.ts), Ed25519 in Node's OpenSSL as far as it goes (ed25519.ts): for each
// the fastest implementation on Node by others.
import { blake2_256, concat } from '../bytes/index.js';
import { verifyEd25519 } from './ed25519.js';
import { verifyDigest, verifyMessage } from './secp256k1.js';
import { sr25519Verify } from './wasm-crypto.js';

/** `ecdsa` signs the BLAKE2b-256 hash of the message; `ecdsa-prehashed` signs the message itself, 32 bytes. */
export type SignatureScheme = 'sr25519' | 'ed25519' | 'ecdsa' | 'ecdsa-prehashed';

interface Lengths {
  readonly keyBytes: number;
  readonly signatureBytes: number;
}

interface Scheme extends Lengths {
  readonly tag: number;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

const SCHEMES: Record<SignatureScheme, Scheme> = {
  sr25519: {
    tag: 0,
    keyBytes: 32,
    signatureBytes: 64,
    verify: sr25519Verify,
  },
  ed25519: { tag: 1, keyBytes: 32, signatureBytes: 64, verify: verifyEd25519 },
  ecdsa: { tag: 2, keyBytes: 33, signatureBytes: 65, verify: verifyMessage },
  'ecdsa-prehashed': { tag: 3, keyBytes: 33, signatureBytes: 65, verify: verifyDigest },
};

/** The lengths of the keys and signatures of a scheme. */
export function lengthsOf(scheme: SignatureScheme): Lengths {
  return SCHEMES[scheme];
}

/** Whether `publicKey` signed `message`; false for a key or signature of a wrong length. */
export function verifySignature(
  scheme: SignatureScheme,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return hasLengths(scheme, publicKey, signature) && SCHEMES[scheme].verify(publicKey, message, signature);
}

function hasLengths(scheme: SignatureScheme, publicKey: Uint8Array, signature: Uint8Array): boolean {
  const { keyBytes, signatureBytes } = SCHEMES[scheme];
  return publicKey.length === keyBytes && signature.length === signatureBytes;
}

/** Statistics of a SignatureCache. */
export interface SignatureCacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly size: number;
}

/**
 * Caches valid signatures, so that the pool, the author and the import of a transaction share one verification.
 *
 * Failures are not cached: anyone can make any number of them, and each would displace a success. The newest entry
 * replaces the oldest. An entry is the hash of scheme, key, signature and message; all but the message have a fixed
 * length.
 */
export class SignatureCache {
  readonly #good = new Set<string>();
  #hits = 0;
  #misses = 0;

  /** `max`: the maximum number of entries; with 0, every signature is verified. */
  constructor(readonly max = 16_384) {}

  /** As `verifySignature`, from the cache if possible. */
  verify(scheme: SignatureScheme, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    // Checked first, because an entry is unambiguous only if its parts have their fixed lengths.
    if (!hasLengths(scheme, publicKey, signature)) return false;
    if (this.max === 0) {
      this.#misses++;
      return verifySignature(scheme, publicKey, message, signature);
    }
    const hash = blake2_256(concat(Uint8Array.of(SCHEMES[scheme].tag), publicKey, signature, message));
    const entry = Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('latin1');
    if (this.#good.has(entry)) {
      this.#hits++;
      return true;
    }
    this.#misses++;
    if (!verifySignature(scheme, publicKey, message, signature)) return false;
    if (this.#good.size >= this.max) {
      for (const oldest of this.#good) {
        this.#good.delete(oldest);
        break;
      }
    }
    this.#good.add(entry);
    return true;
  }

  get stats(): SignatureCacheStats {
    return { hits: this.#hits, misses: this.#misses, size: this.#good.size };
  }
}
