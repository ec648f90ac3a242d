// The semantics of an overlay, implemented as simply as possible: maps of hex keys, copied as a whole for each
// transaction.
import { u8aConcat, compactFromU8a, compactToU8a } from '@polkadot/util';
import { fromHex, toHex, utf8 } from '../../../host/bytes/index.js';
import type { Removal } from '../../../host/state/index.js';
import { referenceRoot } from '../trie/reference.js';

/** The keys of child tries' roots in the main trie, as hex. */
export const CHILD_ROOTS = toHex(utf8(':child_storage:default:'));

type Values = Map<string, Uint8Array>;

/** One trie: its stored entries, and its current ones. */
export class NaiveTrie {
  constructor(
    readonly stored: Values,
    public now: Values = new Map(stored),
  ) {}

  keys(prefix: string, limit = Infinity, after?: string): string[] {
    const below = [...this.now.keys()].filter((key) => key.startsWith(prefix) && (after === undefined || key > after));
    return below.sort().slice(0, limit);
  }

  append(key: string, item: Uint8Array): void {
    const old = this.now.get(key) ?? new Uint8Array(0);
    let items: Uint8Array = new Uint8Array(0);
    let count = 0n;
    try {
      const [offset, length] = compactFromU8a(old);
      const canonical = toHex(compactToU8a(length)) === toHex(old.slice(0, offset));
      if (old.length > 0 && canonical && BigInt(length.toString()) < 2n ** 32n) {
        items = old.slice(offset);
        count = BigInt(length.toString());
      }
    } catch {
      // not a vector: replaced
    }
    this.now.set(key, u8aConcat(compactToU8a((count + 1n) % 2n ** 32n), items, item));
  }

  /** As Substrate counts: removes all keys that are not stored, and the first `limit` of the stored ones. */
  clearPrefix(prefix: string, written: ReadonlySet<string>, limit = Infinity, from = ''): Removal {
    const overlaid = this.keys(prefix).filter((key) => written.has(key));
    for (const key of overlaid) this.now.delete(key);
    const stored = [...this.stored.keys()].filter((key) => key.startsWith(prefix) && key >= from).sort();
    const visited = stored.slice(0, limit);
    const removed = visited.filter((key) => this.now.delete(key)).length;
    const cursor = stored[visited.length] === undefined ? undefined : fromHex(stored[visited.length]!);
    return { visited: visited.length, stored: removed, overlaid: overlaid.length, cursor };
  }

  entries(): [Uint8Array, Uint8Array][] {
    return [...this.now].map(([key, value]) => [fromHex(key), value]);
  }
}

/** A main trie and its child tries by name. */
export class NaiveState {
  readonly main: NaiveTrie;
  readonly children = new Map<string, NaiveTrie>();
  readonly #saved: { main: Values; children: Map<string, Values> }[] = [];

  constructor(stored?: NaiveState) {
    this.main = new NaiveTrie(new Map(stored?.mainEntries().map(([key, value]) => [toHex(key), value])));
    for (const [name, trie] of stored?.children ?? []) this.children.set(name, new NaiveTrie(trie.now));
  }

  child(name: string): NaiveTrie {
    let trie = this.children.get(name);
    if (trie === undefined) this.children.set(name, (trie = new NaiveTrie(new Map())));
    return trie;
  }

  begin(): void {
    this.#saved.push({
      main: new Map(this.main.now),
      children: new Map([...this.children].map(([name, trie]) => [name, new Map(trie.now)])),
    });
  }

  commit(): void {
    this.#saved.pop();
  }

  rollback(): void {
    const saved = this.#saved.pop()!;
    this.main.now = saved.main;
    for (const [name, trie] of this.children) trie.now = saved.children.get(name) ?? new Map();
  }

  root(): Uint8Array {
    return referenceRoot(this.mainEntries(), 1);
  }

  /** The entries of the main trie when this state is stored: its own, and the current roots of the child tries. */
  mainEntries(): [Uint8Array, Uint8Array][] {
    const own = this.main.entries().filter(([key]) => !toHex(key).startsWith(CHILD_ROOTS));
    for (const [name, trie] of this.children) {
      if (trie.now.size > 0)
        own.push([fromHex(CHILD_ROOTS + toHex(utf8(name)).slice(2)), referenceRoot(trie.entries(), 1)]);
    }
    return own;
  }
}
