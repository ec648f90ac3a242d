// Sealing: encodes and hashes the nodes that an update made, from the leaves up.
import { blake2_256 } from '../bytes/index.js';
import { EMPTY_NODE, encodeBriefly } from './codec.js';
import type { Child, TrieHasher, TrieNode } from './node.js';
import { HASH_BYTES, toNodeHash } from './path.js';
import type { NodeHash, NodeRef } from './path.js';

/** The root of the empty trie: BLAKE2b-256 of one zero byte. */
export const EMPTY_ROOT: NodeHash = toNodeHash(blake2_256(EMPTY_NODE));

/** A trie whose root is known. */
export interface Sealed {
  /** Only a hash if the root is new, else its existing reference. */
  readonly root: NodeRef;
  /** Every node that the update made, by hash, children first. Inline nodes are in their parents. */
  readonly nodes: Map<NodeHash, TrieNode>;
}

/** The root of the trie below `root`, and its new nodes, whose children are replaced by their hashes. */
export function seal(root: Child | undefined, hash: TrieHasher = blake2_256): Sealed {
  const nodes = new Map<NodeHash, TrieNode>();
  if (root === undefined) return { root: hash === blake2_256 ? EMPTY_ROOT : toNodeHash(hash(EMPTY_NODE)), nodes };
  if (typeof root === 'string') return { root, nodes };
  return { root: store(root, sealChildren(root, nodes, hash), nodes, hash), nodes };
}

/** Seals the children of `node` and returns its encoding, which the next encoding overwrites. */
function sealChildren(node: TrieNode, nodes: Map<NodeHash, TrieNode>, hash: TrieHasher): Uint8Array {
  const children = node.children as (Child | undefined)[] | undefined;
  if (children !== undefined) {
    for (let slot = 0; slot < 16; slot++) {
      const child = children[slot];
      if (child === undefined || typeof child === 'string') continue;
      const encoded = sealChildren(child, nodes, hash);
      if (encoded.length >= HASH_BYTES) children[slot] = store(child, encoded, nodes, hash);
    }
  }
  return encodeBriefly(node);
}

function store(node: TrieNode, encoded: Uint8Array, nodes: Map<NodeHash, TrieNode>, hash: TrieHasher): NodeHash {
  const key = toNodeHash(hash(encoded));
  nodes.set(key, node);
  return key;
}
