// Functions that are added to a module that uses `memory.grow` or bulk operations. Each takes the operands of the
// instruction that it replaces, charges by size before the work, checks, and executes the instruction itself, so that
// the result is V8's.
//
// Nothing is charged for a size that the instruction would refuse: growing beyond the maximum returns −1 and a range
// out of bounds traps, for the flat price only (wasmtime #14047, #14161). `memory.init` of a dropped segment is the
// exception: it is charged by the segment's old length.
import { I32, Op, Prefixed } from '../format/opcodes.js';
import type { FunctionType, ParsedModule } from '../format/parse.js';
import type { Schedule } from './schedule.js';
import { Helper } from './body-plan.js';
import { countCall, countCharge } from './emit-trace.js';
import type { Sink } from '../format/sink.js';
import type { TraceGlobals } from './trace.js';

/** What the helpers refer to. */
export interface HelperContext {
  readonly module: ParsedModule;
  readonly schedule: Schedule;
  readonly fuelGlobal: number;
  /** Set to 1 if V8 can't grow the memory although it is below its maximum: a fault of the host. */
  readonly faultGlobal: number;
  /** The most pages that the memory may have. */
  readonly maxPages: number;
  /** Of a traced module: the globals in which each kind of helper counts. */
  readonly trace: ((kind: number) => TraceGlobals) | undefined;
}

const LISTED: FunctionType = { params: [I32, I32, I32], results: [] };
const GROW: FunctionType = { params: [I32], results: [I32] };

/** Parameters and results of the helper with this key. */
export function helperType(key: number): FunctionType {
  return key === Helper.grow ? GROW : LISTED;
}

/** Writes the body of the helper with this key, without its size. */
export function emitHelper(out: Sink, context: HelperContext, key: number): void {
  out.u32(0); // no locals
  const trace = context.trace?.(key % 4);
  if (trace !== undefined) countCall(out, trace, context.fuelGlobal);
  switch (key % 4) {
    case Helper.grow:
      if (context.module.memory?.imported === true) emitForeignGrow(out);
      else emitGrow(out, context);
      break;
    case Helper.copy:
      ifInBounds(out, [0, 1], undefined, () => chargeBytes(out, context, Helper.copy));
      out.raw(Op.localGet, 0, Op.localGet, 1, Op.localGet, 2, Op.prefixed, Prefixed.memoryCopy, 0, 0);
      break;
    case Helper.fill:
      ifInBounds(out, [0], undefined, () => {
        chargeBytes(out, context, Helper.fill);
        // V8 takes 130 ns to fill nothing, and 5 ns to fill a little: an empty fill returns here.
        out.raw(Op.localGet, 2, Op.i32Eqz, Op.if, 0x40, Op.return, Op.end);
      });
      out.raw(Op.localGet, 0, Op.localGet, 1, Op.localGet, 2, Op.prefixed, Prefixed.memoryFill, 0);
      break;
    default: {
      // A dropped segment has no bytes, and V8 traps: by then at most its old length has been charged.
      const segment = Math.floor(key / 4);
      ifInBounds(out, [0], context.module.dataLengths[segment]!, () => chargeBytes(out, context, Helper.init));
      out.raw(Op.localGet, 0, Op.localGet, 1, Op.localGet, 2, Op.prefixed, Prefixed.memoryInit).u32(segment).u8(0);
    }
  }
  out.u8(Op.end);
}

/** Subtracts from the counter what `fuel` pushes, and checks. */
function charge(out: Sink, { fuelGlobal, trace }: HelperContext, kind: number, fuel: () => void): void {
  const pay = (): void => {
    out.u8(Op.globalGet).u32(fuelGlobal);
    fuel();
    out.u8(Op.i64Sub).u8(Op.globalSet).u32(fuelGlobal);
  };
  if (trace === undefined) pay();
  else countCharge(out, trace(kind), fuelGlobal, pay);
  out.u8(Op.globalGet).u32(fuelGlobal).raw(Op.i64Const, 0, Op.i64LtS, Op.if, 0x40, Op.unreachable, Op.end);
}

/** Charges (length + bytesPerFuel − 1) >> log2(bytesPerFuel); the length is in local 2. */
function chargeBytes(out: Sink, context: HelperContext, kind: number): void {
  const perFuel = context.schedule.bulkBytesPerFuel;
  charge(out, context, kind, () => {
    out
      .raw(Op.localGet, 2, Op.i64ExtendI32U)
      .u8(Op.i64Const)
      .signed(perFuel - 1)
      .u8(Op.i64Add);
    out.u8(Op.i64Const).signed(Math.log2(perFuel)).u8(Op.i64ShrU);
  });
}

/**
 * Wraps the code of `then`: it runs if [pointer, pointer + length) is in the memory for each local of `pointers`, and
 * [local 1, local 1 + length) in the segment.
 */
function ifInBounds(out: Sink, pointers: readonly number[], segmentBytes: number | undefined, then: () => void): void {
  const endOf = (local: number): Sink =>
    out.raw(Op.localGet, local, Op.i64ExtendI32U, Op.localGet, 2, Op.i64ExtendI32U, Op.i64Add);
  for (const pointer of pointers) {
    endOf(pointer).raw(Op.memorySize, 0, Op.i64ExtendI32U, Op.i64Const, 16, Op.i64Shl, Op.i64LeU, Op.if, 0x40);
  }
  if (segmentBytes !== undefined) endOf(1).u8(Op.i64Const).signed(segmentBytes).raw(Op.i64LeU, Op.if, 0x40);
  then();
  const opened = pointers.length + (segmentBytes === undefined ? 0 : 1);
  for (let left = opened; left > 0; left -= 1) out.u8(Op.end);
}

function emitGrow(out: Sink, context: HelperContext): void {
  // Beyond the maximum the result is −1, as the instruction's own. `maxPages - size` can't wrap.
  out
    .raw(Op.localGet, 0)
    .u8(Op.i32Const)
    .signed(context.maxPages)
    .raw(Op.memorySize, 0, Op.i32Sub, Op.i32GtU, Op.if, 0x40);
  out.raw(Op.i32Const, 0x7f, Op.return, Op.end);
  charge(out, context, Helper.grow, () => {
    out.raw(Op.localGet, 0, Op.i64ExtendI32U).u8(Op.i64Const).signed(context.schedule.growPage).u8(Op.i64Mul);
  });
  // Local 0 is the result now. A −1 here means that V8 is out of memory, and other machines may not be.
  out.raw(Op.localGet, 0, Op.memoryGrow, 0, Op.localTee, 0, Op.i32Const, 0, Op.i32LtS, Op.if, 0x40);
  out.raw(Op.i32Const, 1).u8(Op.globalSet).u32(context.faultGlobal).raw(Op.unreachable, Op.end);
  out.raw(Op.localGet, 0);
}

/** Grows a memory of another module, whose maximum is not known here. Only in the specification's test suite. */
function emitForeignGrow(out: Sink): void {
  out.raw(Op.localGet, 0, Op.memoryGrow, 0);
}
