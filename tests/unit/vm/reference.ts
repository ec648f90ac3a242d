// The definition of metering, as plainly as possible: an interpreter that counts. The VM must agree with it on every
// outcome, value and figure.
//
// `fuelUsed` charges a segment when control enters it, adding up its instructions from there. `executed` adds up each
// instruction when it is executed, and nothing in advance. On a run that returns the two are equal: that is what it
// means that segments are exact.
import { LIMITS, SCHEDULE } from '../../../host/vm/index.js';
import type { HostFunction, Schedule } from '../../../host/vm/index.js';
import { FRAME_UNITS } from '../../../host/vm/metering/stack.js';
import type { Code, Decoded, Instruction } from './reference-decode.js';
import { decode } from './reference-decode.js';
import { ReferenceContext } from './reference-host.js';
import { BINARY, ReferenceTrap, UNARY } from './reference-numeric.js';
import { priceOf, segmentStarts } from './reference-price.js';
import { Profile } from './reference-profile.js';
import { stackOf } from './reference-stack.js';

type Value = number | bigint;

export interface ReferenceResult {
  outcome: 'returned' | 'trapped' | 'outOfFuel' | 'stackExhausted';
  values?: Value[];
  trap?: string;
  fuelUsed: bigint;
  /** Prices of the instructions executed, sizes and setup included. */
  executed: number;
  /** The least units of stack with which the run would have been the same, as far as it went. */
  stackUsed: number;
}

class OutOfFuel extends Error {}
class StackExhausted extends Error {}

const PAGE = 65_536;
const unsigned = (value: Value): Value => (typeof value === 'bigint' ? BigInt.asUintN(64, value) : value >>> 0);

type Learnt = readonly [Decoded, ReturnType<typeof segmentStarts>[], ReturnType<typeof stackOf>];
const learnt = new WeakMap<Uint8Array, Learnt>();

/** What is known of a module before it runs. The same bytes are read once. */
function learn(code: Uint8Array): Learnt {
  const known = learnt.get(code);
  if (known !== undefined) return known;
  const module = decode(code);
  const starts = module.code.map(segmentStarts);
  const found: Learnt = [
    module,
    starts,
    stackOf(
      module,
      starts.map(({ reachable }) => reachable),
      FRAME_UNITS,
    ),
  ];
  learnt.set(code, found);
  return found;
}

/** An instance that counts. */
export class Reference {
  readonly #module: Decoded;
  readonly #starts: ReturnType<typeof segmentStarts>[];
  readonly #stackPlan: ReturnType<typeof stackOf>;
  readonly #globals: Value[];
  readonly #table: (number | undefined)[];
  readonly #dropped = new Set<number>();
  memory: Uint8Array;
  /** What each function came to, over all calls. */
  readonly profile = new Profile();
  #fuel = 0;
  #used = 0;
  #executed = 0;
  #stackLeft = 0;
  #stack = 0;
  #deepest = 0;
  #first = true;
  readonly #context: ReferenceContext;

  readonly #setupFuel: bigint;
  readonly #host: Readonly<Record<string, HostFunction>>;
  readonly #schedule: Schedule;

  constructor(
    code: Uint8Array,
    setupFuel: bigint,
    host: Readonly<Record<string, HostFunction>> = {},
    schedule: Schedule = SCHEDULE,
  ) {
    this.#setupFuel = setupFuel;
    this.#host = host;
    this.#schedule = schedule;
    [this.#module, this.#starts, this.#stackPlan] = learn(code);
    this.#globals = [...this.#module.globals];
    this.#table = Array<number | undefined>(this.#module.tableEntries).fill(undefined);
    for (const { offset, functions } of this.#module.elements)
      functions.forEach((index, place) => (this.#table[offset + place] = index));
    this.#context = new ReferenceContext({
      memory: () => this.memory,
      fuelLeft: () => this.#fuel - this.#used,
      charge: (fuel) => this.#both(fuel),
      grow: (pages) => {
        this.#both(this.#schedule.grow);
        return this.#module.memory === undefined ? -1 : this.#grow(pages);
      },
      global: (name) => this.global(name),
    });
    this.memory = new Uint8Array((this.#module.memory?.min ?? 0) * PAGE);
    this.#module.data.forEach(({ offset, bytes }, index) => {
      if (offset === undefined) return;
      this.memory.set(bytes, offset);
      this.#dropped.add(index);
    });
  }

  /** Value of an exported global, unsigned. */
  global(name: string): Value {
    return unsigned(this.#globals[this.#module.exports.get(name)!.index]!);
  }

  call(name: string, args: readonly Value[], fuel: bigint, stack = LIMITS.stackUnits): ReferenceResult {
    const entry = this.#module.exports.get(name)!.index;
    [this.#fuel, this.#used, this.#executed, this.#stack, this.#deepest] = [Number(fuel), 0, 0, stack, 0];
    try {
      if (this.#first) {
        this.#first = false;
        this.#both(Number(this.#setupFuel));
        if (this.#module.start !== undefined) this.#enterFromHost(this.#module.start, []);
      }
      const types = this.#module.types[this.#module.functionTypes[entry]!]!.params;
      const given = args.map((arg, index) =>
        types[index] === 0x7e ? BigInt.asIntN(64, arg as bigint) : (arg as number) | 0,
      );
      const values = this.#enterFromHost(entry, given).map(unsigned);
      return { outcome: 'returned', values, fuelUsed: BigInt(this.#used), ...this.#measured() };
    } catch (error) {
      if (error instanceof OutOfFuel) return { outcome: 'outOfFuel', fuelUsed: fuel, ...this.#measured() };
      const spent = { fuelUsed: BigInt(this.#used), ...this.#measured() };
      if (error instanceof StackExhausted) return { outcome: 'stackExhausted', ...spent };
      if (error instanceof ReferenceTrap) return { outcome: 'trapped', trap: error.message, ...spent };
      throw error;
    }
  }

  #measured(): { executed: number; stackUsed: number } {
    return { executed: this.#executed, stackUsed: this.#deepest };
  }

  /** Charges a segment that control enters. */
  #charge(fuel: number): void {
    this.profile.charge(Math.min(fuel, this.#fuel - this.#used));
    this.#used += fuel;
    if (this.#used > this.#fuel) throw new OutOfFuel();
  }

  #did(fuel: number): void {
    this.#executed += fuel;
    this.profile.execute(fuel);
  }

  /** An activation of a function, or work priced by size. */
  #profiled<T>(key: number | string, work: () => T): T {
    return this.profile.within(key, () => Math.min(this.#used, this.#fuel), work);
  }

  /** Charges in both counts what depends on a size. */
  #both(fuel: number): void {
    this.#did(fuel);
    this.#charge(fuel);
  }

  #enterFromHost(index: number, args: Value[]): Value[] {
    const defined = index - this.#module.imports.length;
    this.#stackLeft = this.#stack;
    this.#takeStack(this.#stackPlan.counted[defined] === true ? 0 : (this.#stackPlan.units[defined] ?? 0)); // an import takes none
    return this.#profiled(index, () => this.#enter(index, args));
  }

  #takeStack(units: number): void {
    this.#stackLeft -= units;
    this.#deepest = Math.max(this.#deepest, this.#stack - this.#stackLeft);
    if (this.#stackLeft < 0) throw new StackExhausted();
  }

  #enter(index: number, args: Value[]): Value[] {
    const module = this.#module;
    if (index < module.imports.length) {
      const { name, type } = module.imports[index]!;
      const result = this.#context.serve(this.#host[name]!, args.map(unsigned));
      return module.types[type]!.results.map((kind) =>
        kind === 0x7e ? BigInt.asIntN(64, result as bigint) : (result as number) | 0,
      );
    }
    const defined = index - module.imports.length;
    const code = module.code[defined]!;
    const locals = [...args, ...code.locals.map((type) => (type === 0x7e ? 0n : 0))];
    this.#did(locals.length * this.#schedule.local);
    this.#charge(locals.length * this.#schedule.local + this.#segmentFrom(code, defined, 0));
    const counted = this.#stackPlan.counted[defined] === true;
    const units = counted ? this.#stackPlan.units[defined]! : 0;
    this.#takeStack(units);
    const results = this.#run(code, defined, locals);
    this.#stackLeft += units;
    return results;
  }

  /** Price of the segment that opens at `at`, instruction by instruction to its end. */
  #segmentFrom({ body }: Code, defined: number, at: number): number {
    const { opens } = this.#starts[defined]!;
    let total = 0;
    for (let here = at; here < body.length; here += 1) {
      if (here > at && opens[here] === true) break;
      total += priceOf(this.#schedule, body[here]!);
      if ([0x00, 0x05, 0x0c, 0x0e, 0x0f].includes(body[here]!.op)) break; // control goes elsewhere
    }
    return total;
  }

  #run(code: Code, defined: number, locals: Value[]): Value[] {
    const { body } = code;
    const { opens } = this.#starts[defined]!;
    const results = this.#module.types[code.type]!.results.length;
    const stack: Value[] = [];
    const labels: { block: Instruction; at: number; height: number }[] = [];
    let at = 0;
    /** Control goes to `target`; falling there and jumping there are the same. */
    const go = (target: number): void => {
      at = target;
      if (opens[at] !== true) return;
      const head = body[at - 1]!.op === 0x03 ? this.#schedule.loopHead : 0;
      this.#did(head);
      this.#charge(head + this.#segmentFrom(code, defined, at));
    };
    /** Returns true if the branch leaves the function. */
    const branch = (depth: number): boolean => {
      const place = labels.length - 1 - depth;
      const label = labels[place];
      if (label === undefined) return true;
      const loop = label.block.op === 0x03;
      const kept = stack.splice(stack.length - (loop ? label.block.inputs : label.block.outputs));
      stack.length = label.height;
      stack.push(...kept);
      labels.length = loop ? place + 1 : place;
      go(loop ? label.at + 1 : label.block.end + 1);
      return false;
    };
    for (;;) {
      const instruction = body[at]!;
      const { op, a } = instruction;
      this.#did(priceOf(this.#schedule, instruction));
      if (op === 0x0f) return stack.splice(stack.length - results);
      if (op === 0x0b) {
        if (labels.pop() === undefined) return stack.splice(stack.length - results);
        go(at + 1);
      } else if (op === 0x02 || op === 0x03) {
        labels.push({ block: instruction, at, height: stack.length - instruction.inputs });
        go(at + 1);
      } else if (op === 0x04) {
        const condition = stack.pop() as number;
        const label = { block: instruction, at, height: stack.length - instruction.inputs };
        if (condition === 0 && instruction.otherwise < 0) {
          go(instruction.end + 1);
        } else {
          labels.push(label);
          go(condition !== 0 ? at + 1 : instruction.otherwise + 1);
        }
      } else if (op === 0x05) {
        go(labels.pop()!.block.end + 1);
      } else if (op === 0x0c) {
        if (branch(a)) return stack.splice(stack.length - results);
      } else if (op === 0x0d) {
        if (stack.pop() === 0) go(at + 1);
        else if (branch(a)) return stack.splice(stack.length - results);
      } else if (op === 0x0e) {
        const index = (stack.pop() as number) >>> 0;
        const { targets } = instruction;
        if (branch(targets[Math.min(index, targets.length - 1)]!)) return stack.splice(stack.length - results);
      } else {
        this.#execute(instruction, stack, locals);
        go(at + 1);
      }
    }
  }

  #execute(instruction: Instruction, stack: Value[], locals: Value[]): void {
    const { op, a, wide } = instruction;
    const unary = UNARY[op] as ((value: Value) => Value) | undefined;
    const binary = BINARY[op] as ((x: Value, y: Value) => Value) | undefined;
    if (unary !== undefined) stack.push(unary(stack.pop()!));
    else if (binary !== undefined) {
      const y = stack.pop()!;
      stack.push(binary(stack.pop()!, y));
    } else if (op === 0x00) throw new ReferenceTrap('unreachable');
    else if (op === 0x10) this.#callWith(a, stack);
    else if (op === 0x11) this.#callIndirect(a, stack);
    else if (op === 0x1a) stack.pop();
    else if (op === 0x1b) {
      const condition = stack.pop();
      const y = stack.pop()!;
      const x = stack.pop()!;
      stack.push(condition !== 0 ? x : y);
    } else if (op === 0x20) stack.push(locals[a]!);
    else if (op === 0x21) locals[a] = stack.pop()!;
    else if (op === 0x22) locals[a] = stack[stack.length - 1]!;
    else if (op === 0x23) stack.push(this.#globals[a]!);
    else if (op === 0x24) this.#globals[a] = stack.pop()!;
    else if (op === 0x41) stack.push(a);
    else if (op === 0x42) stack.push(wide);
    else if (op === 0x3f) stack.push(this.memory.length / PAGE);
    else if (op === 0x40) stack.push(this.#profiled('memory.grow', () => this.#grow((stack.pop() as number) >>> 0)));
    else if (op >= 0x28 && op <= 0x35) this.#load(instruction, stack);
    else if (op >= 0x36 && op <= 0x3e) this.#store(instruction, stack);
    else if (op === 0xfc) this.#bulk(instruction, stack);
    else if (op !== 0x01) throw new Error(`the reference does not know opcode ${op}`);
  }

  #callWith(index: number, stack: Value[]): void {
    const { params } = this.#module.types[this.#module.functionTypes[index]!]!;
    stack.push(...this.#profiled(index, () => this.#enter(index, stack.splice(stack.length - params.length))));
  }

  #callIndirect(type: number, stack: Value[]): void {
    const entry = (stack.pop() as number) >>> 0;
    if (entry >= this.#table.length) throw new ReferenceTrap('undefined element');
    const index = this.#table[entry];
    const shape = (given: number): string => JSON.stringify(this.#module.types[given]);
    if (index === undefined || shape(this.#module.functionTypes[index]!) !== shape(type)) {
      throw new ReferenceTrap('null function or signature mismatch');
    }
    this.#callWith(index, stack);
  }

  #grow(pages: number): number {
    const before = this.memory.length / PAGE;
    if (pages > Math.min(this.#module.memory!.max, LIMITS.memoryPages) - before) return -1;
    this.#both(pages * this.#schedule.growPage);
    const grown = new Uint8Array((before + pages) * PAGE);
    grown.set(this.memory);
    this.memory = grown;
    return before;
  }

  /** Traps where [address, address + size) is out of bounds. */
  #within(address: number, size: number): void {
    if (address + size > this.memory.length) throw new ReferenceTrap('memory access out of bounds');
  }

  #load({ op, b: offset }: Instruction, stack: Value[]): void {
    const address = ((stack.pop() as number) >>> 0) + offset;
    const size = [4, 8, 0, 0, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4][op - 0x28]!;
    this.#within(address, size);
    let value = 0n;
    for (let index = size - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(this.memory[address + index]!);
    const signed = [0x2c, 0x2e, 0x30, 0x32, 0x34].includes(op);
    if (signed) value = BigInt.asIntN(size * 8, value);
    const narrow = op === 0x28 || (op >= 0x2c && op <= 0x2f);
    stack.push(narrow ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value));
  }

  #store({ op, b: offset }: Instruction, stack: Value[]): void {
    const value = BigInt.asUintN(64, BigInt(stack.pop()!));
    const address = ((stack.pop() as number) >>> 0) + offset;
    const size = [4, 8, 0, 0, 1, 2, 1, 2, 4][op - 0x36]!;
    this.#within(address, size);
    for (let index = 0; index < size; index += 1)
      this.memory[address + index] = Number((value >> BigInt(8 * index)) & 255n);
  }

  #bulk({ a: op, b: segment }: Instruction, stack: Value[]): void {
    if (op === 9) {
      this.#dropped.add(segment);
      return;
    }
    this.#profiled(op === 8 ? 'memory.init' : op === 10 ? 'memory.copy' : 'memory.fill', () =>
      this.#sized(op, segment, stack),
    );
  }

  #sized(op: number, segment: number, stack: Value[]): void {
    const length = (stack.pop() as number) >>> 0;
    const second = stack.pop() as number;
    const target = (stack.pop() as number) >>> 0;
    this.#within(target, length);
    if (op === 10) this.#within(second >>> 0, length);
    const source = op === 8 ? this.#module.data[segment]!.bytes : this.memory;
    if (op === 8 && (second >>> 0) + length > source.length) throw new ReferenceTrap('memory access out of bounds');
    // A dropped segment is empty, but its size was not known to be: its bytes are paid before the trap.
    this.#both(Math.ceil(length / this.#schedule.bulkBytesPerFuel));
    if (op === 8 && this.#dropped.has(segment) && (second >>> 0) + length > 0)
      throw new ReferenceTrap('memory access out of bounds');
    if (op === 11) this.memory.fill(second & 255, target, target + length);
    else this.memory.set(source.slice(second >>> 0, (second >>> 0) + length), target);
  }
}
