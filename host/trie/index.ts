// The Substrate trie: base 16, BLAKE2b-256, state versions 0 and 1 (Polkadot specification § State storage).
//
// All functions work on immutable nodes from a NodeSource; host/state implements the one that is stored.
export { decodeNode, encodeNode, InvalidNode } from './codec.js';
export { verifyCompactProof } from './compact-proof.js';
export { LEVELS_MAX, MissingNode, NOTHING, TrieTooDeep, valueLengthOf, valueOf } from './node.js';
export type { Child, NodeSource, StateVersion, TrieHasher, TrieNode } from './node.js';
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
