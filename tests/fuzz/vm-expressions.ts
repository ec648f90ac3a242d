// The part of a random function body that leaves values on the operand stack or branches. `vm-body.ts` has the
// statements.
import { leb } from '../../bench/vm-raw.js';
import type { Dice, Type } from './vm-dice.js';
import { constant, edge, I32, I64 } from './vm-dice.js';
import type { Shape, Signature } from './vm-shape.js';
import { ARITHMETIC, COMPARISON, DIVISION, LOAD, UNARY } from './vm-instructions.js';

/**
 * Writes expressions. Each method leaves exactly the values it is named after, unless control does not reach its end.
 */
export abstract class Expressions {
  protected readonly out: number[] = [];
  protected readonly locals: Type[];
  protected readonly declared: [count: number, type: Type][];
  /** What a branch to each open label takes; the function's own first. */
  protected readonly labels: (readonly Type[])[];
  protected budget = 0;
  /** Almost only control flow: little is due anywhere, and the counter is rarely observed. */
  protected bare = false;

  constructor(
    protected readonly shape: Shape,
    protected readonly dice: Dice,
    protected readonly signature: Signature,
  ) {
    this.declared = dice.many(dice.roll(5), () => [dice.pick([0, 1, 1, 1, 2, dice.roll(40)]), this.type()]);
    this.locals = [...signature.params, ...this.declared.flatMap(([count, type]) => dice.many(count, () => type))];
    this.labels = [signature.results];
  }

  protected type(): Type {
    return this.dice.pick([I32, I32, I64]);
  }

  protected types(most: number): Type[] {
    return this.dice.many(this.dice.roll(most + 1), () => this.type());
  }

  protected emit(...bytes: number[]): void {
    this.out.push(...bytes);
  }

  protected values(types: readonly Type[], depth: number): void {
    for (const type of types) this.value(type, depth);
  }

  /** Takes operands off the stack, the last first: into locals or away. */
  protected consume(types: readonly Type[]): void {
    for (const type of [...types].reverse()) {
      const local = this.local(type);
      if (local !== undefined && this.dice.once(2)) this.emit(0x21, ...leb(local));
      else this.emit(0x1a);
    }
  }

  protected local(type: Type): number | undefined {
    const fitting = this.locals.flatMap((local, index) => (local === type ? [index] : []));
    return fitting.length === 0 ? undefined : this.dice.pick(fitting);
  }

  /** As many as there is room for. */
  protected abstract statements(depth: number): void;

  /** An open construct and its end; `label` is what a branch to it takes. */
  protected inside(label: readonly Type[], inside: () => void): void {
    this.labels.push(label);
    inside();
    this.labels.pop();
    this.emit(0x0b);
  }

  protected target(): { depth: number; takes: readonly Type[] } {
    const depth = this.dice.roll(this.labels.length);
    return { depth, takes: this.labels[this.labels.length - 1 - depth]! };
  }

  /** `br_table` over labels that take the same; their values are on the stack already. */
  protected table(takes: readonly Type[], target: number, index: () => void): void {
    const { dice } = this;
    const last = this.labels.length - 1;
    const same = this.labels.flatMap((label, at) => (label.join() === takes.join() ? [last - at] : []));
    const targets = dice.many(dice.pick([0, 1, 3, 8, dice.roll(40)]), () => leb(dice.pick(same)));
    index();
    this.emit(0x0e, ...leb(targets.length), ...targets.flat(), ...leb(target));
  }

  protected call(depth: number, wanted?: Type): readonly Type[] {
    const { dice, shape } = this;
    const resultsOf = (type: number): readonly Type[] => shape.signatures[type]!.results;
    const fits = (type: number): boolean => wanted === undefined || resultsOf(type).join() === String(wanted);
    const functions = shape.functions.flatMap((type, index) => (fits(type) ? [index] : []));
    const types = shape.signatures.flatMap((_, index) => (fits(index) ? [index] : []));
    if (types.length === 0 || functions.length === 0) {
      if (wanted !== undefined) this.value(wanted, 0);
      return wanted === undefined ? [] : [wanted];
    }
    const indirect = dice.once(3);
    const index = dice.pick(functions);
    // Mostly a type that some function has: the others always trap.
    const type = indirect && dice.once(6) ? dice.pick(types) : shape.functions[index]!;
    this.values(shape.signatures[type]!.params, depth - 1);
    if (indirect) {
      if (dice.once(3)) this.value(I32, depth - 1);
      else this.emit(0x41, dice.roll(shape.tableEntries + 1));
      this.emit(0x11, ...leb(type), 0);
    } else {
      this.emit(0x10, ...leb(index));
    }
    return resultsOf(type);
  }

  /** An i32 that is usually a valid address. Returns an offset to use with it. */
  protected address(depth: number): number {
    const { dice } = this;
    this.value(I32, depth);
    const offset = dice.pick([0, 0, 8, 65_000]);
    if (dice.once(12)) return offset;
    const mask = dice.pick([0x3fff, 0x3fff, 0xff, 0xfffc]);
    this.emit(...constant(I32, mask), 0x71);
    if (!dice.once(4)) return offset;
    // At the end of a page, or beyond, as large as it can be.
    const [shift, term] = [dice.roll(3), dice.roll(300)];
    this.emit(...constant(I32, shift), 0x74, ...constant(I32, term), 0x6a);
    return Math.max(0, 65_536 - (mask << shift) - term - dice.roll(10));
  }

  protected leaveBy(op: number, takes: readonly Type[], ...immediates: number[]): void {
    this.values(takes, 1);
    this.emit(op, ...immediates);
  }

  /** Ends in an instruction that never falls through. */
  protected diverge(depth: number): void {
    const { dice } = this;
    const { depth: target, takes } = this.target();
    switch (dice.roll(6)) {
      case 0:
        return this.emit(0x00);
      case 1:
        return this.leaveBy(0x0f, this.signature.results);
      case 2:
        this.values(takes, depth - 1);
        return this.table(takes, target, () => this.value(I32, depth - 1));
      default:
        return this.leaveBy(0x0c, takes, ...leb(target));
    }
  }

  protected value(type: Type, depth: number): void {
    const { dice } = this;
    this.budget -= 1;
    const local = this.local(type);
    if (depth <= 0 || this.budget <= 0 || (this.bare && !dice.once(6))) {
      if (local !== undefined && !dice.once(3)) return this.emit(0x20, ...leb(local));
      return this.emit(...constant(type, edge(dice, type)));
    }
    const next = depth - 1;
    switch (dice.roll(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        this.values([type, type], next);
        return this.emit(dice.pick(ARITHMETIC[type]));
      case 4:
        this.value(type, next);
        // Mostly by an odd number: few programs divide by zero.
        this.value(type, next);
        if (!dice.once(4)) this.emit(...constant(type, 1), type === I32 ? 0x72 : 0x84);
        return this.emit(dice.pick(DIVISION[type]));
      case 5:
      case 6: {
        const operand = this.type();
        if (type === I64) {
          this.value(I32, next);
          return this.emit(dice.pick([0xac, 0xad]));
        }
        if (operand === I64 && dice.once(4)) {
          this.value(I64, next);
          return this.emit(dice.pick([0x50, 0xa7]));
        }
        this.values([operand, operand], next);
        return this.emit(dice.pick(COMPARISON[operand]));
      }
      case 7:
        this.value(type, next);
        return this.emit(dice.pick(UNARY[type]));
      case 8: {
        const [op, align] = dice.pick(LOAD[type]);
        const offset = this.address(next);
        return this.emit(op, dice.roll(align + 1), ...leb(offset));
      }
      case 9:
        this.values([type, type, I32], next);
        return this.emit(0x1b);
      case 10: {
        const op = dice.pick([0x02, 0x02, 0x03]);
        this.emit(op, type);
        return this.inside(op === 0x03 ? [] : [type], () => {
          this.statements(next);
          this.value(type, next);
        });
      }
      case 11:
        this.value(I32, next);
        this.emit(0x04, type);
        return this.inside([type], () => {
          this.statements(next);
          this.value(type, next);
          this.emit(0x05);
          this.statements(next);
          this.value(type, next);
        });
      case 12: {
        const globals = this.shape.globals.flatMap((global, index) => (global.type === type ? [index] : []));
        if (globals.length > 0) return this.emit(0x23, ...leb(dice.pick(globals)));
        return type === I32 ? this.emit(0x3f, 0) : this.emit(...constant(type, edge(dice, type)));
      }
      case 13:
        return void this.call(next, type);
      case 14:
        if (!dice.once(8)) return this.value(type, next);
        this.diverge(next);
        return dice.once(2) ? undefined : this.value(type, 0);
      default:
        this.value(type, next);
        if (local !== undefined) this.emit(0x22, ...leb(local));
    }
  }
}
