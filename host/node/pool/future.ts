// The future half of the pool: transactions that require a tag that is not provided yet.
import { worstOf, type Entry } from './entry.js';
import { MultiMap } from './multi-map.js';

/** Waiting transactions, indexed by their missing tags. */
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

  /** Adds a transaction with its missing tags, at least one. */
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

  /** A tag is provided now: removes and returns the transactions that miss no other. */
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

  /** The transaction to drop first. */
  worst(): Entry | undefined {
    return worstOf(this.values());
  }
}
