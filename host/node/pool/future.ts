// The future half of the pool: transactions that wait for a tag that nobody provides yet.
import { worstOf, type Entry } from './entry.js';
import { MultiMap } from './multi-map.js';

/** Waiting transactions, found by the tags they lack. */
export class FutureSet {
  readonly #entries = new Map<string, { entry: Entry; missing: Set<string> }>();
  readonly #wanted = new MultiMap<string, string>();
  #bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(hash: string): Entry | undefined {
    return this.#entries.get(hash)?.entry;
  }

  *values(): IterableIterator<Entry> {
    for (const { entry } of this.#entries.values()) yield entry;
  }

  /** Add one that lacks these tags, at least one. */
  insert(entry: Entry, missing: readonly string[]): void {
    this.#entries.set(entry.hash, { entry, missing: new Set(missing) });
    this.#bytes += entry.bytes.length;
    for (const tag of missing) this.#wanted.add(tag, entry.hash);
  }

  remove(hash: string): void {
    const found = this.#entries.get(hash);
    if (found === undefined) return;
    this.#entries.delete(hash);
    this.#bytes -= found.entry.bytes.length;
    for (const tag of found.missing) this.#wanted.delete(tag, hash);
  }

  /** A tag is there now: takes out and answers those that lack nothing any more. */
  satisfy(tag: string): Entry[] {
    const freed: Entry[] = [];
    for (const hash of this.#wanted.get(tag)) {
      this.#wanted.delete(tag, hash);
      const { entry, missing } = this.#entries.get(hash)!;
      missing.delete(tag);
      if (missing.size > 0) continue;
      this.#entries.delete(hash);
      this.#bytes -= entry.bytes.length;
      freed.push(entry);
    }
    return freed;
  }

  /** The one to give up first. */
  worst(): Entry | undefined {
    return worstOf(this.values());
  }
}
