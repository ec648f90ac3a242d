// Pseudo-random values for tests: the same seed gives the same values. SEED=… repeats a run.
import { randomBytes } from 'node:crypto';

/** The seed of this run. */
export const SEED = process.env['SEED'] === undefined ? randomBytes(4).readUInt32LE() : Number(process.env['SEED']);

/** Returns SEED, and prints it so that a failure of `test` can be repeated. */
export function seedOf(test: string): number {
  process.stderr.write(`${test}: SEED=${SEED}\n`);
  return SEED;
}

/** A generator of pseudo-random values (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer in [0, 2³²). */
  u32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An integer in [0, `limit`). */
  below(limit: number): number {
    return Math.floor((this.u32() / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  bool(): boolean {
    return this.below(2) === 1;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** `count` different integers in [0, `limit`), in random order. */
  sample(limit: number, count: number): number[] {
    const all = Array.from({ length: limit }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + this.below(limit - i);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all.slice(0, count);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** At most `max` items. */
  list<T>(max: number, item: () => T): T[] {
    return Array.from({ length: this.below(max + 1) }, item);
  }
}
