// Random WebAssembly modules for differential fuzzing: well typed, terminating only by luck, and fond of what metering
// finds hard: branches out of everything, dead code, traps in the middle, calls in cycles, growth and bulk operations.
import { leb, section } from '../../bench/vm-raw.js';

const I32 = 0x7f;
const I64 = 0x7e;
type Type = typeof I32 | typeof I64;

/** Numbers that are the same for the same seed: mulberry32. */
export class Dice {
  constructor(private state: number) {}

  /** An integer in [0, sides). */
  roll(sides: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.roll(from.length)]!;
  }
}

interface Signature { readonly params: readonly Type[]; readonly results: readonly Type[] }

export interface RandomModule {
  readonly code: Uint8Array;
  /** Exported functions and arguments to try. */
  readonly calls: readonly (readonly [entry: string, ...args: (number | bigint)[]])[];
}

const EDGES = [0, 1, 2, 3, 7, 8, 31, 32, 255, 256, 65_528, 65_532, 65_535, 65_536, 131_072, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** The module of a seed. */
export function randomModule(seed: number): RandomModule {
  return new Generator(new Dice(seed)).module();
}

function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const last = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signed(rest)];
}

class Generator {
  private readonly signatures: Signature[] = [];
  private readonly functions: number[] = [];
  private globals: Type[] = [];
  private out: number[] = [];
  private locals: Type[] = [];
  private results: readonly Type[] = [];
  /** What a branch to each open label takes; the function's own first. */
  private labels: (readonly Type[])[] = [];
  private budget = 0;

  constructor(private readonly dice: Dice) {}

  private type(): Type {
    return this.dice.pick([I32, I32, I64]);
  }

  private types(most: number): Type[] {
    return Array.from({ length: this.dice.roll(most + 1) }, () => this.type());
  }

  module(): RandomModule {
    const { dice } = this;
    for (let left = 1 + dice.roll(4); left > 0; left -= 1) this.signatures.push({ params: this.types(3), results: this.types(dice.roll(5) === 0 ? 3 : 1) });
    for (let left = 1 + dice.roll(6); left > 0; left -= 1) this.functions.push(dice.roll(this.signatures.length));
    this.globals = this.types(3);
    const bodies = this.functions.map((index) => this.body(this.signatures[index]!));
    const vector = (items: readonly (readonly number[])[]): number[] => [...leb(items.length), ...items.flat()];
    const types = this.signatures.map(({ params, results }) => [0x60, ...leb(params.length), ...params, ...leb(results.length), ...results]);
    const inTable = Array.from({ length: dice.roll(5) }, () => dice.roll(this.functions.length));
    const max = 1 + dice.roll(4);
    const hasStart = this.signatures[this.functions[0]!]!.params.length + this.signatures[this.functions[0]!]!.results.length === 0 && dice.roll(3) === 0;
    const code = Uint8Array.from([
      0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
      ...section(1, vector(types)),
      ...section(3, vector(this.functions.map(leb))),
      ...section(4, [1, 0x70, 0, ...leb(inTable.length + 1)]),
      ...section(5, [1, 1, 1, ...leb(max)]),
      ...section(6, vector(this.globals.map((type) => [type, 1, ...this.constantOf(type), 0x0b]))),
      ...section(7, vector(this.functions.map((_, index) => [2, 0x66, 0x30 + index, 0, ...leb(index)]))),
      ...(hasStart ? section(8, [0]) : []),
      ...section(9, vector([[0, 0x41, 0, 0x0b, ...vector(inTable.map(leb))]])),
      ...section(12, [2]),
      ...section(10, vector(bodies.map((body) => [...leb(body.length), ...body]))),
      ...section(11, vector([[0, 0x41, 8, 0x0b, 5, 1, 2, 3, 250, 251], [1, 7, 9, 8, 7, 6, 5, 4, 3]])),
    ]);
    const calls = this.functions.flatMap((index, place) => Array.from({ length: 2 }, () => (
      [`f${place}`, ...this.signatures[index]!.params.map((type) => this.argument(type))] as const
    )));
    return { code, calls };
  }

  private argument(type: Type): number | bigint {
    const edge = this.dice.pick(EDGES);
    return type === I32 ? edge : BigInt.asUintN(64, BigInt(edge) << BigInt(this.dice.pick([0, 0, 1, 31, 32])));
  }

  private constantOf(type: Type): number[] {
    const value = BigInt(this.argument(type));
    return type === I32 ? [0x41, ...signed(BigInt.asIntN(32, value))] : [0x42, ...signed(BigInt.asIntN(64, value))];
  }

  private body({ params, results }: Signature): number[] {
    const declared = this.types(4);
    this.out = [];
    this.locals = [...params, ...declared];
    this.results = results;
    this.labels = [results];
    this.budget = 20 + this.dice.roll(120);
    this.statements(4);
    for (const type of results) this.value(type, 3);
    return [...leb(declared.length), ...declared.flatMap((type) => [1, type]), ...this.out, 0x0b];
  }

  private statements(depth: number): void {
    for (let left = this.dice.roll(5); left > 0; left -= 1) this.statement(depth);
  }

  /** An open construct: its label while `inside` runs. */
  private inside(label: readonly Type[], inside: () => void): void {
    this.labels.push(label);
    inside();
    this.labels.pop();
    this.out.push(0x0b);
  }

  private statement(depth: number): void {
    const { dice, out } = this;
    this.budget -= 1;
    if (depth <= 0 || this.budget <= 0) {
      this.setLocal(0);
      return;
    }
    switch (dice.roll(18)) {
      case 0: case 1: case 2:
        return this.setLocal(depth);
      case 3:
        if (this.globals.length === 0) return;
        return this.setGlobal(dice.roll(this.globals.length), depth);
      case 4: case 5: {
        const [op, type, align] = dice.pick([[0x36, I32, 2], [0x37, I64, 3], [0x3a, I32, 0], [0x3b, I32, 1], [0x3c, I64, 0], [0x3e, I64, 2]] as const);
        this.address(depth - 1);
        this.value(type, depth - 1);
        out.push(op, align, ...leb(dice.pick([0, 0, 4, 65_000])));
        return;
      }
      case 6: case 7:
        this.value(I32, depth - 1);
        out.push(0x04, 0x40);
        return this.inside([], () => {
          this.statements(depth - 1);
          if (dice.roll(2) === 0) return;
          out.push(0x05);
          this.statements(depth - 1);
        });
      case 8: case 9:
        out.push(0x02, 0x40);
        return this.inside([], () => this.statements(depth - 1));
      case 10: case 11:
        out.push(0x03, 0x40);
        return this.inside([], () => {
          this.statements(depth - 1);
          this.value(I32, depth - 1);
          out.push(0x0d, 0);
        });
      case 12:
        return this.branch(depth);
      case 13:
        return this.call(depth);
      case 14:
        return this.bulk(depth);
      case 15:
        if (dice.roll(6) === 0) out.push(0x00);
        else out.push(0x01);
        return;
      case 16:
        if (dice.roll(3) > 0) return;
        for (const type of this.results) this.value(type, depth - 1);
        out.push(0x0f);
        return;
      default: {
        const type = this.type();
        this.value(type, depth - 1);
        out.push(0x1a);
      }
    }
  }

  private setLocal(depth: number): void {
    if (this.locals.length === 0) return;
    const index = this.dice.roll(this.locals.length);
    this.value(this.locals[index]!, depth - 1);
    this.out.push(0x21, ...leb(index));
  }

  private setGlobal(index: number, depth: number): void {
    this.value(this.globals[index]!, depth - 1);
    this.out.push(0x24, ...leb(index));
  }

  /** `br`, `br_if` or `br_table` to any label, with what it takes. */
  private branch(depth: number): void {
    const { dice, out } = this;
    const target = dice.roll(this.labels.length);
    const takes = this.labels[this.labels.length - 1 - target]!;
    for (const type of takes) this.value(type, depth - 1);
    const kind = dice.roll(5);
    if (kind === 0) {
      out.push(0x0c, ...leb(target));
    } else if (kind === 1) {
      const same = this.labels.flatMap((label, index) => (label.join() === takes.join() ? [this.labels.length - 1 - index] : []));
      const targets = Array.from({ length: dice.roll(20) }, () => leb(dice.pick(same)));
      this.value(I32, depth - 1);
      out.push(0x0e, ...leb(targets.length), ...targets.flat(), ...leb(target));
    } else {
      this.value(I32, depth - 1);
      out.push(0x0d, ...leb(target));
      for (let left = takes.length; left > 0; left -= 1) out.push(0x1a);
    }
  }

  private call(depth: number): void {
    const { dice, out } = this;
    const index = dice.roll(this.functions.length);
    const indirect = dice.roll(3) === 0;
    const type = indirect ? dice.roll(this.signatures.length) : this.functions[index]!;
    for (const param of this.signatures[type]!.params) this.value(param, depth - 1);
    if (indirect) {
      out.push(0x41, dice.roll(7), 0x11, ...leb(type), 0);
    } else {
      out.push(0x10, ...leb(index));
    }
    for (let left = this.signatures[type]!.results.length; left > 0; left -= 1) out.push(0x1a);
  }

  private bulk(depth: number): void {
    const { dice, out } = this;
    const op = dice.roll(5);
    if (op === 4) {
      if (dice.roll(4) === 0) out.push(0xfc, 9, 1);
      return;
    }
    if (op === 3) {
      out.push(0x41, dice.pick([0, 1, 2, 63]), 0x40, 0, 0x1a);
      return;
    }
    this.address(depth - 1);
    if (op === 2) out.push(0x41, dice.roll(9));
    else this.address(depth - 1);
    if (op === 2) out.push(0x41, dice.roll(9));
    else this.address(depth - 1);
    out.push(0xfc, ...[[10, 0, 0], [11, 0], [8, 1, 0]][op]!);
  }

  /** An i32 that is usually a good address. */
  private address(depth: number): void {
    this.value(I32, depth);
    if (this.dice.roll(8) > 0) this.out.push(0x41, ...signed(0x3fffn), 0x71);
  }

  private value(type: Type, depth: number): void {
    const { dice, out } = this;
    this.budget -= 1;
    const ofType = this.locals.flatMap((local, index) => (local === type ? [index] : []));
    if (depth <= 0 || this.budget <= 0) {
      if (ofType.length > 0 && dice.roll(3) > 0) out.push(0x20, ...leb(dice.pick(ofType)));
      else out.push(...this.constantOf(type));
      return;
    }
    const next = depth - 1;
    switch (dice.roll(13)) {
      case 0: case 1: case 2: {
        const ops = type === I32 ? [0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78] : [0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a];
        this.value(type, next);
        this.value(type, next);
        out.push(dice.pick(ops));
        return;
      }
      case 3: {
        this.value(type, next);
        this.value(type, next);
        out.push(dice.pick(type === I32 ? [0x6d, 0x6e, 0x6f, 0x70] : [0x7f, 0x80, 0x81, 0x82]));
        return;
      }
      case 4: {
        if (type === I64) {
          this.value(I32, next);
          out.push(dice.pick([0xac, 0xad]));
          return;
        }
        const operand = this.type();
        this.value(operand, next);
        this.value(operand, next);
        out.push(operand === I32 ? 0x46 + dice.roll(10) : 0x51 + dice.roll(10));
        return;
      }
      case 5:
        this.value(type, next);
        out.push(dice.pick(type === I32 ? [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1] : [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4]));
        return;
      case 6: {
        const [op, align] = dice.pick(type === I32 ? [[0x28, 2], [0x2c, 0], [0x2d, 0], [0x2e, 1], [0x2f, 1]] : [[0x29, 3], [0x30, 0], [0x33, 1], [0x34, 2], [0x35, 2]]);
        this.address(next);
        out.push(op!, align!, ...leb(dice.pick([0, 0, 8, 65_000])));
        return;
      }
      case 7:
        this.value(type, next);
        this.value(type, next);
        this.value(I32, next);
        out.push(0x1b);
        return;
      case 8:
        out.push(0x02, type);
        return this.inside([type], () => {
          this.statements(next);
          this.value(type, next);
        });
      case 9:
        this.value(I32, next);
        out.push(0x04, type);
        return this.inside([type], () => {
          this.statements(next);
          this.value(type, next);
          out.push(0x05);
          this.statements(next);
          this.value(type, next);
        });
      case 10:
        out.push(0x03, type);
        return this.inside([], () => {
          this.statements(next);
          this.value(type, next);
        });
      case 11: {
        const index = this.globals.indexOf(type);
        if (index < 0) out.push(...(type === I32 ? [0x3f, 0] : this.constantOf(type)));
        else out.push(0x23, ...leb(index));
        return;
      }
      default:
        this.value(type, next);
        if (ofType.length > 0) out.push(0x22, ...leb(dice.pick(ofType)));
    }
  }
}
