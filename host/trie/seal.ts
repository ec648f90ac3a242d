/**
 * Sealing: encodes and hashes what an update made, from the leaves up.
 */
import { blake2_256 } from '../bytes/index.js';
import { EMPTY_NODE, encodeBriefly } from './codec.js';
import type { Child, TrieNode } from './node.js';
import { HASH_BYTES, toNodeHash } from './path.js';
import type { NodeHash, NodeRef } from './path.js';

/** The root of the empty trie: BLAKE2b-256 of one zero byte. */
export const EMPTY_ROOT: NodeHash = toNodeHash(blake2_256(EMPTY_NODE));

/** A trie with its root known. */
export interface Sealed {
  /** A hash alone where the root is new, else the reference that it had. */
  readonly root: NodeRef;
  /** Every node that the update made, by hash, children first; nodes in place are inside their parents. */
  readonly nodes: Map<NodeHash, TrieNode>;
}

/** The root of the trie below `root`, and its new nodes. Their children are replaced by hashes in place. */
export function seal(root: Child | undefined): Sealed {
  const nodes = new Map<NodeHash, TrieNode>();
  if (root === undefined) return { root: EMPTY_ROOT, nodes };
  if (typeof root === 'string') return { root, nodes };
  return { root: store(root, sealChildren(root, nodes), nodes), nodes };
}

/** Makes the children of `node` references or sealed nodes in place, and answers its own encoding, for a moment. */
function sealChildren(node: TrieNode, nodes: Map<NodeHash, TrieNode>): Uint8Array {
  const children = node.children as (Child | undefined)[] | undefined;
  if (children !== undefined) {
    for (let slot = 0; slot < 16; slot++) {
      const child = children[slot];
      if (child === undefined || typeof child === 'string') continue;
      const encoded = sealChildren(child, nodes);
      if (encoded.length >= HASH_BYTES) children[slot] = store(child, encoded, nodes);
    }
  }
  return encodeBriefly(node);
}

function store(node: TrieNode, encoded: Uint8Array, nodes: Map<NodeHash, TrieNode>): NodeHash {
  const hash = toNodeHash(blake2_256(encoded));
  nodes.set(hash, node);
  return hash;
}
