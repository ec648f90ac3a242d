// Erasure coding for availability: a package as n shards under one root, any k of which recover it.
//
// Spec: RFC-0031 § Availability, D20. Which package, which validators, and who stores which shard is left to
// host/validators. The caller must verify a received shard against the reported root before it uses the shard.
import type { Result } from '../bytes/index.js';
import { merkleTree } from './merkle.js';
import { encodeShards, recoverData } from './reed-solomon.js';

export { merkleTree, verify } from './merkle.js';
export { encodeShards, recoverData, shardLength } from './reed-solomon.js';

/** An encoded package: shard i and its path go to validator i, the root into the report. */
export interface Encoded {
  shards: Uint8Array[];
  /** 32 bytes. */
  root: Uint8Array;
  /** For each shard, the siblings from its leaf upwards, 32 bytes each. */
  paths: Uint8Array[][];
}

/** k, the number of shards of n validators that recover the data: ⌊(n − 1) / 3⌋ + 1. */
export function recoveryThreshold(n: number): number {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`data can't be coded for ${n} validators`);
  return Math.floor((n - 1) / 3) + 1;
}

/** The shards of `data` for n validators, their root and paths. */
export function encode(data: Uint8Array, n: number): Encoded {
  const shards = encodeShards(data, recoveryThreshold(n), n);
  return { shards, ...merkleTree(shards) };
}

/** Recovers `length` bytes of data from at least k verified shards, by validator index. The error says why it can't. */
export function recover(
  shards: ReadonlyMap<number, Uint8Array>,
  n: number,
  length: number,
): Result<Uint8Array, string> {
  return recoverData(shards, recoveryThreshold(n), n, length);
}
