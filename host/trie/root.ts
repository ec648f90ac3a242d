// Roots of tries that are not stored: of extrinsics, of messages, of genesis states.
import { blake2_256, Writer } from '../bytes/index.js';
import { NOTHING } from './node.js';
import type { StateVersion, TrieHasher } from './node.js';
import { hashOf, toPath } from './path.js';
import { seal } from './seal.js';
import { update } from './update.js';
import type { Change } from './update.js';

/** Changes in the order that `update` requires. If a path occurs twice, the last value counts. */
export function sortedChanges(entries: Iterable<readonly [Uint8Array, Uint8Array | undefined]>): Change[] {
  const byPath = new Map<string, Uint8Array | undefined>();
  for (const [key, value] of entries) byPath.set(toPath(key), value);
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The root of the trie of exactly `entries`, in any order. If a key occurs twice, the last value counts. Throws
 * TrieTooDeep.
 */
export function trieRoot(
  entries: Iterable<readonly [Uint8Array, Uint8Array]>,
  version: StateVersion,
  hash: TrieHasher = blake2_256,
): Uint8Array {
  return hashOf(seal(update(NOTHING, undefined, sortedChanges(entries), version, hash).root, hash).root);
}

/** The root of the trie in which the key of each value is the compact encoding of its index. */
export function orderedTrieRoot(
  values: readonly Uint8Array[],
  version: StateVersion,
  hash: TrieHasher = blake2_256,
): Uint8Array {
  return trieRoot(
    values.map((value, index) => [new Writer(8).compact(index).finish(), value] as const),
    version,
    hash,
  );
}
