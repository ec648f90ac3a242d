// Carries out the plan of one function: copies its bytes and splices in the charges, checks and stack accounting.
//
// With G and S the globals of the counter and the stack, and g, s locals added at the end:
//
//   charge      local.get g · i64.const FUEL · i64.sub · local.tee g · global.set G
//   check       local.get g · i64.const 0 · i64.lt_s · if · unreachable · end
//   after call  global.get G · local.set g
//   entry       global.get S · i32.const UNITS · i32.sub · local.tee s · global.set S
//               local.get s · i32.const 0 · i32.lt_s · if · unreachable · end       (counted functions only)
//   leave       local.get s · i32.const UNITS · i32.add · global.set S              (the same)
//
// The counter is *written through*: the global is right at every instruction that may trap, call or leave the function, and
// V8 keeps g in a register. A segment without any such instruction leaves the writing to those that follow it, which all
// charge or, where they cost nothing, write what they find; its own check writes before it gives up.
//
// Rejected, as each tempts:
//   - writing the global only at calls and returns: a tenth faster, and every trap is under-counted
//   - comparing before subtracting, or testing the sign by a shift: not faster than the plain check (bench/vm.ts)
//   - charging a loop's whole body at its head and giving back on the way out: a run with exactly enough gas runs out
// A function with no loop and few charges works on the global directly and needs no g but for its checks.
//
// The counter runs below zero before the next check sees it; that is how running out is told from any other trap.
import { I32, I64, Op } from './opcodes.js';
import type { FunctionType } from './parse.js';
import type { Sink } from './sink.js';
import type { TraceGlobals } from './trace.js';
import type { BodyPlan } from './body-plan.js';
import { Edit } from './body-plan.js';

/** Indices that every function's code refers to. */
export interface EmitContext {
  readonly source: Uint8Array;
  readonly gasGlobal: number;
  readonly stackGlobal: number;
  /** Function index of a helper, which is added on first use. */
  helper(key: number): number;
  /** Index of the block type with these results. */
  blockType(results: readonly number[]): number;
}

/** From so many charges on, a function without loops caches the counter in a local. */
const CACHE_FROM_CHARGES = 3;
const NONE = -1;
const EMPTY_BLOCK = 0x40;

/** What differs from function to function beside its plan. */
export interface FunctionShape {
  readonly type: FunctionType;
  /** Units of stack, where the function counts them. */
  readonly stackUnits: number | undefined;
  readonly trace: TraceGlobals | undefined;
}

/** Writes the body of a function, its size left out, into `out`. */
export function emitBody(out: Sink, context: EmitContext, plan: BodyPlan, { type, stackUnits, trace }: FunctionShape): void {
  const cached = trace !== undefined || plan.loops > 0 || plan.charges >= CACHE_FROM_CHARGES;
  let locals = plan.locals;
  const gasLocal = cached ? locals++ : NONE;
  const stackLocal = stackUnits === undefined ? NONE : locals++;
  const added = locals - plan.locals;

  out.u32(plan.groups + added).copy(context.source, plan.groupsStart, plan.groupsEnd);
  if (gasLocal !== NONE) out.raw(1, I64);
  if (stackLocal !== NONE) out.raw(1, I32);

  const addTo = (global: number, amount: number): void => {
    out.u8(Op.globalGet).u32(global).u8(Op.i64Const).signed(amount).u8(Op.i64Add).u8(Op.globalSet).u32(global);
  };
  /** Does this charge leave the writing to later ones? */
  const isLate = (edit: number): boolean => (
    cached && plan.observed[edit] === 0 && !(plan.kind[edit] === Edit.entry && stackUnits !== undefined)
  );
  const someLate = plan.at.some((_, edit) => isLate(edit));
  const write = (): void => void out.u8(Op.localGet).u32(gasLocal).u8(Op.globalSet).u32(context.gasGlobal);
  const charge = (fuel: number, late: boolean, first = false): void => {
    if (!cached || first) out.u8(Op.globalGet).u32(context.gasGlobal);
    else out.u8(Op.localGet).u32(gasLocal);
    if (fuel > 0) out.u8(Op.i64Const).signed(fuel).u8(Op.i64Sub);
    if (trace !== undefined) addTo(trace.fuel, fuel);
    if (late) {
      out.u8(Op.localSet).u32(gasLocal);
      return;
    }
    if (cached) out.u8(Op.localTee).u32(gasLocal);
    out.u8(Op.globalSet).u32(context.gasGlobal);
  };
  const check = (late: boolean): void => {
    if (cached) out.u8(Op.localGet).u32(gasLocal);
    else out.u8(Op.globalGet).u32(context.gasGlobal);
    out.raw(Op.i64Const, 0, Op.i64LtS, Op.if, EMPTY_BLOCK);
    if (late) write();
    out.raw(Op.unreachable, Op.end);
  };
  const takeFrame = (units: number): void => {
    out.u8(Op.globalGet).u32(context.stackGlobal).u8(Op.i32Const).signed(units).u8(Op.i32Sub);
    out.u8(Op.localTee).u32(stackLocal).u8(Op.globalSet).u32(context.stackGlobal);
    out.u8(Op.localGet).u32(stackLocal).raw(Op.i32Const, 0, Op.i32LtS, Op.if, EMPTY_BLOCK, Op.unreachable, Op.end);
    // Branches to the function's own label must pass the end of the frame: the body becomes a block.
    out.u8(Op.block);
    if (type.results.length === 0) out.u8(EMPTY_BLOCK);
    else if (type.results.length === 1) out.u8(type.results[0]!);
    else out.signed(context.blockType(type.results));
  };
  const giveFrame = (): void => {
    if (stackUnits === undefined) return;
    out.u8(Op.localGet).u32(stackLocal).u8(Op.i32Const).signed(stackUnits).u8(Op.i32Add);
    out.u8(Op.globalSet).u32(context.stackGlobal);
  };
  const reload = (): void => {
    if (cached) out.u8(Op.globalGet).u32(context.gasGlobal).u8(Op.localSet).u32(gasLocal);
  };

  let from = plan.groupsEnd;
  for (let edit = 0; edit < plan.at.length; edit += 1) {
    const value = plan.value[edit]!;
    out.copy(context.source, from, plan.at[edit]!);
    from = plan.resume[edit]!;
    switch (plan.kind[edit]) {
      case Edit.entry:
        if (trace !== undefined) addTo(trace.calls, 1);
        charge(value, isLate(edit), true);
        check(isLate(edit));
        if (stackUnits !== undefined) takeFrame(stackUnits);
        break;
      case Edit.loop:
        charge(value, isLate(edit));
        check(isLate(edit));
        break;
      case Edit.segment:
        if (value > 0) charge(value, isLate(edit));
        else if (someLate && !isLate(edit)) write();
        break;
      case Edit.leave:
        giveFrame();
        break;
      case Edit.reload:
        reload();
        break;
      case Edit.helper:
        out.u8(Op.call).u32(context.helper(value));
        reload();
        break;
    }
  }
  out.copy(context.source, from, plan.endAt);
  if (stackUnits !== undefined) {
    out.u8(Op.end);
    giveFrame();
  }
  out.u8(Op.end);
}
