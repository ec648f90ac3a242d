/**
 * Every state of a chain, in one database: nodes and hashed values under their own hashes.
 *
 * States share what they have in common, and no node is ever changed, so that a view of an old block costs nothing to
 * open and stays valid. Nothing is pruned. Decoded nodes and values are cached, within a bound.
 */
import { toHex } from '../bytes/index.js';
import { Batch } from '../db/index.js';
import type { Column, Database } from '../db/index.js';
import { decodeNode, EMPTY_ROOT, fromNodeHash, InvalidNode, MissingNode, toNodeHash } from '../trie/index.js';
import type { NodeHash, NodeSource, StateVersion, TrieNode } from '../trie/index.js';
import { BoundedCache } from './cache.js';
import type { Overlay } from './overlay.js';
import { TrieView } from './view.js';
import type { StateView } from './view.js';

/** The column of the database that holds nodes and values. */
export const STATE_COLUMN = 'nodes';

const CACHE_BYTES_DEFAULT = 64 << 20;

/** A state was asked for whose root is not stored. */
export class UnknownState extends Error {
  override readonly name = 'UnknownState';

  constructor(readonly root: Uint8Array) {
    super(`the state with the root ${toHex(root)} is not stored here`);
  }
}

export class StateStore {
  /** The state without any entries. */
  readonly empty: StateView;
  readonly #db: Database;
  readonly #source: StoredNodes;

  /** Keeps decoded nodes and values of up to `cacheBytes` in memory. */
  constructor(db: Database, { cacheBytes = CACHE_BYTES_DEFAULT } = {}) {
    this.#db = db;
    this.#source = new StoredNodes(db.column(STATE_COLUMN), cacheBytes);
    this.empty = new TrieView(this.#source, EMPTY_ROOT);
  }

  /** Whether the state with this root is stored. */
  has(root: Uint8Array): boolean {
    return this.#source.has(toNodeHash(root));
  }

  /** The state with this root. Throws UnknownState. */
  at(root: Uint8Array): StateView {
    const hash = toNodeHash(root);
    if (!this.#source.has(hash)) throw new UnknownState(root);
    return new TrieView(this.#source, hash);
  }

  /**
   * Stores the overlay's state. With `batch` the writes are added to it, for the caller to write with others in one
   * transaction; until that is done, views of the new root must not be relied on.
   */
  commit(overlay: Overlay, version: StateVersion, batch?: Batch): { root: Uint8Array } {
    if (overlay.depth > 0) throw new Error(`an overlay with ${overlay.depth} open transactions can't be stored`);
    const writes = batch ?? new Batch();
    const { root, nodes, values } = overlay.seal(version);
    for (const [hash, { encoded }] of nodes) writes.put(STATE_COLUMN, fromNodeHash(hash), encoded);
    for (const [hash, value] of values) writes.put(STATE_COLUMN, fromNodeHash(hash), value);
    if (batch === undefined) this.#db.write(writes);
    for (const [hash, { node }] of nodes) this.#source.nodes.set(hash, node);
    for (const [hash, value] of values) this.#source.values.set(hash, value);
    return { root: fromNodeHash(root) };
  }

  /** How much the caches hold, by their own estimate. */
  get cachedBytes(): number {
    return this.#source.nodes.bytes + this.#source.values.bytes;
  }
}

/** The stored nodes behind their caches. */
class StoredNodes implements NodeSource {
  readonly nodes: BoundedCache<TrieNode>;
  readonly values: BoundedCache<Uint8Array>;
  readonly #column: Column;

  constructor(column: Column, cacheBytes: number) {
    this.#column = column;
    this.nodes = new BoundedCache(cacheBytes * 0.75, nodeBytes);
    this.values = new BoundedCache(cacheBytes * 0.25, (value) => value.length + VALUE_OVERHEAD_BYTES);
  }

  has(root: NodeHash): boolean {
    return root === EMPTY_ROOT || this.nodes.get(root) !== undefined || this.#column.has(fromNodeHash(root));
  }

  node(hash: NodeHash): TrieNode {
    const cached = this.nodes.get(hash);
    if (cached !== undefined) return cached;
    const node = decodeNode(this.#stored(hash));
    if (node === undefined) throw new InvalidNode('the empty trie is no part of another');
    this.nodes.set(hash, node);
    return node;
  }

  value(hash: NodeHash): Uint8Array {
    const cached = this.values.get(hash);
    if (cached !== undefined) return cached;
    const value = this.#stored(hash);
    this.values.set(hash, value);
    return value;
  }

  #stored(hash: NodeHash): Uint8Array {
    const bytes = this.#column.get(fromNodeHash(hash));
    if (bytes === undefined) throw new MissingNode(hash);
    return bytes;
  }
}

// What V8 spends on an entry beside its content: Map slot, key, object headers, array buffers. Measured, rounded up.
const VALUE_OVERHEAD_BYTES = 250;
const NODE_OVERHEAD_BYTES = 250;
const CHILD_HASH_BYTES = 48;
const CHILDREN_BYTES = 160;

function nodeBytes(node: TrieNode): number {
  let bytes = NODE_OVERHEAD_BYTES + node.partial.length;
  if (node.value !== undefined) bytes += typeof node.value === 'string' ? CHILD_HASH_BYTES : node.value.length + VALUE_OVERHEAD_BYTES;
  if (node.children === undefined) return bytes;
  for (const child of node.children) {
    if (child !== undefined) bytes += typeof child === 'string' ? CHILD_HASH_BYTES : nodeBytes(child);
  }
  return bytes + CHILDREN_BYTES;
}
