// Random function bodies: well typed, and fond of what metering finds hard: branches out of everything with and without
// values, blocks and loops that take parameters, code that can't be reached, traps in the middle, calls in cycles, growth and
// bulk operations, many ways to one label.
import { leb } from '../../bench/vm-raw.js';
import type { Type } from './vm-dice.js';
import { constant, edge, I32, I64, signedLeb } from './vm-dice.js';
import type { Dice } from './vm-dice.js';
import type { Shape, Signature } from './vm-generator.js';

type Memory = readonly (readonly [op: number, align: number])[];

/** What instructions an i32 and an i64 have of each kind. */
const OPS: Readonly<Record<'arithmetic' | 'division' | 'unary', Readonly<Record<Type, readonly number[]>>> & Record<'load' | 'store', Readonly<Record<Type, Memory>>>> = {
  arithmetic: { [I32]: [0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78], [I64]: [0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a] },
  division: { [I32]: [0x6d, 0x6e, 0x6f, 0x70], [I64]: [0x7f, 0x80, 0x81, 0x82] },
  unary: { [I32]: [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1], [I64]: [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4] },
  /** With the largest alignment. */
  load: { [I32]: [[0x28, 2], [0x2c, 0], [0x2d, 0], [0x2e, 1], [0x2f, 1]], [I64]: [[0x29, 3], [0x30, 0], [0x31, 0], [0x32, 1], [0x33, 1], [0x34, 2], [0x35, 2]] },
  store: { [I32]: [[0x36, 2], [0x3a, 0], [0x3b, 1]], [I64]: [[0x37, 3], [0x3c, 0], [0x3d, 1], [0x3e, 2]] },
};
const EMPTY = 0x40;

/** The body of a function of this type, its size left out. */
export function writeBody(shape: Shape, dice: Dice, signature: Signature, small: boolean): number[] {
  return new Body(shape, dice, signature).write(small);
}

class Body {
  private readonly out: number[] = [];
  private readonly locals: Type[];
  private readonly declared: [count: number, type: Type][];
  /** What a branch to each open label takes; the function's own first. */
  private readonly labels: (readonly Type[])[];
  private budget = 0;

  constructor(private readonly shape: Shape, private readonly dice: Dice, private readonly signature: Signature) {
    this.declared = dice.many(dice.roll(5), () => [dice.pick([0, 1, 1, 1, 2, dice.roll(40)]), this.type()]);
    this.locals = [...signature.params, ...this.declared.flatMap(([count, type]) => dice.many(count, () => type))];
    this.labels = [signature.results];
  }

  write(small: boolean): number[] {
    const { dice } = this;
    this.budget = small ? 8 : dice.once(12) ? 500 : 20 + dice.roll(120);
    this.statements(small ? 2 : 4 + dice.roll(2));
    this.values(this.signature.results, 3);
    if (dice.once(12)) this.leaveBy(0x0f, this.signature.results);
    return [...leb(this.declared.length), ...this.declared.flatMap(([count, type]) => [...leb(count), type]), ...this.out, 0x0b];
  }

  private type(): Type {
    return this.dice.pick([I32, I32, I64]);
  }

  private types(most: number): Type[] {
    return this.dice.many(this.dice.roll(most + 1), () => this.type());
  }

  private emit(...bytes: number[]): void {
    this.out.push(...bytes);
  }

  private values(types: readonly Type[], depth: number): void {
    for (const type of types) this.value(type, depth);
  }

  /** Takes operands off the stack, the last first: into locals or away. */
  private consume(types: readonly Type[]): void {
    for (const type of [...types].reverse()) {
      const local = this.local(type);
      if (local !== undefined && this.dice.once(2)) this.emit(0x21, ...leb(local));
      else this.emit(0x1a);
    }
  }

  private local(type: Type): number | undefined {
    const fitting = this.locals.flatMap((local, index) => (local === type ? [index] : []));
    return fitting.length === 0 ? undefined : this.dice.pick(fitting);
  }

  private statements(depth: number): void {
    for (let left = this.dice.roll(5); left > 0; left -= 1) this.statement(depth);
  }

  /** An open construct and its end; `label` is what a branch to it takes. */
  private inside(label: readonly Type[], inside: () => void): void {
    this.labels.push(label);
    inside();
    this.labels.pop();
    this.emit(0x0b);
  }

  private statement(depth: number): void {
    const { dice } = this;
    this.budget -= 1;
    if (depth <= 0 || this.budget <= 0) return this.setLocal(0);
    switch (dice.roll(26)) {
      case 0: case 1: case 2: return this.setLocal(depth);
      case 3: return this.setGlobal(depth);
      case 4: case 5: return this.store(depth);
      case 6: case 7: return this.condition(depth);
      case 8: case 9:
        this.emit(0x02, EMPTY);
        return this.inside([], () => this.statements(depth - 1));
      case 10: case 11: return this.loop(depth);
      case 12: return this.countedLoop(depth);
      case 13: case 14: return this.typedBlock(depth);
      case 15: case 16: return this.branch(depth);
      case 17: case 18: {
        const results = this.call(depth);
        return this.consume(results);
      }
      case 19: case 20: return this.bulk(depth);
      case 21: return this.switch(depth);
      case 22: return dice.once(6) ? this.manyWays(depth) : this.emit(0x01);
      case 23:
        if (!dice.once(4)) return this.setLocal(depth);
        this.diverge(depth);
        return this.dead(depth);
      default: {
        const type = this.type();
        this.value(type, depth - 1);
        this.emit(0x1a);
      }
    }
  }

  private setLocal(depth: number): void {
    if (this.locals.length === 0) return this.emit(0x01);
    const index = this.dice.roll(this.locals.length);
    this.value(this.locals[index]!, depth - 1);
    this.emit(0x21, ...leb(index));
  }

  private setGlobal(depth: number): void {
    const mutable = this.shape.globals.flatMap(({ mutable }, index) => (mutable ? [index] : []));
    if (mutable.length === 0) return this.emit(0x01);
    const index = this.dice.pick(mutable);
    this.value(this.shape.globals[index]!.type, depth - 1);
    this.emit(0x24, ...leb(index));
  }

  private store(depth: number): void {
    const type = this.type();
    const [op, align] = this.dice.pick(OPS.store[type]);
    this.address(depth - 1);
    this.value(type, depth - 1);
    this.emit(op, this.dice.roll(align + 1), ...leb(this.dice.pick([0, 0, 4, 65_000])));
  }

  private condition(depth: number): void {
    this.value(I32, depth - 1);
    this.emit(0x04, EMPTY);
    this.inside([], () => {
      this.statements(depth - 1);
      if (this.dice.once(2)) return;
      this.emit(0x05);
      this.statements(depth - 1);
    });
  }

  /** Goes round as long as some value is not zero: mostly never, or until something ends it. */
  private loop(depth: number): void {
    this.emit(0x03, EMPTY);
    this.inside([], () => {
      this.statements(depth - 1);
      this.value(I32, depth - 1);
      this.emit(0x0d, 0);
    });
  }

  /** Goes round a few times, unless its body meddles with the count. */
  private countedLoop(depth: number): void {
    const local = this.local(I32);
    if (local === undefined) return this.emit(0x01);
    this.emit(0x41, 1 + this.dice.roll(20), 0x21, ...leb(local), 0x03, EMPTY);
    this.inside([], () => {
      this.statements(depth - 1);
      this.emit(0x20, ...leb(local), 0x41, 1, 0x6b, 0x22, ...leb(local), 0x0d, 0);
    });
  }

  /** A block, loop or `if` of a type with parameters and results, which stay on the stack for a while. */
  private typedBlock(depth: number): void {
    const { dice } = this;
    const params = this.types(3);
    const results = dice.once(3) ? params : this.types(3);
    const op = dice.pick([0x02, 0x03, 0x04]);
    this.values(params, depth - 1);
    if (op === 0x04) this.value(I32, depth - 1);
    this.emit(op, ...signedLeb(BigInt(this.shape.typeOf({ params, results }))));
    const arm = (): void => {
      const kept = params.slice(0, dice.roll(params.length + 1));
      this.consume(params.slice(kept.length));
      this.statements(depth - 1);
      if (op === 0x03 && dice.once(2)) {
        this.values(params.slice(kept.length), depth - 2);
        this.value(I32, depth - 2);
        this.emit(0x0d, 0);
        this.consume(params.slice(kept.length));
      }
      if (kept.every((type, index) => type === results[index]) && dice.once(2)) return this.values(results.slice(kept.length), depth - 1);
      this.consume(kept);
      this.values(results, depth - 1);
    };
    this.inside(op === 0x03 ? params : results, () => {
      arm();
      // Without a second arm, what goes in comes out.
      if (op !== 0x04 || (params.join() === results.join() && dice.once(2))) return;
      this.emit(0x05);
      arm();
    });
    this.consume(results);
  }

  private target(): { depth: number; takes: readonly Type[] } {
    const depth = this.dice.roll(this.labels.length);
    return { depth, takes: this.labels[this.labels.length - 1 - depth]! };
  }

  /** `br`, `br_if` or `br_table` to any label, with what it takes. */
  private branch(depth: number): void {
    const { dice } = this;
    const kind = dice.roll(6);
    if (kind === 0) return this.diverge(depth);
    const { depth: target, takes } = this.target();
    this.values(takes, depth - 1);
    if (kind === 1) return this.table(takes, target, () => this.value(I32, depth - 1));
    this.value(I32, depth - 1);
    this.emit(0x0d, ...leb(target));
    this.consume(takes);
  }

  /** `br_table` over labels that take the same; their values are on the stack already. */
  private table(takes: readonly Type[], target: number, index: () => void): void {
    const { dice } = this;
    const same = this.labels.flatMap((label, at) => (label.join() === takes.join() ? [this.labels.length - 1 - at] : []));
    const targets = dice.many(dice.pick([0, 1, 3, 8, dice.roll(40)]), () => leb(dice.pick(same)));
    index();
    this.emit(0x0e, ...leb(targets.length), ...targets.flat(), ...leb(target));
  }

  /** What `br_table` is made for: blocks in one another, and a jump into the code after one of them. */
  private switch(depth: number): void {
    const cases = 2 + this.dice.roll(4);
    const arm = (left: number): void => {
      this.emit(0x02, EMPTY);
      this.inside([], () => {
        if (left > 0) return arm(left - 1);
        this.value(I32, depth - 1);
        this.emit(0x41, 7, 0x71, 0x0e, ...leb(cases), ...this.dice.many(cases + 1, (index) => index % cases));
      });
      this.statements(Math.min(depth - 1, 1));
      if (this.dice.once(2)) this.emit(0x0c, ...leb(this.dice.roll(left === cases - 1 ? 1 : 2)));
    };
    this.emit(0x02, EMPTY);
    this.inside([], () => arm(cases - 1));
  }

  /** More branches to one label than the VM keeps apart. */
  private manyWays(depth: number): void {
    this.emit(0x02, EMPTY);
    this.inside([], () => {
      for (let left = 60 + this.dice.roll(12); left > 0; left -= 1) {
        this.value(I32, this.dice.once(3) ? 2 : 0);
        this.emit(...(this.dice.once(20) ? [0x45] : [0x41, 63, 0x71, 0x41, left % 64, 0x46]), 0x0d, 0);
        if (this.dice.once(8)) this.statement(Math.min(depth - 1, 1));
      }
    });
  }

  private call(depth: number, wanted?: Type): readonly Type[] {
    const { dice, shape } = this;
    const resultsOf = (type: number): readonly Type[] => shape.signatures[type]!.results;
    const fits = (type: number): boolean => wanted === undefined || (resultsOf(type).length === 1 && resultsOf(type)[0] === wanted);
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

  private bulk(depth: number): void {
    const { dice, shape } = this;
    const op = dice.pick([8, 8, 9, 10, 11, 0x40]);
    if (op === 0x40) {
      if (dice.once(6)) this.value(I32, depth - 1);
      else this.emit(0x41, dice.pick([0, 1, 1, 2, 63]));
      return this.emit(0x40, 0, 0x1a);
    }
    if (op <= 9 && shape.dataSegments === 0) return this.emit(0x01);
    const segment = dice.roll(Math.max(shape.dataSegments, 1));
    if (op === 9) return dice.once(3) ? this.emit(0xfc, 9, ...leb(segment)) : this.emit(0x01);
    this.address(depth - 1);
    if (op === 8) this.emit(0x41, dice.roll(9));
    else if (op === 11) this.value(I32, depth - 1);
    else this.address(depth - 1);
    if (op === 8 || dice.once(2)) this.emit(0x41, dice.roll(dice.once(4) ? 40 : 6));
    else this.address(depth - 1);
    this.emit(0xfc, op, ...(op === 8 ? [...leb(segment), 0] : op === 10 ? [0, 0] : [0]));
  }

  /** An i32 that is usually a good address. */
  private address(depth: number): void {
    this.value(I32, depth);
    if (!this.dice.once(12)) this.emit(...constant(I32, 0x3fff), 0x71);
  }

  private leaveBy(op: number, takes: readonly Type[], ...immediates: number[]): void {
    this.values(takes, 1);
    this.emit(op, ...immediates);
  }

  /** Ends in an instruction that never falls through. */
  private diverge(depth: number): void {
    const { dice } = this;
    const { depth: target, takes } = this.target();
    switch (dice.roll(6)) {
      case 0: return this.emit(0x00);
      case 1: return this.leaveBy(0x0f, this.signature.results);
      case 2:
        this.values(takes, depth - 1);
        return this.table(takes, target, () => this.value(I32, depth - 1));
      default: return this.leaveBy(0x0c, takes, ...leb(target));
    }
  }

  /** Code that can't be reached, whose operands are not there: valid after `diverge`, at the bottom of a block. */
  private dead(depth: number): void {
    const { dice, shape } = this;
    for (let left = dice.roll(5); left > 0; left -= 1) {
      const { depth: target, takes } = this.target();
      const index = dice.roll(shape.functions.length);
      const { params, results } = { params: this.types(2), results: this.types(2) };
      switch (dice.roll(9)) {
        case 0: this.emit(0x1a); break;
        case 1: this.emit(dice.pick(OPS.arithmetic[this.type()]), 0x1a); break;
        case 2: this.emit(0x1b, 0x1a); break;
        case 3:
          this.emit(0x0d, ...leb(target));
          this.consume(takes);
          break;
        case 4: return this.table(takes, target, () => undefined);
        case 5:
          this.emit(0x10, ...leb(index));
          this.consume(shape.signatures[shape.functions[index]!]!.results);
          break;
        case 6: this.emit(0x40, 0, 0x1a); break;
        case 7:
          this.emit(dice.pick([0x02, 0x03]), ...signedLeb(BigInt(shape.typeOf({ params, results }))));
          this.labels.push([]); // nobody branches here by chance
          this.consume(params);
          this.values(results, 1);
          this.labels.pop();
          this.emit(0x0b);
          this.consume(results);
          break;
        default: this.statement(Math.min(depth - 1, 2));
      }
    }
  }

  private value(type: Type, depth: number): void {
    const { dice } = this;
    this.budget -= 1;
    const local = this.local(type);
    if (depth <= 0 || this.budget <= 0) {
      return local !== undefined && !dice.once(3) ? this.emit(0x20, ...leb(local)) : this.emit(...constant(type, edge(dice, type)));
    }
    const next = depth - 1;
    switch (dice.roll(16)) {
      case 0: case 1: case 2: case 3:
        this.values([type, type], next);
        return this.emit(dice.pick(OPS.arithmetic[type]));
      case 4:
        this.value(type, next);
        // Mostly by an odd number: few programs divide by zero.
        this.value(type, next);
        if (!dice.once(4)) this.emit(...constant(type, 1), type === I32 ? 0x72 : 0x84);
        return this.emit(dice.pick(OPS.division[type]));
      case 5: case 6: {
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
        return this.emit(operand === I32 ? 0x46 + dice.roll(10) : 0x51 + dice.roll(10));
      }
      case 7:
        this.value(type, next);
        return this.emit(dice.pick(OPS.unary[type]));
      case 8: {
        const [op, align] = dice.pick(OPS.load[type]);
        this.address(next);
        return this.emit(op, dice.roll(align + 1), ...leb(dice.pick([0, 0, 8, 65_000])));
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
