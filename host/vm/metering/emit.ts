// Carries out the plan of one function: copies its bytes, and splices in the charges, checks and stack accounting.
//
// G and S are the globals of the counter and the stack; g and s are locals, added after the function's own:
//
//   pay            local.get g · i64.const FUEL · i64.sub · local.set g
//   and write      local.get g · i64.const FUEL · i64.sub · local.tee g · global.set G
//   check          local.get g · i64.const OWED · i64.lt_s
//                  if · local.get g · i64.const OWED · i64.sub · global.set G · unreachable · end
//   after a call   global.get G · local.set g
//   branch         if · pay · br DEPTH+1 · end                         (a `br_if` that pays if it is taken)
//   otherwise      else · pay                                          (an `if` that pays if it is not entered)
//
// Of functions that lead to counted ones by several calls (`passesStackTwice`), and of counted functions:
//
//   entry          global.get S · local.set s                          (the former)
//                  global.get S · i32.const UNITS · i32.sub · local.set s
//   check both     local.get g · i64.const OWED · i64.sub · local.get s · i64.extend_i32_s · i64.or
//                  i64.const 0 · i64.lt_s · if · local.get s · global.set S · … as above · end
//   before a call  local.get s · global.set S                          (if the callee leads to counted functions)
//
// The global is exact at every instruction that may trap, call or leave the function, because `settle.ts` has chosen
// where to pay; V8 keeps g in a register.
//
// Rejected alternatives:
//   - writing the global only at calls and returns: a tenth faster, and every trap is under-counted
//   - testing the sign by a shift: no faster than the plain check (bench/vm.ts)
//   - separate checks of counter and stack at the entry of a counted function: recursion takes 1.6 of the unmetered
//     time, not 1.3
//   - giving a frame's units back on return, instead of passing what is left to each callee: one more write for each
//     call
//   - charging the whole body of a loop at its head, and giving back on the way out: a run with exactly enough fuel
//     runs out
// A function without loops and with few charges works on the global directly and needs no g.
//
// The counter is below zero before the next check finds it so: this distinguishes running out of fuel from any other
// trap.
import { I32, I64, Op } from '../format/opcodes.js';
import type { FunctionType } from '../format/parse.js';
import type { Sink } from '../format/sink.js';
import { TraceEmitter } from './emit-trace.js';
import type { TraceGlobals } from './trace.js';
import type { BodyPlan, Callee } from './body-plan.js';
import { Edit } from './body-plan.js';

/** Indices that every function's code refers to. */
export interface EmitContext {
  readonly source: Uint8Array;
  readonly fuelGlobal: number;
  readonly stackGlobal: number;
  /** Function index of a helper, which is added when it is first used. */
  helper(key: number): number;
  /** Index of the block type with these results. */
  blockType(results: readonly number[]): number;
  /** Whether a call of this may lead to a counted function; see `stack.ts`. */
  isDeep(callee: Callee): boolean;
}

/** A function without loops caches the counter in a local if it has at least so many charges. */
const CACHE_FROM_CHARGES = 3;
const NONE = -1;
const EMPTY_BLOCK = 0x40;

/** What `emitBody` needs to know of a function beside its plan. */
export interface FunctionShape {
  readonly type: FunctionType;
  /**
   * Units of stack that the function takes; 0 if it only leads to a counted function, `undefined` if it does neither.
   */
  readonly stackUnits: number | undefined;
  readonly trace: TraceGlobals | undefined;
}

/** Writes the body of a function into `out`, without its size. */
export function emitBody(out: Sink, context: EmitContext, plan: BodyPlan, shape: FunctionShape): void {
  const { type, stackUnits, trace: globals } = shape;
  const traced = globals !== undefined;
  const cached = traced || plan.loops > 0 || plan.charges >= CACHE_FROM_CHARGES;
  let locals = plan.locals;
  const fuelLocal = cached ? locals++ : NONE;
  const stackLocal =
    stackUnits === undefined || (stackUnits === 0 && !passesStackTwice(context, plan)) ? NONE : locals++;
  const trace = traced ? new TraceEmitter(out, globals, context.fuelGlobal, locals) : undefined;
  const groups = plan.groups + locals - plan.locals + (traced ? TraceEmitter.LOCALS.length : 0);

  out.u32(groups).copy(context.source, plan.groupsStart, plan.groupsEnd);
  if (fuelLocal !== NONE) out.raw(1, I64);
  if (stackLocal !== NONE) out.raw(1, I32);
  if (traced) for (const local of TraceEmitter.LOCALS) out.raw(1, local);

  const loadCounter = (): void =>
    void (cached ? out.u8(Op.localGet).u32(fuelLocal) : out.u8(Op.globalGet).u32(context.fuelGlobal));
  const subtract = (fuel: number): void => {
    if (fuel !== 0)
      out
        .u8(Op.i64Const)
        .signed(Math.abs(fuel))
        .u8(fuel > 0 ? Op.i64Sub : Op.i64Add);
  };
  const pay = (fuel: number, write: boolean): void => {
    if (fuel === 0 && !(cached && write)) return;
    loadCounter();
    subtract(fuel);
    if (cached && (fuel !== 0 || !write)) out.u8(write ? Op.localTee : Op.localSet).u32(fuelLocal);
    if (write || !cached) out.u8(Op.globalSet).u32(context.fuelGlobal);
  };
  /** Makes the global exact and ends the guest. */
  const giveUp = (owed: number, written: boolean): void => {
    if (owed > 0 || !written) {
      loadCounter();
      subtract(owed);
      out.u8(Op.globalSet).u32(context.fuelGlobal);
    }
    out.raw(Op.unreachable);
  };
  const check = (owed: number, written: boolean): void => {
    loadCounter();
    out.u8(Op.i64Const).signed(owed).raw(Op.i64LtS, Op.if, EMPTY_BLOCK);
    giveUp(owed, written || !cached);
    out.u8(Op.end);
  };
  const passStack = (): void => void out.u8(Op.localGet).u32(stackLocal).u8(Op.globalSet).u32(context.stackGlobal);
  /** Takes the function's units of stack, and checks at once whether stack or counter is below zero. */
  const checkBoth = (units: number, owed: number): void => {
    out.u8(Op.i32Const).signed(units).u8(Op.i32Sub).u8(Op.localSet).u32(stackLocal);
    loadCounter();
    subtract(owed);
    out.u8(Op.localGet).u32(stackLocal).raw(Op.i64ExtendI32S, Op.i64Or, Op.i64Const, 0, Op.i64LtS, Op.if, EMPTY_BLOCK);
    passStack();
    giveUp(owed, true);
    out.u8(Op.end);
  };
  /** The check at the function's entry. */
  const enter = (owed: number): void => {
    if (stackLocal === NONE) return check(owed, true);
    out.u8(Op.globalGet).u32(context.stackGlobal);
    if (stackUnits !== undefined && stackUnits > 0) return checkBoth(stackUnits, owed);
    out.u8(Op.localSet).u32(stackLocal);
    check(owed, true);
  };
  /**
   * Makes the body of a traced function a block, so that branches to the function's label reach the code at its end.
   */
  const wrap = (): void => {
    out.u8(Op.block);
    if (type.results.length === 0) out.u8(EMPTY_BLOCK);
    else if (type.results.length === 1) out.u8(type.results[0]!);
    else out.signed(context.blockType(type.results));
  };
  const reload = (): void => {
    trace?.resume();
    if (cached) out.u8(Op.globalGet).u32(context.fuelGlobal).u8(Op.localSet).u32(fuelLocal);
  };

  const { edits } = plan;
  let from = plan.groupsEnd;
  for (let edit = plan.first; edit < plan.end; edit += 1) {
    const operand = edits.operand[edit]!;
    const fuel = edits.pay[edit]!;
    const owed = edits.owes[edit]!;
    const write = edits.write[edit] === 1;
    out.copy(context.source, from, edits.at[edit]!);
    from = edits.resume[edit]!;
    switch (edits.kind[edit]) {
      case Edit.entry:
        trace?.entry();
        trace?.segment(edits.fuel[edit]!);
        if (cached) out.u8(Op.globalGet).u32(context.fuelGlobal).u8(Op.localSet).u32(fuelLocal);
        pay(fuel, write);
        enter(owed);
        if (traced) wrap();
        break;
      case Edit.loop:
        trace?.segment(edits.fuel[edit]!);
        pay(fuel, write);
        check(owed, write);
        break;
      case Edit.segment:
        trace?.segment(edits.fuel[edit]!);
        pay(fuel, write);
        break;
      case Edit.pay:
        pay(fuel, write);
        break;
      case Edit.branch:
        if (fuel === 0 && !write) {
          out.copy(context.source, edits.at[edit]!, from);
          break;
        }
        out.raw(Op.if, EMPTY_BLOCK);
        pay(fuel, write);
        out
          .u8(Op.br)
          .u32(operand + 1)
          .u8(Op.end);
        break;
      case Edit.otherwise:
        if (fuel === 0 && !write) break;
        out.u8(Op.else);
        pay(fuel, write);
        break;
      case Edit.leave:
        trace?.leave();
        break;
      case Edit.call:
        if (stackLocal !== NONE && context.isDeep(operand)) passStack();
        out.copy(context.source, edits.at[edit]!, from);
        reload();
        break;
      case Edit.helper:
        out.u8(Op.call).u32(context.helper(operand));
        reload();
        break;
    }
  }
  out.copy(context.source, from, plan.endAt);
  if (traced) {
    out.u8(Op.end);
    trace?.leave();
  }
  out.u8(Op.end);
}

/**
 * Whether more than one call may pass the stack in a run. Before the first, the global is still as the function found
 * it.
 */
function passesStackTwice({ isDeep }: EmitContext, { edits, first, end, loops }: BodyPlan): boolean {
  let deep = loops > 0 ? 1 : 0;
  for (let edit = first; edit < end && deep < 2; edit += 1) {
    if (edits.kind[edit] === Edit.call && isDeep(edits.operand[edit]!)) deep += 1;
  }
  return deep >= 2;
}
