// The ready half of the pool: transactions whose required tags are provided by the chain or by other ready
// transactions, and the order in which a block takes them.
import { compareEntries, worstOf, type Entry } from './entry.js';
import { Heap } from './heap.js';
import { MultiMap } from './multi-map.js';

/** Ready transactions by hash and by tag. At most one transaction provides a tag. */
export class ReadySet {
  readonly #entries = new Map<string, Entry>();
  readonly #providers = new Map<string, Entry>();
  readonly #dependents = new MultiMap<string, Entry>();
  #bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(hash: string): Entry | undefined {
    return this.#entries.get(hash);
  }

  /** In order of arrival. */
  values(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** The transaction that provides this tag. */
  provider(tag: string): Entry | undefined {
    return this.#providers.get(tag);
  }

  /** Ready transactions that require this tag. */
  dependents(tag: string): Entry[] {
    return this.#dependents.get(tag);
  }

  /** Adds a transaction. No transaction in the set may provide any of its tags. */
  insert(entry: Entry): void {
    this.#entries.set(entry.hash, entry);
    this.#bytes += entry.bytes.length;
    for (const tag of entry.provides) this.#providers.set(tag, entry);
    for (const tag of entry.requires) this.#dependents.add(tag, entry);
  }

  /** Removes a transaction. Its dependents stay: the caller deals with them. */
  remove(entry: Entry): void {
    if (!this.#entries.delete(entry.hash)) return;
    this.#bytes -= entry.bytes.length;
    for (const tag of entry.provides) this.#providers.delete(tag);
    for (const tag of entry.requires) this.#dependents.delete(tag, entry);
  }

  /** The transaction that a block would take last. */
  worst(): Entry | undefined {
    return worstOf(this.values());
  }

  /** The order for a block: best first, each after those it requires. */
  candidates(): Candidates {
    return new Candidates(this);
  }
}

/** One pass over the ready set as it was at its start. The dependents of a skipped transaction are skipped too. */
export class Candidates {
  readonly #unmet = new Map<Entry, number>();
  readonly #free = new Heap<Entry>(compareEntries);
  readonly #ready: ReadySet;
  #last: Entry | undefined;

  constructor(ready: ReadySet) {
    this.#ready = ready;
    for (const entry of ready.values()) {
      let unmet = 0;
      for (const tag of entry.requires) if (ready.provider(tag) !== undefined) unmet++;
      if (unmet === 0) this.#free.push(entry);
      else this.#unmet.set(entry, unmet);
    }
  }

  /** The next transaction. The previous one counts as included, unless `skip` was called. */
  next(): Entry | undefined {
    if (this.#last !== undefined) this.#unlock(this.#last);
    this.#last = this.#free.pop();
    return this.#last;
  }

  /** The transaction that `next` returned last was not included. */
  skip(): void {
    this.#last = undefined;
  }

  #unlock(entry: Entry): void {
    for (const tag of entry.provides) {
      for (const dependent of this.#ready.dependents(tag)) {
        const unmet = this.#unmet.get(dependent);
        if (unmet === undefined) continue;
        if (unmet === 1) {
          this.#unmet.delete(dependent);
          this.#free.push(dependent);
        } else {
          this.#unmet.set(dependent, unmet - 1);
        }
      }
    }
  }
}
