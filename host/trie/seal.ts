/**
 * Sealing: encodes and hashes what an update made, from the leaves up.
 */
import { blake2_256 } from '../bytes/index.js';
import { EMPTY_NODE, encodeNode } from './codec.js';
import type { Child, TrieNode } from './node.js';
import { toNodeHash } from './path.js';
import type { NodeHash } from './path.js';

const HASH_BYTES = 32;

/** The root of the empty trie: BLAKE2b-256 of one zero byte. */
export const EMPTY_ROOT: NodeHash = toNodeHash(blake2_256(EMPTY_NODE));

/** A node as it is stored. */
export interface SealedNode {
  readonly node: TrieNode;
  readonly encoded: Uint8Array;
}

/** A trie with its root known. */
export interface Sealed {
  readonly root: NodeHash;
  /** Every node that the update made, by hash; nodes in place are inside their parents. */
  readonly nodes: Map<NodeHash, SealedNode>;
}

/** The root of the trie below `root`, and its new nodes. Nodes are changed in place, children first. */
export function seal(root: Child | undefined): Sealed {
  const nodes = new Map<NodeHash, SealedNode>();
  if (root === undefined) return { root: EMPTY_ROOT, nodes };
  if (typeof root === 'string') return { root, nodes };
  return { root: store(root, sealChildren(root, nodes), nodes), nodes };
}

/** Makes the children of `node` hashes or sealed nodes in place, and answers its own encoding. */
function sealChildren(node: TrieNode, nodes: Map<NodeHash, SealedNode>): Uint8Array {
  const children = node.children as (Child | undefined)[] | undefined;
  if (children !== undefined) {
    for (let slot = 0; slot < 16; slot++) {
      const child = children[slot];
      if (child === undefined || typeof child === 'string') continue;
      const encoded = sealChildren(child, nodes);
      if (encoded.length >= HASH_BYTES) children[slot] = store(child, encoded, nodes);
    }
  }
  return encodeNode(node);
}

function store(node: TrieNode, encoded: Uint8Array, nodes: Map<NodeHash, SealedNode>): NodeHash {
  const hash = toNodeHash(blake2_256(encoded));
  nodes.set(hash, { node, encoded });
  return hash;
}
