// Stores and caches the nodes of all states.
//
// Nodes and hashed values are appended to numbered pages as they are written, children before parents and a value
// before its leaf. A reference to an item is its hash and its location; a second column maps the hash of each root to
// its location. If nodes were stored by their hashes instead, those of a block would be scattered over as many pages of
// the database, and each would cost a write of its own.
//
//   nodes   page number, 4 bytes big-endian  ->  items: compact length, then a node with references of 38 bytes, or a value
//   roots   hash, 32 bytes                   ->  location: page number, then the item's offset in the page, 2 bytes big-endian
//           "next"                           ->  the first unused page number
import { Reader, utf8, Writer } from '../bytes/index.js';
import type { Batch, Column, Database } from '../db/index.js';
import { decodeNode, encodeNode, HASH_BYTES, hashOf, InvalidNode, MissingNode, toNodeHash } from '../trie/index.js';
import type { Child, NodeHash, NodeRef, NodeSource, TrieNode } from '../trie/index.js';
import { BoundedCache } from './cache.js';

const NODES = 'nodes';
const ROOTS = 'roots';
const NEXT_KEY = utf8('next');
const PAGE_NUMBER_BYTES = 4;
const LOCATION_BYTES = PAGE_NUMBER_BYTES + 2;
const REF_BYTES = HASH_BYTES + LOCATION_BYTES;
/** With LMDB's header, one page of its file. A longer item has a page of its own, at offset 0. */
const PAGE_BYTES_MAX = 4064;

/** The new nodes and values of a state, which are not stored yet. */
export interface NewNodes {
  readonly nodes: ReadonlyMap<NodeHash, TrieNode>;
  readonly values: ReadonlyMap<NodeHash, Uint8Array>;
  /** The roots of its tries that are among the new nodes. */
  readonly roots: readonly NodeHash[];
}

export class StoredNodes implements NodeSource {
  readonly #nodes: BoundedCache<TrieNode>;
  readonly #values: BoundedCache<Uint8Array>;
  readonly #pages: Column;
  readonly #roots: Column;
  #nextPage: number;

  constructor(db: Database, cacheBytes: number) {
    this.#pages = db.column(NODES);
    this.#roots = db.column(ROOTS);
    this.#nodes = new BoundedCache(cacheBytes * 0.75, nodeBytes);
    this.#values = new BoundedCache(cacheBytes * 0.25, (value) => value.length + ENTRY_BYTES);
    const next = this.#roots.get(NEXT_KEY);
    this.#nextPage = next === undefined ? 0 : new DataView(next.buffer, next.byteOffset).getUint32(0);
  }

  root(hash: NodeHash): NodeRef | undefined {
    const location = this.#roots.get(hashOf(hash));
    return location && hash + toNodeHash(location);
  }

  node(ref: NodeRef): TrieNode {
    const cached = this.#nodes.get(ref);
    if (cached !== undefined) return cached;
    const node = decodeNode(this.#load(ref), REF_BYTES);
    if (node === undefined) throw new InvalidNode('the empty trie is stored in place of a node');
    this.#nodes.set(ref, node);
    return node;
  }

  value(ref: NodeRef): Uint8Array {
    const cached = this.#values.get(ref);
    if (cached !== undefined) return cached;
    const value = this.#load(ref);
    this.#values.set(ref, value);
    return value;
  }

  valueLength(ref: NodeRef): number {
    return this.#values.get(ref)?.length ?? this.#at(ref, (reader) => reader.compact());
  }

  /** Adds the writes to `batch` and the nodes to the cache. No state refers to the nodes until the batch is written. */
  add({ nodes, values, roots }: NewNodes, batch: Batch): void {
    const writer = new PageWriter(batch, this.#nextPage);
    const refs = new Map<NodeHash, NodeRef>();
    const append = (hash: NodeHash, item: Uint8Array): NodeRef => {
      const ref = toNodeHash(refOf(hash, writer.append(item)));
      refs.set(hash, ref);
      return ref;
    };
    const locate = (ref: NodeRef): NodeRef => {
      if (ref.length === REF_BYTES) return ref;
      const known = refs.get(ref);
      if (known !== undefined) return known;
      const value = values.get(ref);
      if (value === undefined) throw new MissingNode(ref);
      const stored = append(ref, value);
      this.#values.set(stored, value);
      return stored;
    };
    for (const [hash, sealed] of nodes) {
      const node = located(sealed, locate);
      this.#nodes.set(append(hash, encodeNode(node, REF_BYTES)), node);
    }
    for (const root of roots) batch.put(ROOTS, hashOf(root), locationOf(locate(root)));
    this.#nextPage = writer.finish();
    batch.put(ROOTS, NEXT_KEY, pageKey(this.#nextPage));
  }

  /** The estimated size of the caches, in bytes. */
  get cachedBytes(): number {
    return this.#nodes.bytes + this.#values.bytes;
  }

  #load(ref: NodeRef): Uint8Array {
    return this.#at(ref, (reader) => reader.bytes());
  }

  /** Reads an item, which begins with its length, in the database's own bytes. */
  #at<T>(ref: NodeRef, read: (reader: Reader) => T): T {
    const location = locationOf(ref);
    const offset = (location[PAGE_NUMBER_BYTES]! << 8) | location[PAGE_NUMBER_BYTES + 1]!;
    const item = this.#pages.with(location.subarray(0, PAGE_NUMBER_BYTES), (page) => read(new Reader(page, offset)));
    if (item === undefined) throw new MissingNode(ref);
    return item;
  }
}

/** Appends items to new pages. */
class PageWriter {
  readonly #batch: Batch;
  #next: number;
  #page = new Writer(PAGE_BYTES_MAX);
  #length = 0;

  constructor(batch: Batch, next: number) {
    this.#batch = batch;
    this.#next = next;
  }

  /** Appends an item and returns its location. */
  append(item: Uint8Array): Uint8Array {
    if (this.#length > 0 && this.#length + item.length + 4 > PAGE_BYTES_MAX) this.#turn();
    const location = new Uint8Array(LOCATION_BYTES);
    const view = new DataView(location.buffer);
    view.setUint32(0, this.#next);
    view.setUint16(PAGE_NUMBER_BYTES, this.#length);
    this.#page.bytes(item);
    this.#length = this.#page.length;
    return location;
  }

  /** Writes the last page and returns the next unused page number. */
  finish(): number {
    if (this.#length > 0) this.#turn();
    return this.#next;
  }

  #turn(): void {
    this.#batch.put(NODES, pageKey(this.#next++), this.#page.finish());
    this.#page = new Writer(PAGE_BYTES_MAX);
    this.#length = 0;
  }
}

/** `node` with all references as `locate` returns them. */
function located(node: TrieNode, locate: (ref: NodeRef) => NodeRef): TrieNode {
  const value = typeof node.value === 'string' ? locate(node.value) : node.value;
  const children = node.children?.map((child: Child | undefined) =>
    typeof child === 'string' ? locate(child) : child,
  );
  return { partial: node.partial, value, children };
}

function refOf(hash: NodeHash, location: Uint8Array): Uint8Array {
  const ref = new Uint8Array(REF_BYTES);
  for (let i = 0; i < HASH_BYTES; i++) ref[i] = hash.charCodeAt(i);
  ref.set(location, HASH_BYTES);
  return ref;
}

/** The location at the end of a reference. */
function locationOf(ref: NodeRef): Uint8Array {
  const location = new Uint8Array(LOCATION_BYTES);
  for (let i = 0; i < LOCATION_BYTES; i++) location[i] = ref.charCodeAt(HASH_BYTES + i);
  return location;
}

function pageKey(number: number): Uint8Array {
  const key = new Uint8Array(PAGE_NUMBER_BYTES);
  new DataView(key.buffer).setUint32(0, number);
  return key;
}

// The memory that V8 uses for an entry besides its content: Map slot, key, object and array headers. Measured, rounded
// up.
const ENTRY_BYTES = 250;
const REF_STRING_BYTES = 56;
const CHILDREN_BYTES = 160;

function nodeBytes(node: TrieNode): number {
  let bytes = ENTRY_BYTES + node.partial.length;
  if (node.value !== undefined)
    bytes += typeof node.value === 'string' ? REF_STRING_BYTES : node.value.length + ENTRY_BYTES;
  if (node.children === undefined) return bytes;
  for (const child of node.children) {
    if (child !== undefined) bytes += typeof child === 'string' ? REF_STRING_BYTES : nodeBytes(child);
  }
  return bytes + CHILDREN_BYTES;
}
