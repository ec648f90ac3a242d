// What is known of the two topmost operands: at most how large they are. A table's entry that is looked up by a byte, or by an
// index that has been masked, lies within the memory whatever the guest does, and what is divided by a constant is divided: there
// nobody can read the counter, and `settle.ts` need not pay.
//
// Two operands, for what compilers make of `table[x & 255]` and the like: a stack of them costs more than it finds. What is not
// listed here forgets both, so that an operator left out costs a guest time, and never the figure its truth.
import { Op } from '../format/opcodes.js';

/** This or more, or below zero. Memories larger than this are not looked into. */
const UNKNOWN = 2 ** 31 - 1;

/** What an operator does to the two topmost operands. `keeps`: their number and their values, as numbers without a sign. */
const Effect = { forgets: 0, unary: 1, binary: 2, pushes: 3, pops: 4, keeps: 5 } as const;
const EFFECT = new Uint8Array(256);
/** The most that the result of a unary or a binary operator can be, whatever its operands are. */
const RESULT_MAX = new Int32Array(256).fill(UNKNOWN);
/** Bytes that a load or a store reaches. */
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
effect(Effect.unary, Op.i32Load, 0x35); //                         loads; those of 8 and 16 bits without a sign below
effect(Effect.pushes, Op.memorySize);
effect(Effect.keeps, Op.i32Const, Op.i64Const); //                 known by then: see `constant`
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
  /** The most that the topmost operand can be, and the one below it. */
  #top = UNKNOWN;
  #under = UNKNOWN;
  /** The topmost is `top` itself. */
  #exact = false;
  readonly #memoryBytes: number;

  /** `memoryBytes`: what the memory has from the start, and never less. */
  constructor(memoryBytes: number) {
    this.#memoryBytes = Math.min(memoryBytes, UNKNOWN);
  }

  forget(): void {
    this.#top = this.#under = UNKNOWN;
    this.#exact = false;
  }

  /** A constant has been pushed; −1 stands for any that is negative, or large. */
  constant(value: number): void {
    this.#under = this.#top;
    this.#exact = value >= 0;
    this.#top = this.#exact ? value : UNKNOWN;
  }

  /** Before a load or a store: is it within the memory, whatever the operands are? */
  isWithinMemory(op: number, offset: number): boolean {
    const address = op >= Op.i32Store ? this.#under : this.#top;
    return address + offset + ACCESS_BYTES[op]! <= this.#memoryBytes;
  }

  /** Before a division or a remainder: can it be done, whatever is divided? Not by zero, nor by −1, which may overflow. */
  canDivide(): boolean {
    return this.#exact && this.#top > 0 && this.#top < UNKNOWN;
  }

  /** After any operator. */
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

/** The most that a binary operator's result can be, of operands of at most `left` and `right`; `exact`: the right one is that. */
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

/** The most that is left of at most `value`, of so many bits, when so many are shifted out. */
function shifted(value: number, bits: number, count: number): number {
  return value === UNKNOWN ? Math.min(2 ** (bits - count) - 1, UNKNOWN) : Math.floor(value / 2 ** count);
}
