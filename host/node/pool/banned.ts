// Transactions that became invalid, refused without validation for a while.
import { BoundedMap } from '../bounded-map.js';

interface Ban {
  readonly untilMs: number;
  /** Why, where that is more than that it became invalid. */
  readonly reason: string | undefined;
}

/** Bans by hash; bounded, the oldest is evicted first. */
export class Banned {
  readonly #bans: BoundedMap<string, Ban>;
  readonly #banMs: number;
  readonly #nowMs: () => number;

  constructor(max: number, banMs: number, nowMs: () => number) {
    this.#bans = new BoundedMap(max);
    this.#banMs = banMs;
    this.#nowMs = nowMs;
  }

  add(hash: string, reason?: string): void {
    this.#bans.set(hash, { untilMs: this.#nowMs() + this.#banMs, reason });
  }

  /** The ban of a hash, if it has not ended. */
  get(hash: string): Ban | undefined {
    const ban = this.#bans.get(hash);
    if (ban === undefined || ban.untilMs > this.#nowMs()) return ban;
    this.#bans.delete(hash);
    return undefined;
  }
}
