// The chain's states: views of stored ones, and overlays of changes over them.
//
//   const store = new StateStore(database);
//   const overlay = new Overlay(store.at(parentRoot));   // or store.empty
//   …                                                    // a runtime executes on the overlay
//   const { root } = store.commit(overlay, 1, batch);
export { Overlay } from './overlay.js';
export { StateStore, UnknownState } from './store.js';
export { KEY_BYTES_MAX, TrieOverlay } from './trie-overlay.js';
export type { Removal, TrieReader } from './trie-overlay.js';
export { childRootKey, DEFAULT_CHILD_PREFIX, TrieView } from './view.js';
export type { StateView } from './view.js';
