// Which transaction a full half of the pool drops: the tail of a chain of nonces, never one that others wait for.
//
// A chain ranks by its lowest priority, since a block takes none of its transactions before that one. Of equal chains,
// the longest loses its tail, so that one account can't keep others out; then the latest arrival goes.
import type { Entry } from './entry.js';
import { Heap } from './heap.js';

/** Where a transaction stands in its chain. */
export interface Rank {
  /** The lowest priority from the head of its chain to it. */
  readonly floor: bigint;
  /** How many transactions of its chain are before it. */
  readonly depth: number;
  readonly arrival: number;
}

/** The one to drop first comes first. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.floor !== b.floor) return a.floor < b.floor ? -1 : 1;
  if (a.depth !== b.depth) return b.depth - a.depth;
  return b.arrival - a.arrival;
}

interface Item {
  readonly entry: Entry;
  readonly rank: Rank;
}

/** Below this many items, the heap is not worth a sweep. */
const SWEEP_MIN = 64;

/**
 * The tails of a half of the pool, worst first. Finding the worst takes logarithmic time: what is no tail any more is
 * discarded when it comes to the top, and what ranks better than before sinks.
 */
export class Tails {
  #heap = Tails.#empty();
  /** The rank of a transaction that is a tail at present; undefined for any other. */
  readonly #rankOf: (entry: Entry) => Rank | undefined;

  constructor(rankOf: (entry: Entry) => Rank | undefined) {
    this.#rankOf = rankOf;
  }

  static #empty(): Heap<Item> {
    return new Heap<Item>((a, b) => compareRanks(a.rank, b.rank));
  }

  /** `entry` may be a tail now. `size`: how many transactions there are. */
  push(entry: Entry, size: number): void {
    const rank = this.#rankOf(entry);
    if (rank === undefined) return;
    this.#heap.push({ entry, rank });
    if (this.#heap.size > 2 * size + SWEEP_MIN) this.#sweep();
  }

  worst(): Item | undefined {
    for (let top = this.#heap.peek(); top !== undefined; top = this.#heap.peek()) {
      const rank = this.#rankOf(top.entry);
      if (rank !== undefined && compareRanks(rank, top.rank) === 0) return top;
      this.#heap.pop();
      if (rank !== undefined) this.#heap.push({ entry: top.entry, rank });
    }
    return undefined;
  }

  #sweep(): void {
    const kept = new Map<string, Item>();
    for (let item = this.#heap.pop(); item !== undefined; item = this.#heap.pop()) {
      const rank = this.#rankOf(item.entry);
      if (rank !== undefined) kept.set(item.entry.hash, { entry: item.entry, rank });
    }
    this.#heap = Tails.#empty();
    for (const item of kept.values()) this.#heap.push(item);
  }
}
