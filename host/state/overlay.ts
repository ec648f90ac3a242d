// A state with changes that are not stored yet: what a runtime reads and writes while it executes a block.
//
// Transactions nest: each is either rolled back as a whole, or its changes become part of the enclosing one. Default
// child tries have their own changes, in the same transactions. Their roots enter the stored main trie when its root is
// computed; a runtime reads a new root in its own main trie only once it has asked for it (`childRoot`). The meaning of
// keys is left to the runtime, which can neither set nor remove the keys of child tries' roots. All of this is as in
// polkadot-sdk (sp-state-machine), and so is that the runtime can append to such a key: a root of a child trie with
// changes replaces the result.
import { startsWith, toHex, utf8 } from '../bytes/index.js';
import { EMPTY_ROOT, HASH_BYTES, hashOf, toNodeHash, toPath } from '../trie/index.js';
import type { Change, NodeHash, NodeRef, StateVersion, TrieNode } from '../trie/index.js';
import type { NewNodes } from './nodes.js';
import { Transactions, TrieOverlay } from './trie-overlay.js';
import type { Removal, SealedTrie, TrieReader } from './trie-overlay.js';
import { childRootKey, Trie } from './view.js';
import type { StateView } from './view.js';

const CHILD_STORAGE_PREFIX = utf8(':child_storage:');

/** Everything that must be stored for a new state: the new nodes and values of all its tries. */
export interface SealedState extends NewNodes {
  readonly root: NodeRef;
}

export class Overlay {
  readonly #transactions = new Transactions();
  readonly #main: TrieOverlay;
  readonly #children = new Map<string, { storageKey: Uint8Array; trie: TrieOverlay }>();
  /** The child trie that was read last, if it is not in `#children`: most reads in a row are of one trie. */
  #lastRead: { name: string; trie: TrieOverlay } | undefined;
  #sealed: { version: StateVersion; writes: number; state: SealedState } | undefined;

  constructor(readonly parent: StateView) {
    this.#main = new TrieOverlay(() => parent.trie, this.#transactions);
  }

  /** The value. The caller must not change it. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#main.get(key);
  }

  has(key: Uint8Array): boolean {
    return this.#main.has(key);
  }

  /** The length of the value in bytes. A stored value is not read for it. */
  length(key: Uint8Array): number | undefined {
    return this.#main.length(key);
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
  clearPrefix(prefix: Uint8Array, limit?: number, cursor?: Uint8Array): Removal {
    if (startsWith(prefix, CHILD_STORAGE_PREFIX) || startsWith(CHILD_STORAGE_PREFIX, prefix))
      return { visited: 0, stored: 0, overlaid: 0, cursor: undefined };
    return this.#main.clearPrefix(prefix, limit, cursor);
  }

  /** Appends an encoded item to the SCALE vector at `key`, which may also be that of a child trie's root. */
  append(key: Uint8Array, item: Uint8Array): void {
    this.#main.append(key, item);
  }

  /**
   * The default child trie of `storageKey` (without `:child_storage:default:`), which need not exist yet, to be written. The
   * overlay keeps it.
   */
  child(storageKey: Uint8Array): TrieOverlay {
    const name = toPath(storageKey);
    let child = this.#children.get(name);
    if (child === undefined) {
      const own = new Uint8Array(storageKey);
      child = { storageKey: own, trie: this.#unwritten(name, own) };
      this.#children.set(name, child);
      this.#lastRead = undefined;
    }
    return child.trie;
  }

  /**
   * The same trie, to be read before anything else is done with the overlay. It is not kept, so that reading the tries of any
   * number of storage keys takes no memory.
   */
  readChild(storageKey: Uint8Array): TrieReader {
    const name = toPath(storageKey);
    const child = this.#children.get(name);
    if (child !== undefined) return child.trie;
    const trie = this.#unwritten(name, new Uint8Array(storageKey));
    this.#lastRead = { name, trie };
    return trie;
  }

  /** A child trie that is not in `#children`, and so has no changes. `storageKey` must not change. */
  #unwritten(name: string, storageKey: Uint8Array): TrieOverlay {
    if (this.#lastRead?.name === name) return this.#lastRead.trie;
    const stored = (): Trie => this.parent.child(storageKey)?.trie ?? new Trie(this.parent.trie.source, EMPTY_ROOT);
    return new TrieOverlay(stored, this.#transactions);
  }

  /** The number of child tries that the overlay keeps. */
  get childTries(): number {
    return this.#children.size;
  }

  /** The number of open transactions. */
  get depth(): number {
    return this.#transactions.depth;
  }

  /** Opens a transaction, nested in those that are open. */
  begin(): void {
    this.#transactions.begin();
  }

  /** Closes the innermost transaction and keeps its changes. Returns how many tries were changed in it. */
  commit(): number {
    this.#ensureOpen('commit');
    return this.#transactions.commit();
  }

  /** Closes the innermost transaction and undoes its changes. Returns how many tries were changed in it. */
  rollback(): number {
    this.#ensureOpen('rollback');
    return this.#transactions.rollback();
  }

  /**
   * The root of a child trie with these changes, which is then also the value of its key in the main trie; none if the
   * child trie is empty.
   *
   * As in polkadot-sdk, an unchanged state whose root was computed returns what the main trie has under that key, which
   * is older if the child trie was changed and `childRoot` was not called before that.
   */
  childRoot(storageKey: Uint8Array, version: StateVersion): Uint8Array {
    const key = childRootKey(storageKey);
    if (this.#sealed?.writes === this.#transactions.writes) return rootIn(this.#main.get(key));
    const trie = this.#children.get(toPath(storageKey))?.trie;
    if (trie?.changed !== true) return rootIn(this.parent.get(key));
    const root = trie.root(version);
    this.#main.set(key, toNodeHash(root) === EMPTY_ROOT ? undefined : root);
    return root;
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

  #ensureOpen(what: string): void {
    if (this.#transactions.depth === 0) {
      throw new Error(`${what}: no transaction is open on the state over ${toHex(this.parent.root)}`);
    }
  }
}

/** The root that the main trie has under a child trie's key, as polkadot-sdk reads it: the first 32 bytes, if there are as many. */
function rootIn(value: Uint8Array | undefined): Uint8Array {
  return value === undefined || value.length < HASH_BYTES ? hashOf(EMPTY_ROOT) : value.slice(0, HASH_BYTES);
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
