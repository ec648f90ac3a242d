/**
 * The Substrate trie: base 16, BLAKE2b-256, state versions 0 and 1 (Polkadot specification § State storage).
 *
 * Everything here works on immutable nodes from some source; where they are stored is left to host/state.
 */
export { decodeNode, encodeNode, InvalidNode } from './codec.js';
export { verifyCompactProof } from './compact-proof.js';
export { LEVELS_MAX, load, MissingNode, NOTHING, TrieTooDeep, valueOf } from './node.js';
export type { Child, NodeSource, StateVersion, TrieNode } from './node.js';
export { fromPath, hashOf, HASH_BYTES, toNodeHash, toPath } from './path.js';
export type { NodeHash, NodeRef, Path } from './path.js';
export { createProof, InvalidProof, ProofSource, verifyProof } from './proof.js';
export { find, walk } from './read.js';
export type { Found } from './read.js';
export { orderedTrieRoot, sortedChanges, trieRoot } from './root.js';
export { EMPTY_ROOT, seal } from './seal.js';
export type { Sealed } from './seal.js';
export { update } from './update.js';
export type { Change } from './update.js';
