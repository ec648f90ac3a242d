// The ready half of the pool: transactions whose required tags are provided by the chain or by other ready
// transactions, and the order in which a block takes them.
import { compareEntries, type Entry } from './entry.js';
import { Heap } from './heap.js';
import { MultiMap } from './multi-map.js';
import { Tails, type Rank } from './tails.js';

/** A chain of transactions each of which requires the one before. */
interface Chain {
  /** The position of its head: of those that were before, a block has taken them. */
  head: number;
}

interface Held {
  readonly entry: Entry;
  readonly chain: Chain;
  readonly position: number;
  readonly floor: bigint;
}

/** Ready transactions by hash and by tag. At most one transaction provides a tag. */
export class ReadySet {
  readonly #entries = new Map<string, Held>();
  readonly #providers = new Map<string, Entry>();
  readonly #dependents = new MultiMap<string, Entry>();
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

  /** In order of arrival. */
  *values(): IterableIterator<Entry> {
    for (const { entry } of this.#entries.values()) yield entry;
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
    const { before, floor } = this.#place(entry);
    const chain = before?.chain ?? { head: 0 };
    this.#entries.set(entry.hash, { entry, chain, position: before === undefined ? 0 : before.position + 1, floor });
    this.#bytes += entry.bytes.length;
    for (const tag of entry.provides) this.#providers.set(tag, entry);
    for (const tag of entry.requires) this.#dependents.add(tag, entry);
    this.#tails.push(entry, this.size);
  }

  /** Removes a transaction. Its dependents stay: the caller deals with them. */
  remove(entry: Entry): void {
    const held = this.#entries.get(entry.hash);
    if (held === undefined) return;
    const before = this.#providersOf(entry);
    if (before.length === 0) held.chain.head = Math.max(held.chain.head, held.position + 1);
    this.#entries.delete(entry.hash);
    this.#bytes -= entry.bytes.length;
    for (const tag of entry.provides) this.#providers.delete(tag);
    for (const tag of entry.requires) this.#dependents.delete(tag, entry);
    for (const provider of before) this.#tails.push(provider.entry, this.size);
  }

  /** The rank that a transaction would have in the set. */
  rankOf(entry: Entry): Rank {
    const { before, floor } = this.#place(entry);
    const depth = before === undefined ? 0 : before.position + 1 - before.chain.head;
    return { floor, depth, arrival: entry.arrival };
  }

  /** The tail to drop first. */
  worst(): { readonly entry: Entry; readonly rank: Rank } | undefined {
    return this.#tails.worst();
  }

  #providersOf(entry: Entry): Held[] {
    const held: Held[] = [];
    for (const tag of entry.requires) {
      const provider = this.#providers.get(tag);
      if (provider !== undefined) held.push(this.#entries.get(provider.hash)!);
    }
    return held;
  }

  /** What a transaction follows, and the lowest priority up to it. */
  #place(entry: Entry): { before: Held | undefined; floor: bigint } {
    const providers = this.#providersOf(entry);
    const floor = providers.reduce((least, held) => (held.floor < least ? held.floor : least), entry.priority);
    return { before: providers[0], floor };
  }

  #rankOfTail(entry: Entry): Rank | undefined {
    const held = this.#entries.get(entry.hash);
    if (held?.entry !== entry || entry.provides.some((tag) => this.#dependents.has(tag))) return undefined;
    return { floor: held.floor, depth: held.position - held.chain.head, arrival: entry.arrival };
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
