// All states of a chain, in one database.
//
// States share their common nodes, and a stored node never changes, so a view of an old state costs nothing to open and
// stays valid. Nothing is pruned. Decoded nodes and values are cached, up to a bound.
import { Failure, toHex } from '../bytes/index.js';
import { Batch } from '../db/index.js';
import type { Database } from '../db/index.js';
import { EMPTY_ROOT, hashOf, toNodeHash } from '../trie/index.js';
import type { StateVersion } from '../trie/index.js';
import { StoredNodes } from './nodes.js';
import type { Overlay } from './overlay.js';
import { TrieView } from './view.js';
import type { StateView } from './view.js';

const CACHE_BYTES_DEFAULT = 64 << 20;

/** There is no stored state with the requested root. */
export class UnknownState extends Failure {
  constructor(readonly root: Uint8Array) {
    super(`the state with the root ${toHex(root)} is not stored here`);
  }
}

export class StateStore {
  /** The state without any entries. */
  readonly empty: StateView;
  readonly #db: Database;
  readonly #source: StoredNodes;

  /** Caches up to `cacheBytes` of decoded nodes and values. */
  constructor(db: Database, { cacheBytes = CACHE_BYTES_DEFAULT } = {}) {
    this.#db = db;
    this.#source = new StoredNodes(db, cacheBytes);
    this.empty = new TrieView(this.#source, EMPTY_ROOT);
  }

  /** Whether the state with this root is stored. */
  has(root: Uint8Array): boolean {
    const hash = toNodeHash(root);
    return hash === EMPTY_ROOT || this.#source.root(hash) !== undefined;
  }

  /** The state with this root. Throws UnknownState. */
  at(root: Uint8Array): StateView {
    const hash = toNodeHash(root);
    if (hash === EMPTY_ROOT) return this.empty;
    const ref = this.#source.root(hash);
    if (ref === undefined) throw new UnknownState(root);
    return new TrieView(this.#source, ref);
  }

  /**
   * Stores the overlay's state. If a `batch` is given, the writes are added to it, for the caller to write in one
   * transaction with others; until then, the store does not have the new state.
   */
  commit(overlay: Overlay, version: StateVersion, batch?: Batch): { root: Uint8Array } {
    if (overlay.depth > 0) throw new Error(`an overlay with ${overlay.depth} open transactions can't be stored`);
    const state = overlay.seal(version);
    const root = hashOf(state.root);
    if (this.has(root)) return { root }; // unchanged, or stored before, when this node authored the block that it now imports
    const writes = batch ?? new Batch();
    this.#source.add(state, writes);
    if (batch === undefined) this.#db.write(writes);
    return { root };
  }

  /** The estimated size of the caches, in bytes. */
  get cachedBytes(): number {
    return this.#source.cachedBytes;
  }
}
