// A state with changes that are not stored yet: what a runtime reads and writes while it executes a block.
//
// Transactions nest: each is either rolled back as a whole, or its changes become part of the enclosing one. Default
// child tries have their own changes, in the same transactions; their roots enter the main trie when its root is
// computed. The meaning of keys is left to the runtime, which can't write only the keys of child tries' roots, as in
// Substrate.
import { startsWith, toHex, utf8 } from '../bytes/index.js';
import { EMPTY_ROOT, hashOf, toPath } from '../trie/index.js';
import type { Change, NodeHash, NodeRef, StateVersion, TrieNode } from '../trie/index.js';
import type { NewNodes } from './nodes.js';
import { TrieOverlay } from './trie-overlay.js';
import type { Removal, SealedTrie, Transactions } from './trie-overlay.js';
import { childRootKey, Trie } from './view.js';
import type { StateView } from './view.js';

const CHILD_STORAGE_PREFIX = utf8(':child_storage:');

/** Everything that must be stored for a new state: the new nodes and values of all its tries. */
export interface SealedState extends NewNodes {
  readonly root: NodeRef;
}

export class Overlay {
  readonly #transactions: Transactions = { depth: 0, writes: 0 };
  readonly #main: TrieOverlay;
  readonly #children = new Map<string, { storageKey: Uint8Array; trie: TrieOverlay }>();
  #sealed: { version: StateVersion; writes: number; state: SealedState } | undefined;

  constructor(readonly parent: StateView) {
    this.#main = new TrieOverlay(parent.trie, this.#transactions);
  }

  /** The value. The caller must not change it. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#main.get(key);
  }

  has(key: Uint8Array): boolean {
    return this.#main.has(key);
  }

  /**
   * Writes a copy of `value`, or removes the key if it is undefined. Ignores keys of child tries' roots, as Substrate
   * does.
   */
  set(key: Uint8Array, value: Uint8Array | undefined): void {
    if (!startsWith(key, CHILD_STORAGE_PREFIX)) this.#main.set(key, value);
  }

  /** The first key after `key`. */
  nextKey(key: Uint8Array): Uint8Array | undefined {
    return this.#main.nextKey(key);
  }

  /** Up to `limit` keys that begin with `prefix`, in order, from the first after `startKey`. */
  keys(prefix: Uint8Array, limit: number, startKey?: Uint8Array): Uint8Array[] {
    return this.#main.keys(prefix, limit, startKey);
  }

  /**
   * Removes the keys that begin with `prefix`: see TrieOverlay. Ignored if keys of child tries' roots may begin with
   * it.
   */
  clearPrefix(prefix: Uint8Array, limit?: number): Removal {
    if (startsWith(prefix, CHILD_STORAGE_PREFIX) || startsWith(CHILD_STORAGE_PREFIX, prefix))
      return { removed: 0, all: true };
    return this.#main.clearPrefix(prefix, limit);
  }

  /** Appends an encoded item to the SCALE vector at `key`. */
  append(key: Uint8Array, item: Uint8Array): void {
    if (!startsWith(key, CHILD_STORAGE_PREFIX)) this.#main.append(key, item);
  }

  /** The default child trie of `storageKey` (without `:child_storage:default:`), which need not exist yet. */
  child(storageKey: Uint8Array): TrieOverlay {
    const name = toPath(storageKey);
    let child = this.#children.get(name);
    if (child === undefined) {
      const { source } = this.parent.trie;
      const trie = this.parent.child(storageKey)?.trie ?? new Trie(source, EMPTY_ROOT);
      child = { storageKey: new Uint8Array(storageKey), trie: new TrieOverlay(trie, this.#transactions) };
      this.#children.set(name, child);
    }
    return child.trie;
  }

  /** The number of open transactions. */
  get depth(): number {
    return this.#transactions.depth;
  }

  /** Opens a transaction, nested in those that are open. */
  begin(): void {
    this.#transactions.depth++;
  }

  /** Closes the innermost transaction and keeps its changes. */
  commit(): void {
    this.#ensureOpen('commit');
    this.#forEach((trie) => trie.commit());
    this.#transactions.depth--;
  }

  /** Closes the innermost transaction and undoes its changes. */
  rollback(): void {
    this.#ensureOpen('rollback');
    this.#forEach((trie) => trie.rollback());
    this.#transactions.depth--;
  }

  /** The root of the state with these changes, cached until the next write. */
  root(version: StateVersion): Uint8Array {
    return hashOf(this.seal(version).root);
  }

  /** The state with these changes, ready to be stored by StateStore. */
  seal(version: StateVersion): SealedState {
    const { writes } = this.#transactions;
    if (this.#sealed?.version === version && this.#sealed.writes === writes) return this.#sealed.state;

    const roots: Change[] = [];
    const parts: SealedTrie[] = [];
    for (const { storageKey, trie } of this.#children.values()) {
      if (!trie.changed) continue;
      const sealed = trie.seal(version);
      parts.push(sealed);
      roots.push([toPath(childRootKey(storageKey)), sealed.root === EMPTY_ROOT ? undefined : hashOf(sealed.root)]);
    }
    const state = joined(this.#main.seal(version, roots), parts);
    this.#sealed = { version, writes, state };
    return state;
  }

  /** The changed keys of the main trie with their new values (undefined: removed), sorted. Without child tries. */
  changes(): [key: Uint8Array, value: Uint8Array | undefined][] {
    return this.#main.changes();
  }

  #forEach(work: (trie: TrieOverlay) => void): void {
    work(this.#main);
    for (const { trie } of this.#children.values()) work(trie);
  }

  #ensureOpen(what: string): void {
    if (this.#transactions.depth === 0) {
      throw new Error(`${what}: no transaction is open on the state over ${toHex(this.parent.root)}`);
    }
  }
}

function joined(main: SealedTrie, children: readonly SealedTrie[]): SealedState {
  const nodes = children.length === 0 ? main.nodes : new Map<NodeHash, TrieNode>();
  const values = children.length === 0 ? main.values : new Map<NodeHash, Uint8Array>();
  const roots: NodeHash[] = [];
  for (const trie of [...children, main]) {
    if (trie.nodes.has(trie.root)) roots.push(trie.root);
    if (trie.nodes === nodes) continue;
    for (const [hash, node] of trie.nodes) nodes.set(hash, node);
    for (const [hash, value] of trie.values) values.set(hash, value);
  }
  return { root: main.root, nodes, values, roots };
}
