// Reproducible random input: the tests have the seed in their names, and SEED=… repeats a run.
import { randomBytes } from 'node:crypto';

/** The seed of this run. */
export const SEED = process.env['SEED'] === undefined ? randomBytes(4).readUInt32LE() : Number(process.env['SEED']);

/** A generator of pseudo-random values (Mulberry32): the same values for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number in [0, `limit`). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** A key that often shares a prefix with others, is sometimes a prefix of another, and is sometimes long. */
  key(): Uint8Array {
    if (this.chance(0.05)) return this.bytes(this.below(200));
    const byte = () => (this.chance(0.7) ? this.pick([0, 1, 0x10, 0x11, 0xff]) : this.below(256));
    return Uint8Array.from({ length: this.below(6) }, byte);
  }

  /** A value: often short, often around the 32 bytes above which it is hashed, sometimes long. */
  value(): Uint8Array {
    if (this.chance(0.02)) return this.bytes(70 + this.below(20_000));
    return this.bytes(this.pick([this.below(4), 31 + this.below(3), this.below(100)]));
  }
}
