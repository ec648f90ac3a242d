// Carries out the plan of one function: copies its bytes and splices in the charges, checks and stack accounting.
//
// With G and S the globals of the counter and the stack, and g, s locals added at the end:
//
//   pay         local.get g · i64.const FUEL · i64.sub · local.set g
//   and write   local.get g · i64.const FUEL · i64.sub · local.tee g · global.set G
//   check       local.get g · i64.const OWED · i64.lt_s
//               if · local.get g · i64.const OWED · i64.sub · global.set G · unreachable · end
//   after call  global.get G · local.set g
//   stack       global.get S · local.set s                                          (functions that lead to counted ones,
//                                                                                    by more than one call: see `tellsTwice`)
//               global.get S · i32.const UNITS · i32.sub · local.set s              (counted ones)
//   check both  local.get g · i64.const OWED · i64.sub · local.get s · i64.extend_i32_s · i64.or · i64.const 0 · i64.lt_s
//               if · local.get s · global.set S · … as above · end                  (at their entry)
//   before call local.get s · global.set S                                          (of what leads to counted ones)
//   branch      if · pay · br DEPTH+1 · end                                         (a `br_if` that pays when it is taken)
//   otherwise   else · pay                                                          (an `if` that pays when it is not entered)
//
// The global is right at every instruction that may trap, call or leave the function; V8 keeps g in a register. `settle.ts`
// finds where to pay, so that this is so.
//
// Rejected, as each tempts:
//   - writing the global only at calls and returns: a tenth faster, and every trap is under-counted
//   - testing the sign by a shift: not faster than the plain check (bench/vm.ts)
//   - two checks at the entry of a counted function, one of the counter and one of the stack: recursion 1.6 instead of 1.3
//   - giving a frame back on the way out, instead of telling each callee what is left: a write more for each call
//   - charging a loop's whole body at its head and giving back on the way out: a run with exactly enough fuel runs out
// A function with no loop and few charges works on the global directly and needs no g.
//
// The counter runs below zero before the next check sees it; that is how running out is told from any other trap.
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
  /** Function index of a helper, which is added on first use. */
  helper(key: number): number;
  /** Index of the block type with these results. */
  blockType(results: readonly number[]): number;
  /** May a call of this lead to a function that counts on the stack? */
  isDeep(callee: Callee): boolean;
}

/** From so many charges on, a function without loops caches the counter in a local. */
const CACHE_FROM_CHARGES = 3;
const NONE = -1;
const EMPTY_BLOCK = 0x40;

/** What differs from function to function beside its plan. */
export interface FunctionShape {
  readonly type: FunctionType;
  /** Units of stack that the function takes, 0 where it only leads to one that does; `undefined` where it does neither. */
  readonly stackUnits: number | undefined;
  readonly trace: TraceGlobals | undefined;
}

/** Writes the body of a function, its size left out, into `out`. */
export function emitBody(out: Sink, context: EmitContext, plan: BodyPlan, shape: FunctionShape): void {
  const { type, stackUnits, trace: globals } = shape;
  const traced = globals !== undefined;
  const cached = traced || plan.loops > 0 || plan.charges >= CACHE_FROM_CHARGES;
  let locals = plan.locals;
  const fuelLocal = cached ? locals++ : NONE;
  const stackLocal = stackUnits === undefined || (stackUnits === 0 && !tellsTwice(context, plan)) ? NONE : locals++;
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
  /** The global becomes what it would be if nothing were owed, and the guest ends. */
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
  const tellStack = (): void => void out.u8(Op.localGet).u32(stackLocal).u8(Op.globalSet).u32(context.stackGlobal);
  /** Takes a function's units, and checks stack and counter at once: is either below zero? */
  const checkBoth = (units: number, owed: number): void => {
    out.u8(Op.i32Const).signed(units).u8(Op.i32Sub).u8(Op.localSet).u32(stackLocal);
    loadCounter();
    subtract(owed);
    out.u8(Op.localGet).u32(stackLocal).raw(Op.i64ExtendI32S, Op.i64Or, Op.i64Const, 0, Op.i64LtS, Op.if, EMPTY_BLOCK);
    tellStack();
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
  /** Branches to a traced function's own label must pass what is done when it is left: the body becomes a block. */
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
        if (stackLocal !== NONE && context.isDeep(operand)) tellStack();
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

/** Can a call that tells the stack follow another? The first finds the global as the function did. */
function tellsTwice({ isDeep }: EmitContext, { edits, first, end, loops }: BodyPlan): boolean {
  let deep = loops > 0 ? 1 : 0;
  for (let edit = first; edit < end && deep < 2; edit += 1) {
    if (edits.kind[edit] === Edit.call && isDeep(edits.operand[edit]!)) deep += 1;
  }
  return deep >= 2;
}
