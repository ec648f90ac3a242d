// Upper bounds of the two topmost operands. A load from a table by a byte or a masked index is within the memory
// whatever the guest does, and a division by a constant other than 0 and −1 never traps: there the counter can't be
// observed, and `settle.ts` need not pay.
//
// Two operands suffice for what compilers make of `table[x & 255]`; following the whole stack costs more than it finds.
// An operator that is not listed makes both unknown. So an omission costs a guest time, and never makes the figure
// wrong.
import { Op } from '../format/opcodes.js';

/** Any value, including this and more, and negative ones. Only this much of a larger memory is considered. */
const UNKNOWN = 2 ** 31 - 1;

/**
 * What an operator does to the operands. `keeps`: it changes neither their number nor their values, taken as unsigned.
 */
const Effect = { forgets: 0, unary: 1, binary: 2, pushes: 3, pops: 4, keeps: 5 } as const;
const EFFECT = new Uint8Array(256);
/** Upper bound of the result of a unary or binary operator for any operands. */
const RESULT_MAX = new Int32Array(256).fill(UNKNOWN);
/** Bytes that a load or store accesses. */
const ACCESS_BYTES = new Uint8Array(256);

function effect(kind: number, from: number, to = from, max = UNKNOWN): void {
  EFFECT.fill(kind, from, to + 1);
  RESULT_MAX.fill(max, from, to + 1);
}

effect(Effect.keeps, Op.nop);
effect(Effect.pops, Op.drop);
effect(Effect.pushes, Op.localGet);
effect(Effect.pops, Op.localSet);
effect(Effect.keeps, Op.localTee);
effect(Effect.pushes, Op.globalGet);
effect(Effect.pops, Op.globalSet);
effect(Effect.unary, Op.i32Load, 0x35); //                         loads; unsigned ones of 8 and 16 bits are below
effect(Effect.pushes, Op.memorySize);
effect(Effect.keeps, Op.i32Const, Op.i64Const); //                 `constant` has been called
effect(Effect.unary, Op.i32Eqz, Op.i32Eqz, 1);
effect(Effect.binary, 0x46, 0x4f, 1); //                           i32 comparison
effect(Effect.unary, 0x50, 0x50, 1); //                            i64.eqz
effect(Effect.binary, 0x51, 0x5a, 1); //                           i64 comparison
effect(Effect.unary, 0x67, 0x69, 32); //                           i32 clz ctz popcnt
effect(Effect.binary, Op.i32Add, 0x78); //                         i32 arithmetic
effect(Effect.unary, 0x79, 0x7b, 64); //                           i64 clz ctz popcnt
effect(Effect.binary, Op.i64Add, 0x8a); //                         i64 arithmetic
effect(Effect.keeps, Op.i32WrapI64);
effect(Effect.keeps, Op.i64ExtendI32S, Op.i64ExtendI32U);
effect(Effect.unary, 0xc0, 0xc4); //                               sign extension
for (const load of [0x2d, 0x31]) RESULT_MAX[load] = 0xff;
for (const load of [0x2f, 0x33]) RESULT_MAX[load] = 0xffff;
ACCESS_BYTES.set([4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4], Op.i32Load);

export class KnownOperands {
  /** Upper bounds of the topmost operand and of the one below it. */
  #top = UNKNOWN;
  #under = UNKNOWN;
  /** Whether the topmost operand is exactly `#top`. */
  #exact = false;
  readonly #memoryBytes: number;

  /** `memoryBytes`: the initial size of the memory, which never shrinks. */
  constructor(memoryBytes: number) {
    this.#memoryBytes = Math.min(memoryBytes, UNKNOWN);
  }

  forget(): void {
    this.#top = this.#under = UNKNOWN;
    this.#exact = false;
  }

  /** A constant is pushed. −1 stands for any that is negative or not below 2^31. */
  constant(value: number): void {
    this.#under = this.#top;
    this.#exact = value >= 0;
    this.#top = this.#exact ? value : UNKNOWN;
  }

  /** Called before a load or store: whether it is within the memory for all operands. */
  isWithinMemory(op: number, offset: number): boolean {
    const address = op >= Op.i32Store ? this.#under : this.#top;
    return address + offset + ACCESS_BYTES[op]! <= this.#memoryBytes;
  }

  /**
   * Called before a division or remainder: whether no dividend makes it trap. The divisor must not be 0, nor −1, which
   * may overflow.
   */
  canDivide(): boolean {
    return this.#exact && this.#top > 0 && this.#top < UNKNOWN;
  }

  /** Called after every operator. */
  after(op: number): void {
    switch (EFFECT[op]) {
      case Effect.keeps:
        return;
      case Effect.pushes:
        this.#under = this.#top;
        this.#top = UNKNOWN;
        break;
      case Effect.pops:
        this.#top = this.#under;
        this.#under = UNKNOWN;
        break;
      case Effect.unary:
        this.#top = RESULT_MAX[op]!;
        break;
      case Effect.binary:
        this.#top =
          this.#top === UNKNOWN && this.#under === UNKNOWN
            ? RESULT_MAX[op]!
            : mostOf(op, this.#under, this.#top, this.#exact);
        this.#under = UNKNOWN;
        break;
      default:
        this.#top = this.#under = UNKNOWN;
    }
    this.#exact = false;
  }
}

/**
 * Upper bound of the result of a binary operator for operands up to `left` and `right`; `exact`: the right one is
 * `right`.
 */
function mostOf(op: number, left: number, right: number, exact: boolean): number {
  switch (op) {
    case Op.i32And:
    case Op.i64And:
      return Math.min(left, right);
    case Op.i32Add:
    case Op.i64Add:
    case Op.i32Or:
    case Op.i64Or:
    case Op.i32Xor:
    case Op.i64Xor:
      return Math.min(left + right, UNKNOWN);
    case Op.i32Mul:
    case Op.i64Mul:
      return Math.min(left * right, UNKNOWN);
    case Op.i32Shl:
      return exact ? Math.min(left * 2 ** (right % 32), UNKNOWN) : UNKNOWN;
    case Op.i64Shl:
      return exact ? Math.min(left * 2 ** (right % 64), UNKNOWN) : UNKNOWN;
    case Op.i32ShrU:
      return exact ? shifted(left, 32, right % 32) : left;
    case Op.i64ShrU:
      return exact ? shifted(left, 64, right % 64) : left;
    case Op.i32RemU:
    case Op.i64RemU:
      return right === UNKNOWN ? left : Math.min(left, Math.max(right - 1, 0));
    case Op.i32DivU:
    case Op.i64DivU:
      return left;
  }
  return RESULT_MAX[op]!;
}

/** Upper bound of a value up to `value`, of so many bits, shifted right by `count`. */
function shifted(value: number, bits: number, count: number): number {
  return value === UNKNOWN ? Math.min(2 ** (bits - count) - 1, UNKNOWN) : Math.floor(value / 2 ** count);
}
