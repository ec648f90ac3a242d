// One pass over a function body: refuses what is not allowed, measures what is bounded, and plans the edits that
// metering makes. Nothing is written here; `emit.ts` carries the plan out.
//
// What is charged, and where. A *segment* is a run of instructions that always execute together unless one of them
// traps: a basic block, except that a call does not end it, because control either returns or the whole run ends. It
// opens at the function's entry, at the head of a loop, at the start of either arm of an `if`, after a `br_if`, and
// after an `end` that can be reached other than by fall-through (of an `if`, or of a block that is branched out of).
// The prices of all its instructions are due when control enters it; `settle.ts` finds where they are paid at the
// latest. So on every path that completes, the sum equals that of a meter that charges instruction by instruction. If
// an instruction traps, the rest of its segment has been charged too, on every machine alike.
//
// Unreachable code is neither charged nor edited; V8 compiles none of it.
import type { BodyPlan, Edits, HelperKey } from './body-plan.js';
import { Edit, Helper } from './body-plan.js';
import { Callees } from './callees.js';
import { ControlStack } from './control-stack.js';
import type { Cursor } from '../format/cursor.js';
import { mergesOf, Weight, weightOfCall } from './effort.js';
import { passOther, passOtherPrefixed } from '../format/everything.js';
import { Flow } from './flow.js';
import { PAGE_BYTES, type Limits } from '../format/limits.js';
import { DELTA, F64, Form, I32, I64, Op, Prefixed, Trait, TRAITS } from '../format/opcodes.js';
import { KnownOperands } from './operands.js';
import type { ParsedModule } from '../format/parse.js';
import { refusedType } from '../format/parse.js';
import type { Schedule } from './schedule.js';
import { Ledger } from './settle.js';

/** What the scanner needs, the same for every body of a module. */
export interface ScanContext {
  readonly cursor: Cursor;
  readonly module: ParsedModule;
  readonly limits: Limits;
  readonly schedule: Schedule;
  readonly prices: Int32Array;
  /** Receives the edits of the plans. */
  readonly edits: Edits;
}

/** Scans the bodies of one module. */
export class Scanner {
  readonly #context: ScanContext;
  readonly #cursor: Cursor;
  readonly #module: ParsedModule;
  readonly #lax: boolean;
  readonly #prices: Int32Array;
  readonly #operandsMax: number;
  readonly #control = new ControlStack();
  readonly #flow: Flow;
  readonly #ledger: Ledger;
  readonly #calls: Callees;
  readonly #indirectTypes: Callees;
  readonly #known: KnownOperands;
  /**
   * Whether the code is reachable: false after an instruction that never falls through, up to a label that is reached.
   */
  #live = true;
  /** Values on the operand stack, and the most there have been. */
  #height = 0;
  #operands = 0;
  /** The most blocks open at once, and targets of a `br_table`. */
  #nesting = 0;
  #targets = 0;
  /** Of the control operators; see `effort.ts`. */
  #weight = 0;
  #loops = 0;
  #locals = 0;

  constructor(context: ScanContext) {
    this.#context = context;
    this.#cursor = context.cursor;
    this.#module = context.module;
    this.#lax = context.module.dialect === 'everything';
    this.#prices = context.prices;
    this.#operandsMax = context.limits.operands;
    this.#flow = new Flow(this.#module.bodies.reduce((most, { start, end }) => Math.max(most, end - start), 0));
    this.#ledger = new Ledger(context.edits);
    this.#calls = new Callees(this.#module.functionTypes.length);
    this.#indirectTypes = new Callees(this.#module.types.length);
    this.#known = new KnownOperands((this.#module.memory?.min ?? 0) * PAGE_BYTES);
  }

  /** Scans the defined function `index`. */
  scan(index: number): BodyPlan {
    const cursor = this.#cursor;
    const module = this.#module;
    const context = this.#context;
    const body = module.bodies[index]!;
    const type = module.types[module.functionTypes[module.importedFunctions + index]!]!;
    this.#flow.begin();
    this.#calls.begin();
    this.#indirectTypes.begin();
    this.#known.forget();
    this.#live = true;
    this.#height = this.#operands = this.#nesting = this.#targets = this.#weight = this.#loops = 0;
    this.#control.clear();
    cursor.pos = body.start;
    cursor.end = body.end;
    const groups = cursor.u32();
    const groupsStart = cursor.pos;
    this.#locals = type.params.length;
    for (let left = groups; left > 0; left -= 1) {
      const at = cursor.pos;
      this.#locals += cursor.u32();
      if (this.#locals > context.limits.locals) cursor.fail(`more than ${context.limits.locals} locals`, at);
      this.#valueType();
    }
    const groupsEnd = cursor.pos;
    this.#enter(0, 0, type.results.length, cursor.pos);
    this.#flow.open(Edit.entry, cursor.pos);
    this.#flow.price = this.#locals * context.schedule.local;
    while (this.#control.depth > 0) this.#instruction();
    this.#flow.end(cursor.pos);
    if (cursor.pos !== body.end) cursor.fail('code after the end of the function');
    const bytes = body.end - body.start;
    const values = this.#locals + this.#operands;
    const merges = mergesOf(bytes, values, this.#weight);
    if (merges > context.limits.mergesOfFunction) {
      const control = `${bytes} bytes and control operators weighing ${this.#weight}`;
      cursor.fail(`${control} over ${values} locals and operands are too many`, body.start);
    }
    const { edits } = this.#ledger;
    const first = this.#ledger.settle(this.#flow);
    let charges = 0;
    for (let edit = first; edit < edits.length; edit += 1) {
      if (edits.pay[edit] !== 0 || edits.kind[edit] === Edit.entry || edits.kind[edit] === Edit.loop) charges += 1;
    }
    return {
      groupsStart,
      groupsEnd,
      groups,
      locals: this.#locals,
      endAt: cursor.pos - 1,
      operands: this.#operands,
      merges,
      loops: this.#loops,
      nesting: this.#nesting,
      targets: this.#targets,
      charges,
      edits,
      first,
      end: edits.length,
      calls: this.#calls.list,
      indirectTypes: this.#indirectTypes.list,
    };
  }

  #valueType(): void {
    const type = this.#cursor.u8();
    if (type !== I32 && type !== I64 && !this.#lax) this.#cursor.fail(refusedType(type), this.#cursor.pos - 1);
  }

  #move(delta: number): void {
    this.#height += delta;
    if (this.#height > this.#operands) this.#operands = this.#height;
  }

  /** Control does not fall through to the next instruction. */
  #dead(): void {
    this.#flow.close();
    this.#live = false;
    this.#height = this.#control.base[this.#control.top]!;
  }

  #enter(op: number, arityIn: number, arityOut: number, at: number): void {
    const control = this.#control;
    if (control.depth >= this.#context.limits.nesting)
      this.#cursor.fail(`more than ${this.#context.limits.nesting} nested blocks`);
    control.push(op, Math.max(this.#height - arityIn, 0), arityIn, arityOut, this.#live);
    if (control.depth > this.#nesting) this.#nesting = control.depth;
    this.#flow.enter(op === Op.loop, at, this.#live);
  }

  #instruction(): void {
    const cursor = this.#cursor;
    const flow = this.#flow;
    const at = cursor.pos;
    const op = cursor.u8();
    const traits = TRAITS[op]!;
    if (this.#live) flow.price += this.#prices[op]!;
    if ((traits & Trait.float) !== 0 && !this.#lax) cursor.fail(refusedType(F64), at);
    const form = traits & Trait.form;
    if (form === Form.simple) {
      if ((traits & Trait.observes) !== 0 && !this.#known.canDivide()) flow.observed = true;
      if ((traits & Trait.signedDivision) !== 0) this.#weight += Weight.signedDivision;
      this.#move(DELTA[op]!);
    } else if (form === Form.local) {
      if (cursor.u32() >= this.#locals) cursor.fail('no such local', at);
      this.#move(DELTA[op]!);
    } else if (form === Form.memory) {
      if (cursor.u32() > 3) cursor.fail('alignment larger than natural', at);
      if (!this.#known.isWithinMemory(op, cursor.u32())) flow.observed = true;
      this.#move(DELTA[op]!);
    } else if (form === Form.special) {
      if ((traits & Trait.observes) !== 0) flow.observed = true;
      this.#special(op, at, traits);
    } else {
      cursor.fail(`opcode 0x${op.toString(16).padStart(2, '0')} is not allowed`, at);
    }
    this.#known.after(op);
    if (this.#height < 0) this.#height = 0;
    if (this.#operands > this.#operandsMax) cursor.fail(`more than ${this.#operandsMax} operands`, at);
  }

  #special(op: number, at: number, traits: number): void {
    const cursor = this.#cursor;
    if ((traits & Trait.reference) !== 0 && !this.#lax) cursor.fail('reference types are not allowed', at);
    switch (op) {
      case Op.unreachable:
        return this.#dead();
      case Op.nop:
        return;
      case Op.block:
      case Op.loop:
      case Op.if:
        return this.#block(op, at);
      case Op.else:
        return this.#else(at);
      case Op.end:
        return this.#end(at);
      case Op.br:
        return this.#br(at);
      case Op.brIf:
        return this.#brIf(at);
      case Op.brTable:
        return this.#brTable(at);
      case Op.return:
        this.#weight += Weight.branch;
        if (this.#live) this.#flow.edit(Edit.leave, at, 0);
        return this.#dead();
      case Op.call:
      case Op.callIndirect:
        return this.#call(op, at);
      case Op.globalGet:
      case Op.globalSet:
        if (cursor.u32() >= this.#module.globals) cursor.fail('no such global', at);
        if (op === Op.globalSet) this.#weight += Weight.globalWrite;
        return this.#move(op === Op.globalGet ? 1 : -1);
      case Op.memorySize:
        this.#memoryIndex();
        return this.#move(1);
      case Op.memoryGrow:
        this.#memoryIndex();
        return this.#replace(Helper.grow, at);
      case Op.i32Const:
        this.#known.constant(cursor.natural(5));
        return this.#move(1);
      case Op.i64Const:
        this.#known.constant(cursor.natural(10));
        return this.#move(1);
      case Op.prefixed:
        return this.#prefixed(at);
      default:
        return this.#move(passOther(cursor, op));
    }
  }

  #prefixed(at: number): void {
    const cursor = this.#cursor;
    const op = cursor.u32();
    switch (op) {
      case Prefixed.memoryInit: {
        const segment = cursor.u32();
        this.#memoryIndex();
        if (segment >= this.#module.dataLengths.length) cursor.fail('no such data segment', at);
        this.#move(-3);
        return this.#replace(Helper.init + 4 * segment, at);
      }
      case Prefixed.dataDrop:
        cursor.u32();
        return;
      case Prefixed.memoryCopy:
        this.#memoryIndex();
        this.#memoryIndex();
        this.#move(-3);
        return this.#replace(Helper.copy, at);
      case Prefixed.memoryFill:
        this.#memoryIndex();
        this.#move(-3);
        return this.#replace(Helper.fill, at);
    }
    if (!this.#lax) cursor.fail(op < 8 ? refusedType(F64) : `opcode 0xfc ${op} is not allowed`, at);
    return this.#move(passOtherPrefixed(cursor, op, at));
  }

  #memoryIndex(): void {
    if (this.#cursor.u8() !== 0) this.#cursor.fail('more than one memory', this.#cursor.pos - 1);
  }

  #replace(helper: HelperKey, at: number): void {
    this.#weight += Weight.helper;
    if (this.#live) this.#flow.edit(Edit.helper, at, helper, this.#cursor.pos);
  }

  #block(op: number, start: number): void {
    const cursor = this.#cursor;
    const at = cursor.pos;
    const type = cursor.blockType();
    let arityIn = 0;
    let arityOut = 0;
    if (type >= 0) {
      const signature = this.#module.types[type];
      if (signature === undefined) this.#cursor.fail(`no type ${type}`, at);
      arityIn = signature.params.length;
      arityOut = signature.results.length;
    } else if (type !== -64) {
      cursor.pos = at;
      this.#valueType();
      arityOut = 1;
    }
    this.#weight += op === Op.loop ? Weight.loop : op === Op.if ? Weight.if : Weight.block;
    if (op === Op.if) this.#height -= 1;
    if (this.#height < 0) this.#height = 0;
    if (op !== Op.block) this.#flow.close();
    this.#enter(op, arityIn, arityOut, start);
    if (!this.#live || op === Op.block) return;
    if (op === Op.if) return this.#flow.open(Edit.segment, cursor.pos);
    this.#loops += 1;
    this.#flow.open(Edit.loop, cursor.pos);
    this.#flow.price = this.#context.schedule.loopHead;
  }

  #else(at: number): void {
    const control = this.#control;
    const { top } = control;
    if (control.opener[top] !== Op.if) this.#cursor.fail('else without if', at);
    control.opener[top] = Op.else;
    if (this.#live) control.branchedTo[top] = true;
    this.#height = control.base[top]! + control.arityIn[top]!;
    this.#flow.close();
    this.#flow.else(at, this.#live);
    this.#live = control.reachable[top]!;
    if (this.#live) this.#flow.open(Edit.segment, this.#cursor.pos);
  }

  #end(at: number): void {
    const control = this.#control;
    const top = control.pop();
    const impliedElse = control.reachable[top]! && control.opener[top] === Op.if;
    const merges = control.branchedTo[top]! || impliedElse;
    this.#height = control.base[top]! + control.arityOut[top]!;
    if (this.#height > this.#operands) this.#operands = this.#height;
    if (top === 0) {
      this.#flow.observed = true; // out of the function
      return;
    }
    if (merges) this.#flow.close();
    this.#flow.labelEnd(at, this.#live, merges, impliedElse);
    this.#live ||= merges;
    if (merges) this.#flow.open(Edit.segment, this.#cursor.pos);
  }

  /**
   * Reads a label, notes that it is branched to, and returns its relative depth. The label of a loop is its head, not
   * its end.
   */
  #label(): number {
    const cursor = this.#cursor;
    const control = this.#control;
    const at = cursor.pos;
    const depth = cursor.u32();
    const target = control.top - depth;
    if (target < 0) cursor.fail('no such label', at);
    this.#weight += Weight.branch;
    if (target === 0) this.#flow.observed = true; // out of the function
    if (this.#live && control.opener[target] !== Op.loop) control.branchedTo[target] = true;
    return depth;
  }

  #br(at: number): void {
    const depth = this.#label();
    this.#flow.close();
    if (this.#live) this.#flow.br(depth, at);
    this.#dead();
  }

  #brIf(at: number): void {
    const control = this.#control;
    const depth = this.#label();
    this.#weight += Weight.conditionalBranch - Weight.branch;
    this.#height -= 1;
    if (!this.#live) return;
    const target = control.top - depth;
    this.#flow.close();
    this.#flow.brIf(depth, at, this.#cursor.pos, control.opener[target] !== Op.loop && control.arityOut[target]! > 0);
    this.#flow.open(Edit.segment, this.#cursor.pos);
  }

  #brTable(at: number): void {
    const targets = this.#cursor.count(this.#context.limits.brTableTargets, 'targets of a br_table');
    this.#targets = Math.max(this.#targets, targets);
    this.#weight += Weight.branchTable;
    if (this.#live) this.#flow.price += Math.floor(targets / this.#context.schedule.brTableTargetsPerFuel);
    const depths = new Set<number>();
    for (let left = targets; left >= 0; left -= 1) depths.add(this.#label());
    this.#flow.close();
    if (this.#live) this.#flow.brTable([...depths], at);
    this.#dead();
  }

  #call(op: number, at: number): void {
    const cursor = this.#cursor;
    const module = this.#module;
    const callee = cursor.u32();
    const type = op === Op.call ? module.functionTypes[callee] : callee;
    if (type === undefined || type >= module.types.length) this.#cursor.fail('no such function or type', at);
    if (op === Op.callIndirect) {
      const table = cursor.u32();
      if (table >= module.tables) cursor.fail('no such table', at);
      this.#height -= 1;
    }
    const signature = module.types[type]!;
    this.#height = Math.max(this.#height - signature.params.length, 0);
    this.#move(signature.results.length);
    this.#weight += weightOfCall(op === Op.callIndirect, signature.params.length, signature.results.length);
    if (!this.#live) return;
    if (op === Op.call) this.#calls.add(callee);
    else this.#indirectTypes.add(type);
    this.#flow.edit(Edit.call, at, op === Op.call ? callee : -1 - type, cursor.pos);
  }
}
