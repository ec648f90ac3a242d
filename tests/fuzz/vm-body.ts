// Random function bodies, well typed, with much of what is hard to meter: branches out of everything, with and without
// values; blocks and loops with parameters; unreachable code; traps in the middle; calls in cycles; growth and bulk
// operations; labels with many incoming edges.
import { leb } from '../../bench/vm-raw.js';
import type { Dice } from './vm-dice.js';
import { I32, signedLeb } from './vm-dice.js';
import { Expressions } from './vm-expressions.js';
import type { Shape, Signature } from './vm-shape.js';
import { ARITHMETIC, STORE } from './vm-instructions.js';

const EMPTY = 0x40;
/** Of the cases in `statement`, those of control flow. */
const BARE = [0, 0, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24];

/** The body of a function of this type, its size left out. */
export function writeBody(shape: Shape, dice: Dice, signature: Signature, small: boolean): number[] {
  return new Body(shape, dice, signature).write(small);
}

class Body extends Expressions {
  write(small: boolean): number[] {
    const { dice } = this;
    this.bare = dice.once(5);
    this.budget = small ? 8 : dice.once(12) ? 500 : 20 + dice.roll(120);
    this.statements(small ? 2 : 4 + dice.roll(2));
    this.values(this.signature.results, 3);
    if (dice.once(12)) this.leaveBy(0x0f, this.signature.results);
    return [
      ...leb(this.declared.length),
      ...this.declared.flatMap(([count, type]) => [...leb(count), type]),
      ...this.out,
      0x0b,
    ];
  }

  protected statements(depth: number): void {
    for (let left = this.dice.roll(5); left > 0; left -= 1) this.#statement(depth);
  }

  #statement(depth: number): void {
    const { dice } = this;
    this.budget -= 1;
    if (depth <= 0 || this.budget <= 0) return this.#setLocal(0);
    switch (this.bare ? dice.pick(BARE) : dice.roll(27)) {
      case 0:
      case 1:
      case 2:
        return this.#setLocal(depth);
      case 3:
        return this.#setGlobal(depth);
      case 4:
      case 5:
        return this.#store(depth);
      case 6:
      case 7:
        return this.#condition(depth);
      case 8:
      case 9:
        this.emit(0x02, EMPTY);
        return this.inside([], () => this.statements(depth - 1));
      case 10:
      case 11:
        return this.#loop(depth);
      case 12:
        return this.#countedLoop(depth);
      case 13:
      case 14:
        return this.#typedBlock(depth);
      case 15:
      case 16:
        return this.#branch(depth);
      case 17:
      case 18: {
        const results = this.call(depth);
        return this.consume(results);
      }
      case 19:
      case 20:
        return this.#bulk(depth);
      case 21:
        return this.#switch(depth);
      case 22:
        return dice.once(6) ? this.#manyWays(depth) : this.emit(0x01);
      case 23:
        if (!dice.once(4)) return this.#setLocal(depth);
        this.diverge(depth);
        return this.#dead(depth);
      case 24:
        return this.#turns(depth);
      default: {
        const type = this.type();
        this.value(type, depth - 1);
        this.emit(0x1a);
      }
    }
  }

  #setLocal(depth: number): void {
    if (this.locals.length === 0) return this.emit(0x01);
    const index = this.dice.roll(this.locals.length);
    this.value(this.locals[index]!, depth - 1);
    this.emit(0x21, ...leb(index));
  }

  #setGlobal(depth: number): void {
    const mutable = this.shape.globals.flatMap(({ mutable }, index) => (mutable ? [index] : []));
    if (mutable.length === 0) return this.emit(0x01);
    const index = this.dice.pick(mutable);
    this.value(this.shape.globals[index]!.type, depth - 1);
    this.emit(0x24, ...leb(index));
  }

  #store(depth: number): void {
    const type = this.type();
    const [op, align] = this.dice.pick(STORE[type]);
    const offset = this.address(depth - 1);
    // What is known of the address is soon forgotten.
    this.value(type, this.dice.once(2) ? 0 : depth - 1);
    this.emit(op, this.dice.roll(align + 1), ...leb(offset));
  }

  #condition(depth: number): void {
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
  #loop(depth: number): void {
    this.emit(0x03, EMPTY);
    this.inside([], () => {
      this.statements(depth - 1);
      if (this.dice.once(5)) return this.table([], 0, () => this.value(I32, depth - 1));
      this.value(I32, depth - 1);
      this.emit(0x0d, 0);
    });
  }

  /** Goes round a few times, unless its body meddles with the count. */
  #countedLoop(depth: number): void {
    const local = this.local(I32);
    if (local === undefined) return this.emit(0x01);
    this.emit(0x41, 1 + this.dice.roll(20), 0x21, ...leb(local), 0x03, EMPTY);
    this.inside([], () => {
      this.statements(depth - 1);
      this.emit(0x20, ...leb(local), 0x41, 1, 0x6b, 0x22, ...leb(local), 0x0d, 0);
    });
  }

  /**
   * A loop whose turns end in several places, after ways that owe different sums have come together: what an
   * interpreter is.
   */
  #turns(depth: number): void {
    const { dice } = this;
    const local = this.local(I32);
    if (local === undefined) return this.emit(0x01);
    const costs = (most: number): void => this.emit(...dice.many(dice.roll(most), () => [0x41, 0, 0x1a]).flat());
    const count = [0x20, ...leb(local), 0x41, 1, 0x6b, 0x22, ...leb(local)];
    const part = (): void => {
      switch (dice.roll(6)) {
        case 0:
          return this.emit(...count, 0x0d, 0);
        case 1:
        case 2:
          this.emit(0x02, EMPTY);
          return this.inside([], () => {
            for (let left = 1 + dice.roll(3); left > 0; left -= 1) {
              this.value(I32, dice.roll(2));
              this.emit(0x0d, 0);
              costs(6);
            }
          });
        case 3:
          this.value(I32, dice.roll(2));
          this.emit(0x04, EMPTY);
          return this.inside([], () => {
            costs(25);
            this.emit(...count, 0x1a, 0x0c, 1);
            if (dice.once(2)) return;
            this.emit(0x05);
            this.#switch(1);
          });
        case 4:
          return this.#switch(1);
        default:
          return this.#statement(Math.min(depth - 1, 1));
      }
    };
    this.emit(0x41, 1 + dice.roll(20), 0x21, ...leb(local), 0x03, EMPTY);
    this.inside([], () => {
      for (let left = 1 + dice.roll(4); left > 0; left -= 1) part();
      costs(4);
      this.emit(...count, 0x0d, 0);
    });
  }

  /** A block, loop or `if` of a type with parameters and results, which stay on the stack for a while. */
  #typedBlock(depth: number): void {
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
      const first = kept.every((type, index) => type === results[index]);
      if (first && dice.once(2)) return this.values(results.slice(kept.length), depth - 1);
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

  /** `br`, `br_if` or `br_table` to any label, with what it takes. */
  #branch(depth: number): void {
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

  /** What `br_table` is made for: blocks in one another, and a jump into the code after one of them. */
  #switch(depth: number): void {
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
  #manyWays(depth: number): void {
    this.emit(0x02, EMPTY);
    this.inside([], () => {
      for (let left = 60 + this.dice.roll(12); left > 0; left -= 1) {
        this.value(I32, this.dice.once(3) ? 2 : 0);
        this.emit(...(this.dice.once(20) ? [0x45] : [0x41, 63, 0x71, 0x41, left % 64, 0x46]), 0x0d, 0);
        if (this.dice.once(8)) this.#statement(Math.min(depth - 1, 1));
      }
    });
  }

  #bulk(depth: number): void {
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

  /** Code that can't be reached, whose operands are not there: valid after `diverge`, at the bottom of a block. */
  #dead(depth: number): void {
    const { dice, shape } = this;
    for (let left = dice.roll(5); left > 0; left -= 1) {
      const { depth: target, takes } = this.target();
      const index = dice.roll(shape.functions.length);
      const { params, results } = { params: this.types(2), results: this.types(2) };
      switch (dice.roll(9)) {
        case 0:
          this.emit(0x1a);
          break;
        case 1:
          this.emit(dice.pick(ARITHMETIC[this.type()]), 0x1a);
          break;
        case 2:
          this.emit(0x1b, 0x1a);
          break;
        case 3:
          this.emit(0x0d, ...leb(target));
          this.consume(takes);
          break;
        case 4:
          return this.table(takes, target, () => undefined);
        case 5:
          this.emit(0x10, ...leb(index));
          this.consume(shape.signatures[shape.functions[index]!]!.results);
          break;
        case 6:
          this.emit(0x40, 0, 0x1a);
          break;
        case 7:
          this.emit(dice.pick([0x02, 0x03]), ...signedLeb(BigInt(shape.typeOf({ params, results }))));
          this.labels.push([]); // no random branch targets it
          this.consume(params);
          this.values(results, 1);
          this.labels.pop();
          this.emit(0x0b);
          this.consume(results);
          break;
        default:
          this.#statement(Math.min(depth - 1, 2));
      }
    }
  }
}
