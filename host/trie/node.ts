/**
 * What a trie is made of, in memory.
 *
 * Nodes are immutable once they are sealed (see seal.ts): a change makes new nodes along its path and shares the rest.
 * A child is held by reference and loaded when somebody goes there, or in place when its encoding is shorter than a hash.
 */
import { Failure, toHex } from '../bytes/index.js';
import { hashOf } from './path.js';
import type { NodeHash, NodeRef, Path } from './path.js';

/** How values are stored: 0 always in the node; 1 by their hash when they are longer than 32 bytes. */
export type StateVersion = 0 | 1;

/** The value itself, or a reference to where it is stored apart from its node. */
export type NodeValue = Uint8Array | NodeRef;

/** A node in place, or a reference to where it is stored. */
export type Child = TrieNode | NodeRef;

/** Values longer than this are hashed in version 1. */
export const INLINE_VALUE_MAX_BYTES = 32;

/** A leaf (no children) or a branch (at least one child, sixteen slots). */
export interface TrieNode {
  /** What the key goes on with, after the parent's slot. */
  readonly partial: Path;
  readonly value: NodeValue | undefined;
  readonly children: readonly (Child | undefined)[] | undefined;
}

/** Where nodes and hashed values come from. What is not there throws MissingNode. */
export interface NodeSource {
  /** The reference to the node with this hash, if it is the root of a trie that is there. */
  root(hash: NodeHash): NodeRef | undefined;
  node(ref: NodeRef): TrieNode;
  value(ref: NodeRef): Uint8Array;
}

/** The trie refers to something that its source does not have: an incomplete proof, or damaged storage. */
export class MissingNode extends Failure {
  constructor(readonly ref: NodeRef) {
    super(`the database is damaged, or a proof is incomplete: the trie node ${toHex(hashOf(ref))} is missing`);
  }
}

/**
 * The most nodes on the way to a value that can be changed, the root among them. A bound that everybody has, instead of the end
 * of the machine's stack, which is nearer before V8 has optimized what recurs.
 */
export const LEVELS_MAX = 1_024;

/** A change would reach deeper than `LEVELS_MAX`. */
export class TrieTooDeep extends Failure {
  constructor() {
    super(`a trie of more than ${LEVELS_MAX} levels`);
  }
}

/** The source of a trie that has nothing stored. */
export const NOTHING: NodeSource = {
  root: () => undefined,
  node(ref) {
    throw new MissingNode(ref);
  },
  value(ref) {
    throw new MissingNode(ref);
  },
};

/** `child` itself. */
export function load(source: NodeSource, child: Child): TrieNode {
  return typeof child === 'string' ? source.node(child) : child;
}

/** The value of `node`, wherever it is stored. */
export function valueOf(source: NodeSource, node: TrieNode): Uint8Array | undefined {
  return typeof node.value === 'string' ? source.value(node.value) : node.value;
}
