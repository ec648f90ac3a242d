// One trie with changes that are not stored yet, in transactions that it shares with other tries: see overlay.ts.
//
// A Map has the newest value of each changed key. Each open transaction records the first value that it overwrote for
// each key: a rollback restores these, a commit passes them on to the enclosing transaction.
import { fromPath, hashOf, toPath, update, seal } from '../trie/index.js';
import type { Change, NodeHash, Path, Sealed, StateVersion } from '../trie/index.js';
import { AppendedVec } from './appended.js';
import { SortedPaths } from './sorted-paths.js';
import type { Trie } from './view.js';

/** Keys longer than this can't be encoded in a trie node. */
export const KEY_BYTES_MAX = 32_767;

/** The open transactions, which all tries of one overlay share. */
export class Transactions {
  /** The number of writes and rollbacks so far. */
  writes = 0;
  /**
   * For each open transaction, innermost last, the tries that were changed in it. So closing one visits only these, however
   * many tries the overlay has: a guest can make a checkpoint as often as it pays for one.
   */
  readonly #changed: Set<TrieOverlay>[] = [];
  /** The tries that count as changed without a changed key, at any depth: any rollback makes them unchanged, as in polkadot-sdk. */
  readonly #bare = new Set<TrieOverlay>();

  /** The number of open transactions. */
  get depth(): number {
    return this.#changed.length;
  }

  /** Opens a transaction, nested in those that are open. */
  begin(): void {
    this.#changed.push(new Set());
  }

  /** Records that `trie` was changed in the innermost transaction. */
  note(trie: TrieOverlay): void {
    this.#changed.at(-1)?.add(trie);
  }

  /** Records that `trie` was changed without a changed key. */
  noteBare(trie: TrieOverlay): void {
    this.#bare.add(trie);
  }

  /** Closes the innermost transaction and keeps its changes. Returns how many tries were changed in it: it visits these. */
  commit(): number {
    const inner = this.#changed.at(-1) ?? [];
    const outer = this.#changed.at(-2);
    let visited = 0;
    for (const trie of inner) {
      trie.commit();
      outer?.add(trie);
      visited++;
    }
    this.#changed.pop();
    return visited;
  }

  /** Closes the innermost transaction and undoes its changes. Returns how many tries were changed in it: it visits these. */
  rollback(): number {
    let visited = 0;
    for (const trie of this.#changed.at(-1) ?? []) {
      trie.rollback();
      visited++;
    }
    for (const trie of this.#bare) trie.forgetBare();
    this.#bare.clear();
    this.#changed.pop();
    this.writes++;
    return visited;
  }
}

/** What `clearPrefix` did. */
export interface Removal {
  /** The number of stored keys it visited, also of those that were already removed in the overlay. */
  readonly visited: number;
  /** The number of stored keys that it removed, which the overlay did not have. */
  readonly stored: number;
  /** The number of keys that had a value in the overlay, which it removed. */
  readonly overlaid: number;
  /** The first stored key that was left because of the limit. The next call continues with it. */
  readonly cursor: Uint8Array | undefined;
}

/** What can be read of a trie. */
export type TrieReader = Pick<TrieOverlay, 'get' | 'has' | 'length' | 'nextKey' | 'keys'>;

/** The newest value of a changed key; null if it is removed. */
type Entry = Uint8Array | AppendedVec | null;

/** The values that a transaction overwrote; undefined for a key that was not changed before. */
interface Undo {
  depth: number;
  readonly previous: Map<Path, Entry | undefined>;
}

export class TrieOverlay {
  readonly #open: () => Trie;
  #opened: Trie | undefined;
  readonly #transactions: Transactions;
  readonly #entries = new Map<Path, Entry>();
  readonly #paths = new SortedPaths();
  /** Innermost last; only of transactions in which this trie was changed. */
  readonly #undo: Undo[] = [];
  #writes = 0;
  #changed = false;
  #sealed: { version: StateVersion; writes: number; sealed: SealedTrie } | undefined;

  /** `open` returns the stored trie. It is called once it is needed, and may throw. */
  constructor(open: () => Trie, transactions: Transactions) {
    this.#open = open;
    this.#transactions = transactions;
  }

  get #base(): Trie {
    return (this.#opened ??= this.#open());
  }

  /** The value. The caller must not change it. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#get(toPath(key));
  }

  has(key: Uint8Array): boolean {
    const path = toPath(key);
    const entry = this.#entries.get(path);
    return entry === undefined ? this.#base.has(path) : entry !== null;
  }

  /** The length of the value in bytes. A stored value is not read for it. */
  length(key: Uint8Array): number | undefined {
    const path = toPath(key);
    const entry = this.#entries.get(path);
    return entry === undefined ? this.#base.length(path) : entry?.length;
  }

  /** Writes a copy of `value`, or removes the key if it is undefined. */
  set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#set(pathOf(key), value === undefined ? null : new Uint8Array(value));
  }

  /**
   * Appends an encoded item to the SCALE vector at `key`. A value that is not a vector is replaced by one of this item.
   */
  append(key: Uint8Array, item: Uint8Array): void {
    const path = pathOf(key);
    const entry = this.#entries.get(path);
    const vec = entry instanceof AppendedVec ? entry : AppendedVec.of(this.#get(path));
    this.#set(path, vec.append(item));
  }

  /** The first key after `key`. */
  nextKey(key: Uint8Array): Uint8Array | undefined {
    for (const path of this.#walk('', toPath(key))) return fromPath(path);
    return undefined;
  }

  /** Up to `limit` keys that begin with `prefix`, in order, from the first after `startKey`. */
  keys(prefix: Uint8Array, limit: number, startKey?: Uint8Array): Uint8Array[] {
    const keys: Uint8Array[] = [];
    if (limit <= 0) return keys;
    for (const path of this.#walk(toPath(prefix), startKey && toPath(startKey))) {
      keys.push(fromPath(path));
      if (keys.length >= limit) break;
    }
    return keys;
  }

  /**
   * Removes the keys that begin with `prefix`: all that are in the overlay, and the first `limit` of those stored.
   * Stored keys that are already removed count towards the limit too, as in polkadot-sdk. `cursor`: the stored key to
   * begin with, which an earlier call returned.
   */
  clearPrefix(prefix: Uint8Array, limit = Infinity, cursor?: Uint8Array): Removal {
    this.#touch();
    const start = toPath(prefix);
    const changed: Path[] = [];
    for (const path of this.#paths.from(start, true)) {
      if (!path.startsWith(start)) break;
      if (this.#entries.get(path) !== null) changed.push(path);
    }
    for (const path of changed) this.#set(path, null);

    let visited = 0;
    let stored = 0;
    for (const path of this.#stored(start, cursor)) {
      if (visited === limit) return { visited, stored, overlaid: changed.length, cursor: fromPath(path) };
      visited++;
      if (this.#entries.get(path) === null) continue;
      this.#set(path, null);
      stored++;
    }
    return { visited, stored, overlaid: changed.length, cursor: undefined };
  }

  /** Removes every key: `clearPrefix` with the empty prefix. */
  kill(limit?: number, cursor?: Uint8Array): Removal {
    return this.clearPrefix(new Uint8Array(0), limit, cursor);
  }

  /**
   * Whether any key was written, even with its old value, or `clearPrefix` was called, and not all of that was rolled
   * back.
   */
  get changed(): boolean {
    return this.#changed;
  }

  /** The changed keys with their new values (undefined: removed), sorted. */
  changes(): [key: Uint8Array, value: Uint8Array | undefined][] {
    return this.#changes().map(([path, value]) => [fromPath(path), value]);
  }

  /** The root of the trie with these changes, cached until the next write. */
  root(version: StateVersion): Uint8Array {
    return hashOf(this.seal(version).root);
  }

  /** The trie with these changes and `more`, which replace those of the same paths. For Overlay. */
  seal(version: StateVersion, more: readonly Change[] = []): SealedTrie {
    const known = this.#sealed;
    if (more.length === 0 && known?.version === version && known.writes === this.#writes) return known.sealed;
    let changes = this.#changes();
    if (more.length > 0) {
      const replaced = new Set(more.map(([path]) => path));
      changes = [...changes.filter(([path]) => !replaced.has(path)), ...more];
      changes.sort(([a], [b]) => (a < b ? -1 : 1));
    }
    const { root, values } = update(this.#base.source, this.#base.root, changes, version);
    const sealed = { ...seal(root), values };
    if (more.length === 0) this.#sealed = { version, writes: this.#writes, sealed };
    return sealed;
  }

  /**
   * Passes the record of the innermost transaction on to the enclosing one. For Transactions, before the transaction closes.
   */
  commit(): void {
    const { depth } = this.#transactions;
    const inner = this.#undo.at(-1);
    if (inner?.depth !== depth) return;
    const outer = this.#undo.at(-2);
    if (depth === 1) {
      this.#undo.pop();
    } else if (outer?.depth === depth - 1) {
      for (const [path, entry] of inner.previous) {
        if (!outer.previous.has(path)) outer.previous.set(path, entry);
      }
      this.#undo.pop();
    } else {
      inner.depth--;
    }
  }

  /** Restores the values that the innermost transaction overwrote. For Transactions, before the transaction closes. */
  rollback(): void {
    if (this.#undo.at(-1)?.depth !== this.#transactions.depth) return;
    for (const [path, entry] of this.#undo.pop()?.previous ?? []) {
      if (entry !== undefined) {
        this.#entries.set(path, entry);
      } else {
        this.#entries.delete(path);
        this.#paths.delete(path);
      }
    }
    this.#touch();
  }

  /** Makes the trie unchanged if it has no changed key. For Transactions. */
  forgetBare(): void {
    this.#changed &&= this.#paths.size > 0;
  }

  #get(path: Path): Uint8Array | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return this.#base.get(path);
    return entry instanceof AppendedVec ? entry.encode() : (entry ?? undefined);
  }

  #set(path: Path, entry: Entry): void {
    const previous = this.#entries.get(path);
    const { depth } = this.#transactions;
    if (depth > 0) {
      let undo = this.#undo.at(-1);
      if (undo?.depth !== depth) {
        this.#undo.push((undo = { depth, previous: new Map() }));
        this.#transactions.note(this);
      }
      if (!undo.previous.has(path)) undo.previous.set(path, previous);
    }
    if (previous === undefined) this.#paths.add(path);
    this.#entries.set(path, entry);
    this.#touch();
  }

  /** The stored paths that begin with `prefix`, from the key `from`. */
  *#stored(prefix: Path, from: Uint8Array | undefined): Generator<Path> {
    const first = from && toPath(from);
    if (first !== undefined && first.startsWith(prefix) && this.#base.has(first)) yield first;
    for (const { path } of this.#base.walk(prefix, first)) yield path;
  }

  #touch(): void {
    this.#changed = true;
    if (this.#paths.size === 0) this.#transactions.noteBare(this);
    this.#writes++;
    this.#transactions.writes++;
  }

  #changes(): Change[] {
    const changes: Change[] = [];
    for (const path of this.#paths.from('', true)) changes.push([path, this.#get(path)]);
    return changes;
  }

  /**
   * The existing paths, in order, that begin with `prefix` and are greater than `after`: merges stored and changed
   * ones.
   */
  *#walk(prefix: Path, after: Path | undefined): Generator<Path> {
    const base = this.#base.walk(prefix, after)[Symbol.iterator]();
    const exclusive = after !== undefined && after >= prefix;
    const changed = this.#paths.from(exclusive ? after : prefix, !exclusive);
    let stored = base.next();
    let ours = changed.next();
    while (true) {
      const path = ours.done || !ours.value.startsWith(prefix) ? undefined : ours.value;
      if (!stored.done && (path === undefined || stored.value.path < path)) {
        yield stored.value.path;
        stored = base.next();
        continue;
      }
      if (path === undefined) return;
      if (!stored.done && stored.value.path === path) stored = base.next();
      if (this.#entries.get(path) !== null) yield path;
      ours = changed.next();
    }
  }
}

/** A trie ready to be stored. */
export interface SealedTrie extends Sealed {
  readonly values: Map<NodeHash, Uint8Array>;
}

function pathOf(key: Uint8Array): Path {
  if (key.length > KEY_BYTES_MAX) throw new RangeError(`a storage key of ${key.length} bytes exceeds ${KEY_BYTES_MAX}`);
  return toPath(key);
}
