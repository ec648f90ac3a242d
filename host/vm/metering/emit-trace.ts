// What a traced function does beside metering: it adds up what it uses, and how often it is called (see trace.ts).
//
// It has two locals more: `left` follows the exact fuel left (the counter exceeds it by what is owed, see settle.ts),
// `outermost` is 1 if no other activation of the function is running. Amounts below zero count as zero, so that the sum
// over all functions is what was used.
//
//   entry      left := G · calls += G ≥ 0 · outermost := since < 0 · if outermost: since := max(G, 0)
//   segment    self += max(left, 0) · left −= FUEL · self −= max(left, 0)
//   resume     left := G                                              (after a call: the callee has charged)
//   leave      if outermost: total += since − max(G, 0) · since := −1
import { I32, I64, Op } from '../format/opcodes.js';
import type { Sink } from '../format/sink.js';
import type { TraceGlobals } from './trace.js';

const EMPTY_BLOCK = 0x40;
/** −1 in signed LEB128. */
const MINUS_ONE = 0x7f;

/** Pushes max(0, x), if `push` pushes x. */
function positive(out: Sink, push: () => unknown): void {
  push();
  out.raw(Op.i64Const, 0, Op.i64Const, 0);
  push();
  out.raw(Op.i64LtS, Op.select);
}

/** global := global `op` x, if `push` pushes x. */
function update(out: Sink, global: number, op: number, push: () => unknown): void {
  out.u8(Op.globalGet).u32(global);
  push();
  out.u8(op).u8(Op.globalSet).u32(global);
}

/** Counts a call, unless the fuel has run out already. */
export function countCall(out: Sink, globals: TraceGlobals, fuelGlobal: number): void {
  update(out, globals.calls, Op.i64Add, () => {
    out.u8(Op.globalGet).u32(fuelGlobal).raw(Op.i64Const, 0, Op.i64LtS, Op.i32Eqz, Op.i64ExtendI32U);
  });
}

/** Adds to `self` what `charge` subtracts from the counter's global. */
export function countCharge(out: Sink, globals: TraceGlobals, fuelGlobal: number, charge: () => void): void {
  const left = (): void => positive(out, () => out.u8(Op.globalGet).u32(fuelGlobal));
  update(out, globals.self, Op.i64Add, left);
  charge();
  update(out, globals.self, Op.i64Sub, left);
}

/** Writes the code by which one traced function counts. */
export class TraceEmitter {
  /** Types of the locals that it needs, after the function's own. */
  static readonly LOCALS = [I64, I32] as const;
  readonly #leftLocal: number;
  readonly #outermostLocal: number;

  readonly #out: Sink;
  readonly #globals: TraceGlobals;
  readonly #fuelGlobal: number;

  constructor(out: Sink, globals: TraceGlobals, fuelGlobal: number, firstLocal: number) {
    this.#out = out;
    this.#globals = globals;
    this.#fuelGlobal = fuelGlobal;
    this.#leftLocal = firstLocal;
    this.#outermostLocal = firstLocal + 1;
  }

  entry(): void {
    const out = this.#out;
    const globals = this.#globals;
    this.resume();
    countCall(out, globals, this.#fuelGlobal);
    out.u8(Op.globalGet).u32(globals.since).raw(Op.i64Const, 0, Op.i64LtS).u8(Op.localTee).u32(this.#outermostLocal);
    out.raw(Op.if, EMPTY_BLOCK);
    positive(out, this.#pushLeft);
    out.u8(Op.globalSet).u32(globals.since).u8(Op.end);
  }

  segment(fuel: number): void {
    const out = this.#out;
    const pushLeft = this.#pushLeft;
    if (fuel === 0) return;
    update(out, this.#globals.self, Op.i64Add, () => positive(out, pushLeft));
    pushLeft().u8(Op.i64Const).signed(fuel).u8(Op.i64Sub).u8(Op.localSet).u32(this.#leftLocal);
    update(out, this.#globals.self, Op.i64Sub, () => positive(out, pushLeft));
  }

  resume(): void {
    this.#out.u8(Op.globalGet).u32(this.#fuelGlobal).u8(Op.localSet).u32(this.#leftLocal);
  }

  leave(): void {
    const out = this.#out;
    const globals = this.#globals;
    out.u8(Op.localGet).u32(this.#outermostLocal).raw(Op.if, EMPTY_BLOCK);
    update(out, globals.total, Op.i64Add, () => {
      out.u8(Op.globalGet).u32(globals.since);
      positive(out, () => out.u8(Op.globalGet).u32(this.#fuelGlobal));
      out.u8(Op.i64Sub);
    });
    out.raw(Op.i64Const, MINUS_ONE).u8(Op.globalSet).u32(globals.since).u8(Op.end);
  }

  readonly #pushLeft = (): Sink => this.#out.u8(Op.localGet).u32(this.#leftLocal);
}
