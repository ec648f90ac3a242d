/**
 * How the nodes of all states are stored, and cached.
 *
 * Nodes and hashed values are laid down one after another as they are written, children before parents and a value
 * before its leaf, in numbered pages; a reference to one is its hash and its place. A second column finds the place of
 * a root by its hash. Under their hashes alone, the nodes of a block would land on as many pages of the database as
 * there are nodes, and each would be a write of its own.
 *
 *   nodes   page number, 4 bytes big-endian  ->  items: compact length, then a node with references of 38 bytes, or a value
 *   roots   hash, 32 bytes                   ->  place: page number, then the item's offset in the page, 2 bytes big-endian
 *           "next"                           ->  the first page number that is not taken
 */
import { Reader, utf8, Writer } from '../bytes/index.js';
import type { Batch, Column, Database } from '../db/index.js';
import { decodeNode, encodeNode, HASH_BYTES, hashOf, InvalidNode, MissingNode, toNodeHash } from '../trie/index.js';
import type { Child, NodeHash, NodeRef, NodeSource, TrieNode } from '../trie/index.js';
import { BoundedCache } from './cache.js';

const NODES = 'nodes';
const ROOTS = 'roots';
const NEXT_KEY = utf8('next');
const PAGE_NUMBER_BYTES = 4;
const PLACE_BYTES = PAGE_NUMBER_BYTES + 2;
const REF_BYTES = HASH_BYTES + PLACE_BYTES;
/** With LMDB's own header, one page of its file. A longer item has a page of its own, at offset 0. */
const PAGE_BYTES_MAX = 4064;

/** The new parts of a state: see Sealed. */
export interface NewNodes {
  readonly nodes: ReadonlyMap<NodeHash, TrieNode>;
  readonly values: ReadonlyMap<NodeHash, Uint8Array>;
  /** The new roots of its tries, which are among the nodes. */
  readonly roots: readonly NodeHash[];
}

export class StoredNodes implements NodeSource {
  readonly #nodes: BoundedCache<TrieNode>;
  readonly #values: BoundedCache<Uint8Array>;
  readonly #stored: Column;
  readonly #roots: Column;
  #nextPage: number;

  constructor(db: Database, cacheBytes: number) {
    this.#stored = db.column(NODES);
    this.#roots = db.column(ROOTS);
    this.#nodes = new BoundedCache(cacheBytes * 0.75, nodeBytes);
    this.#values = new BoundedCache(cacheBytes * 0.25, (value) => value.length + ENTRY_BYTES);
    const next = this.#roots.get(NEXT_KEY);
    this.#nextPage = next === undefined ? 0 : new DataView(next.buffer, next.byteOffset).getUint32(0);
  }

  root(hash: NodeHash): NodeRef | undefined {
    const place = this.#roots.get(hashOf(hash));
    return place && hash + toNodeHash(place);
  }

  node(ref: NodeRef): TrieNode {
    const cached = this.#nodes.get(ref);
    if (cached !== undefined) return cached;
    const node = decodeNode(this.#load(ref), REF_BYTES);
    if (node === undefined) throw new InvalidNode('the empty trie is no part of another');
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

  /** Adds the writes to `batch`, and the nodes to the cache; nobody can refer to them until the batch is written. */
  add({ nodes, values, roots }: NewNodes, batch: Batch): void {
    const writer = new PageWriter(batch, this.#nextPage);
    const refs = new Map<NodeHash, NodeRef>();
    const lay = (hash: NodeHash, item: Uint8Array): NodeRef => {
      const ref = toNodeHash(refOf(hash, writer.lay(item)));
      refs.set(hash, ref);
      return ref;
    };
    const locate = (ref: NodeRef): NodeRef => {
      if (ref.length === REF_BYTES) return ref;
      const known = refs.get(ref);
      if (known !== undefined) return known;
      const value = values.get(ref);
      if (value === undefined) throw new MissingNode(ref);
      const laid = lay(ref, value);
      this.#values.set(laid, value);
      return laid;
    };
    for (const [hash, sealed] of nodes) {
      const node = located(sealed, locate);
      this.#nodes.set(lay(hash, encodeNode(node, REF_BYTES)), node);
    }
    for (const root of roots) batch.put(ROOTS, hashOf(root), placeOf(locate(root)));
    this.#nextPage = writer.finish();
    batch.put(ROOTS, NEXT_KEY, pageKey(this.#nextPage));
  }

  /** What the caches hold, by their own estimate. */
  get cachedBytes(): number {
    return this.#nodes.bytes + this.#values.bytes;
  }

  #load(ref: NodeRef): Uint8Array {
    const place = placeOf(ref);
    const offset = (place[PAGE_NUMBER_BYTES]! << 8) | place[PAGE_NUMBER_BYTES + 1]!;
    const item = this.#stored.with(place.subarray(0, PAGE_NUMBER_BYTES), (page) => new Reader(page, offset).bytes());
    if (item === undefined) throw new MissingNode(ref);
    return item;
  }
}

/** Lays items down in new pages. */
class PageWriter {
  readonly #batch: Batch;
  #next: number;
  #page = new Writer(PAGE_BYTES_MAX);
  #length = 0;

  constructor(batch: Batch, next: number) {
    this.#batch = batch;
    this.#next = next;
  }

  /** The place where the item is now. */
  lay(item: Uint8Array): Uint8Array {
    if (this.#length > 0 && this.#length + item.length + 4 > PAGE_BYTES_MAX) this.#turn();
    const place = new Uint8Array(PLACE_BYTES);
    const view = new DataView(place.buffer);
    view.setUint32(0, this.#next);
    view.setUint16(PAGE_NUMBER_BYTES, this.#length);
    this.#page.bytes(item);
    this.#length = this.#page.length;
    return place;
  }

  /** Writes the last page, and answers the next free number. */
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

/** `node` with references that can be stored. */
function located(node: TrieNode, locate: (ref: NodeRef) => NodeRef): TrieNode {
  const value = typeof node.value === 'string' ? locate(node.value) : node.value;
  const children = node.children?.map((child: Child | undefined) =>
    typeof child === 'string' ? locate(child) : child,
  );
  return { partial: node.partial, value, children };
}

function refOf(hash: NodeHash, place: Uint8Array): Uint8Array {
  const ref = new Uint8Array(REF_BYTES);
  for (let i = 0; i < HASH_BYTES; i++) ref[i] = hash.charCodeAt(i);
  ref.set(place, HASH_BYTES);
  return ref;
}

/** The place that a reference ends with. */
function placeOf(ref: NodeRef): Uint8Array {
  const place = new Uint8Array(PLACE_BYTES);
  for (let i = 0; i < PLACE_BYTES; i++) place[i] = ref.charCodeAt(HASH_BYTES + i);
  return place;
}

function pageKey(number: number): Uint8Array {
  const key = new Uint8Array(PAGE_NUMBER_BYTES);
  new DataView(key.buffer).setUint32(0, number);
  return key;
}

// What V8 spends on an entry beside its content: Map slot, key, object and array headers. Measured, rounded up.
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
