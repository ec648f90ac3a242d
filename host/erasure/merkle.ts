// The erasure root: a binary Merkle tree over the shards of a package, in validator order.
//
// Spec: RFC-0031 § Refine (`ErasureRoot`), D20. All hashes are BLAKE2b-256.
//
//     leaf i = H(0x00 ‖ H(shard i))      node = H(0x01 ‖ left ‖ right)      a node without a sibling moves up unchanged
//
// A path lists the siblings from the leaf upwards; a level at which the node has no sibling adds nothing to it.
// Verification therefore needs the number of shards, which binds a shard to its index.
import { blake2_256, concat, equal } from '../bytes/index.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root over `shards`, and the path of each. There must be at least one shard. */
export function merkleTree(shards: readonly Uint8Array[]): { root: Uint8Array; paths: Uint8Array[][] } {
  if (shards.length === 0) throw new RangeError('a Merkle tree needs at least one leaf');
  const paths: Uint8Array[][] = shards.map(() => []);
  let level = shards.map(leafOf);
  for (let depth = 0; level.length > 1; depth++) {
    for (const [i, path] of paths.entries()) {
      const sibling = level[(i >> depth) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    }
    level = parentsOf(level);
  }
  return { root: level[0]!, paths };
}

/** Whether `shard` has the index `index` among the `count` shards under `root`. */
export function verify(
  shard: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= count) return false;
  let node = leafOf(shard);
  let used = 0;
  for (let width = count, at = index; width > 1; width = Math.ceil(width / 2), at >>= 1) {
    if ((at ^ 1) >= width) continue;
    const sibling = path[used++];
    if (sibling?.length !== 32) return false;
    node = at % 2 === 0 ? nodeOf(node, sibling) : nodeOf(sibling, node);
  }
  return used === path.length && equal(node, root);
}

function leafOf(shard: Uint8Array): Uint8Array {
  return blake2_256(concat(LEAF, blake2_256(shard)));
}

function nodeOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return blake2_256(concat(NODE, left, right));
}

function parentsOf(level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i]!, level[i + 1]];
    parents.push(right === undefined ? left : nodeOf(left, right));
  }
  return parents;
}
