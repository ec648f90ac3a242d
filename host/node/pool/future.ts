// The future half of the pool: transactions that require a tag that is not provided yet.
import type { Entry } from './entry.js';
import { MultiMap } from './multi-map.js';
import { Tails, type Rank } from './tails.js';

/** Waiting transactions, indexed by their missing tags. */
export class FutureSet {
  readonly #entries = new Map<string, { entry: Entry; missing: Set<string> }>();
  readonly #wanted = new MultiMap<string, string>();
  readonly #providers = new MultiMap<string, Entry>();
  readonly #tails = new Tails((entry) => this.#rankOfTail(entry));
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
    for (const tag of entry.provides) this.#providers.add(tag, entry);
    this.#tails.push(entry, this.size);
  }

  remove(hash: string): void {
    const found = this.#entries.get(hash);
    if (found === undefined) return;
    for (const tag of found.missing) this.#wanted.delete(tag, hash);
    this.#forget(found.entry);
    // Those that it waited for may be tails now.
    for (const tag of found.missing) {
      for (const provider of this.#providers.get(tag)) this.#tails.push(provider, this.size);
    }
  }

  /** A tag is provided now: removes and returns the transactions that miss no other. */
  satisfy(tag: string): Entry[] {
    const freed: Entry[] = [];
    for (const hash of this.#wanted.get(tag)) {
      this.#wanted.delete(tag, hash);
      const { entry, missing } = this.#entries.get(hash)!;
      missing.delete(tag);
      if (missing.size > 0) continue;
      this.#forget(entry);
      freed.push(entry);
    }
    for (const rival of this.#providers.get(tag)) this.#tails.push(rival, this.size);
    return freed;
  }

  /** The rank that a transaction would have in the set. Where it stands in a chain with gaps is unknown. */
  rankOf({ priority, arrival }: Entry): Rank {
    return { floor: priority, depth: 0, arrival };
  }

  /** The tail to drop first; or the first transaction, if each provides what another one waits for. */
  worst(): { readonly entry: Entry; readonly rank: Rank } | undefined {
    const tail = this.#tails.worst();
    if (tail !== undefined) return tail;
    for (const entry of this.values()) return { entry, rank: this.rankOf(entry) };
    return undefined;
  }

  #rankOfTail(entry: Entry): Rank | undefined {
    if (this.#entries.get(entry.hash)?.entry !== entry) return undefined;
    return entry.provides.some((tag) => this.#wanted.has(tag)) ? undefined : this.rankOf(entry);
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.hash);
    this.#bytes -= entry.bytes.length;
    for (const tag of entry.provides) this.#providers.delete(tag, entry);
  }
}
