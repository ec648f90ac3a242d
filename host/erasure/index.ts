// Erasure coding for availability: a package as n shards, any k of which recover it, under one root.
//
// Spec: RFC-0031 § Availability, D20. Stands on bytes alone: which package, which validators and who keeps what is
// host/validators's. A shard received from anyone is verified against the reported root before it is used.
import type { Result } from '../bytes/index.js';
import { merkleTree } from './merkle.js';
import { encodeShards, recoverData } from './reed-solomon.js';

export { merkleTree, verify } from './merkle.js';
export { encodeShards, recoverData, shardLength } from './reed-solomon.js';

/** What becomes of a package: shard i and its path go to validator i; the root goes into the report. */
export interface Encoded {
  shards: Uint8Array[];
  /** 32 bytes. */
  root: Uint8Array;
  /** For each shard the siblings from its leaf upwards, 32 bytes each. */
  paths: Uint8Array[][];
}

/** k: how many of the shards of n validators recover the data, ⌊(n − 1) / 3⌋ + 1. */
export function recoveryThreshold(n: number): number {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`data can't be coded for ${n} validators`);
  return Math.floor((n - 1) / 3) + 1;
}

/** The shards of `data` for n validators, their root and paths. */
export function encode(data: Uint8Array, n: number): Encoded {
  const shards = encodeShards(data, recoveryThreshold(n), n);
  return { shards, ...merkleTree(shards) };
}

/** The `length` bytes of data from at least k verified shards by validator index, or why they can't be recovered. */
export function recover(
  shards: ReadonlyMap<number, Uint8Array>,
  n: number,
  length: number,
): Result<Uint8Array, string> {
  return recoverData(shards, recoveryThreshold(n), n, length);
}
