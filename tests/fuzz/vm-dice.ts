// Pseudo-random choices by a seed, and the encodings of random integers.
import { Random } from '../random.js';

export const I32 = 0x7f;
export const I64 = 0x7e;
export type Type = typeof I32 | typeof I64;

/** Rolls by remainder, unlike `Random.below`, so that a seed printed by an earlier run gives the same modules. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** An integer in [0, sides). */
  roll(sides: number): number {
    return this.#random.u32() % sides;
  }

  /** True once in so many rolls. */
  once(sides: number): boolean {
    return this.roll(sides) === 0;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.roll(from.length)]!;
  }

  many<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}

const EDGES = [
  0, 1, 2, 3, 7, 8, 31, 32, 255, 256, 65_528, 65_532, 65_535, 65_536, 131_072, 0x7fffffff, 0x80000000, 0xfffffffe,
  0xffffffff,
];

/** A value where arithmetic and bounds turn, unsigned. */
export function edge(dice: Dice, type: Type): number | bigint {
  const value = dice.pick(EDGES);
  return type === I32 ? value : BigInt.asUintN(64, BigInt(value) << BigInt(dice.pick([0, 0, 1, 31, 32])));
}

/** Signed LEB128. */
export function signedLeb(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const last = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signedLeb(rest)];
}

/** `i32.const` or `i64.const`. */
export function constant(type: Type, value: number | bigint): number[] {
  const wide = BigInt(value);
  return type === I32 ? [0x41, ...signedLeb(BigInt.asIntN(32, wide))] : [0x42, ...signedLeb(BigInt.asIntN(64, wide))];
}
