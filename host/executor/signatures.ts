/**
 * Verifying signatures, and a cache of those that were good.
 *
 * sr25519 and ECDSA run in `@polkadot/wasm-crypto`, Ed25519 in Node's OpenSSL: the fastest each that Node has.
 *
 * Ed25519 has corner cases that implementations answer differently (non-canonical points, small-order keys). Here
 * OpenSSL's answer counts; Substrate's own library is more permissive there. No honest signer produces such signatures.
 */
import { createPublicKey, verify as verifyByNode } from 'node:crypto';
import { sr25519Verify, waitReady } from '@polkadot/wasm-crypto';
import { blake2_256, concat } from '../bytes/index.js';
import { verifyDigest, verifyMessage } from './secp256k1.js';

await waitReady();

/** `ecdsa` signs the BLAKE2b-256 hash of the message, `ecdsa-prehashed` the 32 bytes given as the message. */
export type SignatureScheme = 'sr25519' | 'ed25519' | 'ecdsa' | 'ecdsa-prehashed';

interface Lengths {
  readonly keyBytes: number;
  readonly signatureBytes: number;
}

interface Scheme extends Lengths {
  readonly tag: number;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** How Ed25519 public keys are told to Node: this and then the 32 bytes (RFC 8410). */
const ED25519_SPKI = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);

function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(concat(ED25519_SPKI, publicKey)), format: 'der', type: 'spki' });
  return verifyByNode(null, message, key, signature);
}

const SCHEMES: Record<SignatureScheme, Scheme> = {
  sr25519: {
    tag: 0,
    keyBytes: 32,
    signatureBytes: 64,
    verify: (key, message, signature) => sr25519Verify(signature, message, key),
  },
  ed25519: { tag: 1, keyBytes: 32, signatureBytes: 64, verify: verifyEd25519 },
  ecdsa: { tag: 2, keyBytes: 33, signatureBytes: 65, verify: verifyMessage },
  'ecdsa-prehashed': { tag: 3, keyBytes: 33, signatureBytes: 65, verify: verifyDigest },
};

/** The lengths of the keys and signatures of a scheme. */
export function lengthsOf(scheme: SignatureScheme): Lengths {
  return SCHEMES[scheme];
}

/** Whether `publicKey` signed `message`. A key or signature of the wrong length is simply not good. */
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

/** How often a SignatureCache was asked, and how full it is. */
export interface SignatureCacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly size: number;
}

/**
 * Remembers good signatures, so that one check serves the pool, the author and the import of a transaction.
 *
 * Failures are not remembered: anybody can make them without end, and each would push out a success. The oldest entry
 * makes room for the newest. An entry is the hash of scheme, key, signature and message, all but the last of fixed length.
 */
export class SignatureCache {
  readonly #good = new Set<string>();
  #hits = 0;
  #misses = 0;

  /** `max`: how many signatures to remember; 0 remembers none, so that every check is done. */
  constructor(readonly max = 16_384) {}

  /** As `verifySignature`, from memory where possible. */
  verify(scheme: SignatureScheme, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    // First of all, because an entry names its parts by their fixed lengths.
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
