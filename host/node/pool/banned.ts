// Transactions that became invalid, refused without validation for a while.
import { BoundedMap } from '../bounded-map.js';

/** Hashes with the time when their ban ends; bounded, the oldest is evicted first. */
export class Banned {
  readonly #untilMs: BoundedMap<string, number>;
  readonly #banMs: number;
  readonly #nowMs: () => number;

  constructor(max: number, banMs: number, nowMs: () => number) {
    this.#untilMs = new BoundedMap(max);
    this.#banMs = banMs;
    this.#nowMs = nowMs;
  }

  add(hash: string): void {
    this.#untilMs.set(hash, this.#nowMs() + this.#banMs);
  }

  has(hash: string): boolean {
    const untilMs = this.#untilMs.get(hash);
    if (untilMs === undefined) return false;
    if (untilMs > this.#nowMs()) return true;
    this.#untilMs.delete(hash);
    return false;
  }
}
