// The nodes of a trie, in memory.
//
// Nodes are immutable once they are sealed (seal.ts): a change makes new nodes along its path and shares the rest. A
// child is a reference, loaded on access, or an inline node if its encoding is shorter than a hash.
import { Failure, toHex } from '../bytes/index.js';
import { hashOf } from './path.js';
import type { NodeHash, NodeRef, Path } from './path.js';

/** The hash function of a trie. That of the state is BLAKE2b-256; runtimes also compute roots with Keccak-256. */
export type TrieHasher = (data: Uint8Array) => Uint8Array;

/** How values are stored: 0, always in the node; 1, by their hash if they are longer than 32 bytes. */
export type StateVersion = 0 | 1;

/** The value itself, or a reference to a value that is stored apart from its node. */
export type NodeValue = Uint8Array | NodeRef;

/** An inline node, or a reference to a stored one. */
export type Child = TrieNode | NodeRef;

/** Values longer than this are hashed in version 1. */
export const INLINE_VALUE_MAX_BYTES = 32;

/** A leaf (no children) or a branch (sixteen slots, at least one child). */
export interface TrieNode {
  /** The nibbles of the key that follow the parent's slot. */
  readonly partial: Path;
  readonly value: NodeValue | undefined;
  readonly children: readonly (Child | undefined)[] | undefined;
}

/**
 * Where nodes and hashed values come from. `node` and `value` throw MissingNode for one that the source does not have.
 */
export interface NodeSource {
  /** The reference to the root with this hash, if the source has that trie. */
  root(hash: NodeHash): NodeRef | undefined;
  node(ref: NodeRef): TrieNode;
  value(ref: NodeRef): Uint8Array;
  /** The length of a value in bytes, at a cost that does not grow with it. Throws MissingNode as `value` does. */
  valueLength(ref: NodeRef): number;
}

/**
 * The trie refers to a node or value that its source does not have: the proof is incomplete, or the database damaged.
 */
export class MissingNode extends Failure {
  constructor(readonly ref: NodeRef) {
    super(`the database is damaged, or a proof is incomplete: the trie node ${toHex(hashOf(ref))} is missing`);
  }
}

/**
 * The maximum number of nodes from the root, included, to a value that can be changed. All nodes of a network share
 * this bound; without it, the bound would be the machine's stack, which ends earlier before V8 has optimized the
 * recursion.
 */
export const LEVELS_MAX = 1_024;

/** A change would make the trie deeper than `LEVELS_MAX`. */
export class TrieTooDeep extends Failure {
  constructor() {
    super(`a trie of more than ${LEVELS_MAX} levels`);
  }
}

/** The source of the empty trie, which has no nodes. */
export const NOTHING: NodeSource = {
  root: () => undefined,
  node(ref) {
    throw new MissingNode(ref);
  },
  value(ref) {
    throw new MissingNode(ref);
  },
  valueLength(ref) {
    throw new MissingNode(ref);
  },
};

/** The node of `child`, loaded if it is a reference. */
export function load(source: NodeSource, child: Child): TrieNode {
  return typeof child === 'string' ? source.node(child) : child;
}

/** The value of `node`, loaded if it is a reference. */
export function valueOf(source: NodeSource, node: TrieNode): Uint8Array | undefined {
  return typeof node.value === 'string' ? source.value(node.value) : node.value;
}

/** The length of the value of `node` in bytes; a value that is stored apart is not loaded for it. */
export function valueLengthOf(source: NodeSource, node: TrieNode): number | undefined {
  return typeof node.value === 'string' ? source.valueLength(node.value) : node.value?.length;
}
