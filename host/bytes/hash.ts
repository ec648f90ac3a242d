// The hash functions of a Substrate chain, all synchronous.
//
// BLAKE2b, Keccak and SHA-2 are hash-wasm's, twox is xxhash-wasm's. Their instances are made once, while this module
// loads (about 30 ms): WebAssembly is compiled asynchronously, and a runtime's host functions can't wait for it.
import { createBLAKE2b, createKeccak, createSHA256 } from 'hash-wasm';
import xxhash from 'xxhash-wasm';

type Hash = (data: Uint8Array) => Uint8Array;
type Instance = Awaited<ReturnType<typeof createBLAKE2b>>;

const [blake64, blake128, blake256, blake512, keccak_256, keccak_512, sha256, xx] = await Promise.all([
  createBLAKE2b(64),
  createBLAKE2b(128),
  createBLAKE2b(256),
  createBLAKE2b(512),
  createKeccak(256),
  createKeccak(512),
  createSHA256(),
  xxhash(),
]);

function whole(instance: Instance): Hash {
  return (data) => instance.init().update(data).digest('binary');
}

/** BLAKE2b with 8 bytes of output: the identifiers of runtime APIs. */
export const blake2_64: Hash = whole(blake64);
/** BLAKE2b with 16 bytes of output. */
export const blake2_128: Hash = whole(blake128);
/** BLAKE2b with 32 bytes of output: the chain's own hash. */
export const blake2_256: Hash = whole(blake256);
/** BLAKE2b with 64 bytes of output. */
export const blake2_512: Hash = whole(blake512);
/** Keccak (not SHA-3: the padding differs) with 32 bytes of output. */
export const keccak256: Hash = whole(keccak_256);
/** Keccak (not SHA-3: the padding differs) with 64 bytes of output. */
export const keccak512: Hash = whole(keccak_512);
/** SHA-2 with 32 bytes of output. */
export const sha2_256: Hash = whole(sha256);

/** xxHash64 with the seeds 0, 1, …: the results concatenated, each little-endian. */
function twox(words: number): Hash {
  return (data) => {
    const out = new Uint8Array(8 * words);
    const view = new DataView(out.buffer);
    for (let seed = 0; seed < words; seed++) view.setBigUint64(8 * seed, xx.h64Raw(data, BigInt(seed)), true);
    return out;
  };
}

/** xxHash64: 8 bytes, not cryptographic. */
export const twox64: Hash = twox(1);
/** xxHash64 with two seeds: 16 bytes, not cryptographic. */
export const twox128: Hash = twox(2);
/** xxHash64 with four seeds: 32 bytes, not cryptographic. */
export const twox256: Hash = twox(4);
