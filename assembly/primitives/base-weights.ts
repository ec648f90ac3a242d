// Weights that belong to no call, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.

/** An empty block: its start, its end, and the hooks, of which those with work to do also have weights of their own. */
export const BASE_BLOCK_PS: u64 = 104_000_000;

/** An extrinsic without its call: decoding, an sr25519 signature that is in no cache, nonce, fee, events. */
export const BASE_EXTRINSIC_PS: u64 = 308_000_000;

/** What an Ed25519 signature takes beyond one of sr25519, if its key is of mixed order. */
export const ED25519_PS: u64 = 1_150_000_000;

/** What an ECDSA signature takes beyond one of sr25519. */
export const ECDSA_PS: u64 = 0;

/** Each byte of an extrinsic: copies, the hash that is signed, the extrinsics root. What its call does comes in addition. */
export const EXTRINSIC_BYTE_PS: u64 = 22_300;

/** Reading an item of storage from disk. */
export const READ_PS: u64 = 8_800_000;

/** Writing an item of storage to disk, its part of the new state root included. */
export const WRITE_PS: u64 = 22_800_000;
