/**
 * One trie with changes that are not stored yet, inside transactions that it shares with others: see overlay.ts.
 *
 * A Map holds the newest value of each changed key. Each open transaction remembers what it overwrote, once a key, so
 * that rolling back restores it, and closing hands it to the transaction around.
 */
import { fromPath, hashOf, toPath, update, seal } from '../trie/index.js';
import type { Change, NodeHash, Path, Sealed, StateVersion } from '../trie/index.js';
import { AppendedVec } from './appended.js';
import { SortedPaths } from './sorted-paths.js';
import type { Trie } from './view.js';

/** Keys longer than this can't be encoded in a trie node. */
export const KEY_BYTES_MAX = 32_767;

/** What the tries of one overlay have in common. */
export interface Transactions {
  /** How many are open. */
  depth: number;
  /** Counts changes, and their undoing. */
  writes: number;
}

/** What `clearPrefix` did. */
export interface Removal {
  /** How many stored keys it went through; keys that were only in the overlay are not counted. */
  readonly removed: number;
  /** Whether nothing is left. */
  readonly all: boolean;
}

/** The newest value of a changed key: null where it is removed. */
type Entry = Uint8Array | AppendedVec | null;

/** What a transaction overwrote: undefined where the key was not changed before. */
interface Undo {
  depth: number;
  readonly previous: Map<Path, Entry | undefined>;
}

export class TrieOverlay {
  readonly #base: Trie;
  readonly #transactions: Transactions;
  readonly #entries = new Map<Path, Entry>();
  readonly #paths = new SortedPaths();
  /** Innermost last; transactions in which this trie was not changed have none. */
  readonly #undo: Undo[] = [];
  #writes = 0;
  #sealed: { version: StateVersion; writes: number; sealed: SealedTrie } | undefined;

  constructor(base: Trie, transactions: Transactions) {
    this.#base = base;
    this.#transactions = transactions;
  }

  /** The value, which must not be changed by the caller. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#get(toPath(key));
  }

  has(key: Uint8Array): boolean {
    const path = toPath(key);
    const entry = this.#entries.get(path);
    return entry === undefined ? this.#base.has(path) : entry !== null;
  }

  /** Writes a copy of `value`, or removes the key. */
  set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#set(pathOf(key), value === undefined ? null : new Uint8Array(value));
  }

  /** Appends an encoded item to the SCALE vector at `key`; a value that is no vector is replaced by one of this item. */
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
   * Removes the keys that begin with `prefix`: all that are in the overlay, and of those stored the first `limit`.
   * That is Substrate's count, so that a limit means the same here: keys removed before use up the limit too.
   */
  clearPrefix(prefix: Uint8Array, limit = Infinity): Removal {
    const start = toPath(prefix);
    const changed: Path[] = [];
    for (const path of this.#paths.from(start, true)) {
      if (!path.startsWith(start)) break;
      if (this.#entries.get(path) !== null) changed.push(path);
    }
    for (const path of changed) this.#set(path, null);

    let removed = 0;
    for (const { path } of this.#base.walk(start)) {
      if (removed === limit) return { removed, all: false };
      removed++;
      if (this.#entries.get(path) !== null) this.#set(path, null);
    }
    return { removed, all: true };
  }

  /** Removes every key: `clearPrefix` with the empty prefix. */
  kill(limit?: number): Removal {
    return this.clearPrefix(new Uint8Array(0), limit);
  }

  /** Whether any key was written since the beginning, be it with the value it had. */
  get changed(): boolean {
    return this.#paths.size > 0;
  }

  /** The changed keys with their new values (undefined: removed), sorted. */
  changes(): [key: Uint8Array, value: Uint8Array | undefined][] {
    return this.#changes().map(([path, value]) => [fromPath(path), value]);
  }

  /** The root of the trie with these changes; computed once, until the next write. */
  root(version: StateVersion): Uint8Array {
    return hashOf(this.seal(version).root);
  }

  /** The trie with these changes, and with `more`, whose paths are not among them: for Overlay. */
  seal(version: StateVersion, more: readonly Change[] = []): SealedTrie {
    const known = this.#sealed;
    if (more.length === 0 && known?.version === version && known.writes === this.#writes) return known.sealed;
    const changes = this.#changes();
    if (more.length > 0) {
      changes.push(...more);
      changes.sort(([a], [b]) => (a < b ? -1 : 1));
    }
    const { root, values } = update(this.#base.source, this.#base.root, changes, version);
    const sealed = { ...seal(root), values };
    if (more.length === 0) this.#sealed = { version, writes: this.#writes, sealed };
    return sealed;
  }

  /** Hands what the innermost transaction overwrote to the one around it: for Overlay, before it closes. */
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

  /** Restores what the innermost transaction overwrote: for Overlay, before it closes. */
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
      if (undo?.depth !== depth) this.#undo.push((undo = { depth, previous: new Map() }));
      if (!undo.previous.has(path)) undo.previous.set(path, previous);
    }
    if (previous === undefined) this.#paths.add(path);
    this.#entries.set(path, entry);
    this.#touch();
  }

  #touch(): void {
    this.#writes++;
    this.#transactions.writes++;
  }

  #changes(): Change[] {
    const changes: Change[] = [];
    for (const path of this.#paths.from('', true)) changes.push([path, this.#get(path)]);
    return changes;
  }

  /** The existing paths that begin with `prefix` and come after `after`, in order: those stored and those changed, merged. */
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
