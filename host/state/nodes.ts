/**
 * How the nodes of all states are stored, and cached.
 *
 * Nodes and hashed values are numbered as they are written, children before parents, and stored under their numbers; a
 * reference to one is its hash and its number. A second column finds the number of a root by its hash. Under their hashes
 * alone, the nodes of a block would land on as many pages of the database as there are nodes; in sequence they fill
 * a few, which makes a commit several times faster, and memory-mapped pages fewer.
 *
 *   nodes   number, 6 bytes big-endian  ->  node, encoded with references of 38 bytes; or a value as it is
 *   roots   hash, 32 bytes              ->  number of the node
 *           "next"                      ->  the first number that is not taken
 */
import { utf8 } from '../bytes/index.js';
import type { Batch, Column, Database } from '../db/index.js';
import { decodeNode, encodeNode, HASH_BYTES, hashOf, InvalidNode, MissingNode, toNodeHash } from '../trie/index.js';
import type { Child, NodeHash, NodeRef, NodeSource, TrieNode } from '../trie/index.js';
import { BoundedCache } from './cache.js';

const NODES = 'nodes';
const ROOTS = 'roots';
const NEXT_KEY = utf8('next');
const NUMBER_BYTES = 6;
const REF_BYTES = HASH_BYTES + NUMBER_BYTES;

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
  #next: number;

  constructor(db: Database, cacheBytes: number) {
    this.#stored = db.column(NODES);
    this.#roots = db.column(ROOTS);
    this.#nodes = new BoundedCache(cacheBytes * 0.75, nodeBytes);
    this.#values = new BoundedCache(cacheBytes * 0.25, (value) => value.length + ENTRY_BYTES);
    const next = this.#roots.get(NEXT_KEY);
    this.#next = next === undefined ? 0 : fromNumber(next);
  }

  root(hash: NodeHash): NodeRef | undefined {
    const number = this.#roots.get(hashOf(hash));
    return number && hash + toNodeHash(number);
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
    const refs = new Map<NodeHash, NodeRef>();
    const locate = (ref: NodeRef): NodeRef => (ref.length === REF_BYTES ? ref : refs.get(ref) ?? missing(ref));
    for (const [hash, value] of values) {
      const ref = this.#number(hash, refs);
      batch.put(NODES, numberOf(ref), value);
      this.#values.set(ref, value);
    }
    for (const [hash, sealed] of nodes) {
      const node = located(sealed, locate);
      const ref = this.#number(hash, refs);
      batch.put(NODES, numberOf(ref), encodeNode(node, REF_BYTES));
      this.#nodes.set(ref, node);
    }
    for (const root of roots) batch.put(ROOTS, hashOf(root), numberOf(locate(root)));
    batch.put(ROOTS, NEXT_KEY, toNumber(this.#next));
  }

  /** What the caches hold, by their own estimate. */
  get cachedBytes(): number {
    return this.#nodes.bytes + this.#values.bytes;
  }

  #number(hash: NodeHash, refs: Map<NodeHash, NodeRef>): NodeRef {
    const ref = toNodeHash(hashAndNumber(hash, this.#next++));
    refs.set(hash, ref);
    return ref;
  }

  #load(ref: NodeRef): Uint8Array {
    const bytes = this.#stored.get(numberOf(ref));
    if (bytes === undefined) throw new MissingNode(ref);
    return bytes;
  }
}

/** `node` with references that can be stored. */
function located(node: TrieNode, locate: (ref: NodeRef) => NodeRef): TrieNode {
  const value = typeof node.value === 'string' ? locate(node.value) : node.value;
  const children = node.children?.map((child: Child | undefined) => (typeof child === 'string' ? locate(child) : child));
  return { partial: node.partial, value, children };
}

function missing(ref: NodeRef): never {
  throw new MissingNode(ref);
}

function hashAndNumber(hash: NodeHash, number: number): Uint8Array {
  const ref = new Uint8Array(REF_BYTES);
  ref.set(hashOf(hash));
  ref.set(toNumber(number), HASH_BYTES);
  return ref;
}

/** The number that a reference ends with. */
function numberOf(ref: NodeRef): Uint8Array {
  const number = new Uint8Array(NUMBER_BYTES);
  for (let i = 0; i < NUMBER_BYTES; i++) number[i] = ref.charCodeAt(HASH_BYTES + i);
  return number;
}

function toNumber(value: number): Uint8Array {
  const bytes = new Uint8Array(NUMBER_BYTES);
  for (let i = NUMBER_BYTES, rest = value; i-- > 0; rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

function fromNumber(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

// What V8 spends on an entry beside its content: Map slot, key, object and array headers. Measured, rounded up.
const ENTRY_BYTES = 250;
const REF_STRING_BYTES = 56;
const CHILDREN_BYTES = 160;

function nodeBytes(node: TrieNode): number {
  let bytes = ENTRY_BYTES + node.partial.length;
  if (node.value !== undefined) bytes += typeof node.value === 'string' ? REF_STRING_BYTES : node.value.length + ENTRY_BYTES;
  if (node.children === undefined) return bytes;
  for (const child of node.children) {
    if (child !== undefined) bytes += typeof child === 'string' ? REF_STRING_BYTES : nodeBytes(child);
  }
  return bytes + CHILDREN_BYTES;
}
