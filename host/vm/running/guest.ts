// An instance of a prepared module: calls into it, host functions out of it, and the verdict on each run.
//
// What decides the verdict is the state of the counters, never V8's exception alone:
//   a host function threw            -> that exception, rethrown: a fault of the host
//   memory.grow failed below its max -> HostFault
//   anything but a trap (RangeError) -> HostFault: V8's own stack or memory ended first
//   counter below zero               -> outOfFuel
//   stack below zero                 -> stackExhausted
//   else                             -> trapped, or returned
// A guest that did not return is spent: its memory is in no defined state, and it refuses further calls.
import type { GuestContext, HostFunction, IntegerType } from './host-functions.js';
import { METER } from '../metering/instrument.js';
import { PAGE_BYTES } from '../format/limits.js';
import { GuestMemory } from './memory.js';
import type { CallResult, Ending } from './outcome.js';
import { HostFault, isTrap, trapName, Unwind } from './outcome.js';
import type { KnownModule } from './facts.js';
import type { Bill, ChargeKind, Trace } from '../metering/trace.js';
import { readTrace, Tally } from '../metering/trace.js';

/** More fuel than this is cut to it: the counter is an i64, and may be ahead of the figure by what is owed (settle.ts). */
const FUEL_MAX = 1n << 62n;
/** The largest count of stack: i32. V8's own stack ends long before. */
const STACK_MAX = 2 ** 31 - 1;

/** What an i64 may be given as: signed or unsigned. An i32, likewise. */
const I64_MIN = -(1n << 63n);
const I64_END = 1n << 64n;
const I32_MIN = -(2 ** 31);
const I32_END = 2 ** 32;

/** What `instantiate` takes. */
export interface InstanceOptions {
  /** Host functions by the name of the import. */
  readonly imports?: Readonly<Record<string, HostFunction>>;
  /** Finds space in the guest's memory for `GuestContext.allocate`. */
  readonly allocate?: (context: GuestContext, bytes: number) => number;
}

/** Arguments of a call, or host work that places them in the guest's memory and answers them; it is metered with the call. */
export type Arguments = readonly (number | bigint)[] | ((context: GuestContext) => readonly (number | bigint)[]);

/** Fuel and stack for one call. */
export interface CallOptions {
  /** In fuel. */
  readonly fuel: bigint;
  /** In units of stack; the module's limit when left out. */
  readonly stack?: number;
}

/** A running guest. */
export class Guest {
  readonly #exports: WebAssembly.Exports;
  readonly #counter: WebAssembly.Global;
  readonly #stack: WebAssembly.Global;
  readonly #fault: WebAssembly.Global;
  readonly #context: Context;
  /** Setup and the start function are part of the first call. */
  #fresh = true;
  #spent = false;
  #running = false;
  /** What the host was paid, of a traced module. */
  readonly #tally: Tally | undefined;
  /** What a host function threw, kept while it unwinds through the guest. */
  #hostError: { error: unknown } | undefined;

  readonly #module: KnownModule;

  /** @internal Use `PreparedModule.instantiate`. */
  constructor(module: KnownModule, compiled: WebAssembly.Module, options: InstanceOptions) {
    this.#module = module;
    this.#tally = module.tracedNames === undefined ? undefined : new Tally();
    const imports = nameless<Record<string, WebAssembly.ImportValue>>();
    for (const item of module.imports) {
      const host = options.imports![item.name]!;
      (imports[item.module] ??= nameless())[item.name] = this.#bridge(item.name, host);
    }
    this.#exports = linked(compiled, imports).exports;
    this.#counter = this.#exports[METER.fuel] as WebAssembly.Global;
    this.#stack = this.#exports[METER.stack] as WebAssembly.Global;
    this.#fault = this.#exports[METER.fault] as WebAssembly.Global;
    const memory = this.#exports[METER.memory] as WebAssembly.Memory | undefined;
    this.#context = new Context(this, memory, options.allocate);
  }

  /**
   * Calls an exported function with fuel of its own. Throws `TypeError` where there is no such function or the arguments
   * do not fit it (see `PreparedModule.entry`), `RangeError` where fuel or stack is no count, `HostFault` where the host
   * failed, and whatever a host function threw.
   */
  call(name: string, args: Arguments, options: CallOptions): CallResult {
    const signature = this.#module.entry(name);
    if (signature === undefined) throw new TypeError(`the module exports no function ${JSON.stringify(name)}`);
    const fitting = (values: readonly (number | bigint)[]): readonly (number | bigint)[] => {
      const read = Array.from(values); // once, holes included
      if (!fits(read, signature.params)) throw new TypeError(`${name} takes (${signature.params.join(', ')})`);
      return read;
    };
    const given = typeof args === 'function' ? args : fitting(args);
    if (this.#running) throw new Error('a host function may not call back into its guest');
    if (this.#spent) throw new Error('this guest has trapped or run out; instantiate a fresh one');
    const [fuel, stack] = allowance(options, this.#module.limits.stackUnits);
    this.fuel = fuel;
    if (this.#fresh) {
      this.#fresh = false;
      this.fuel = fuel - this.#module.setupFuel;
      if (this.#tally !== undefined) this.#tally.setup = this.fuel < 0n ? fuel : this.#module.setupFuel;
      if (this.fuel < 0n) return this.#finish(fuel, { outcome: 'outOfFuel' });
      const started = this.#module.hasStart ? this.#run(METER.start, () => [], fuel, stack) : undefined;
      if (started !== undefined && started.outcome !== 'returned') return started;
    }
    return this.#run(name, () => (typeof given === 'function' ? fitting(given(this.#context)) : given), fuel, stack);
  }

  /** Value of an exported integer global, unsigned. */
  global(name: string): number | bigint | undefined {
    if (!this.#module.globals.has(name)) return undefined;
    return unsigned((this.#exports[name] as WebAssembly.Global).value as number | bigint);
  }

  /** What each function has used so far, also after a trap; `undefined` where the module was not prepared with `trace`. */
  trace(): Trace | undefined {
    if (this.#tally === undefined) return undefined;
    return readTrace(this.#exports, this.#module.tracedNames!, this.#module.imports.length, this.#tally, this.fuel);
  }

  /** Copies out of the guest's memory between calls; `undefined` where that is out of bounds. */
  peek(pointer: number, length: number): Uint8Array | undefined {
    return this.#context.memory.has(pointer, length) ? this.#context.memory.copyOut(pointer, length) : undefined;
  }

  /** @internal The counter. */
  get fuel(): bigint {
    return this.#counter.value as bigint;
  }

  set fuel(value: bigint) {
    this.#counter.value = value;
  }

  /** @internal For the context alone. */
  get owner(): KnownModule {
    return this.#module;
  }

  #run(name: string, args: () => readonly (number | bigint)[], fuel: bigint, stack: number): CallResult {
    const available = stack - this.#module.staticStackUnits(name);
    if (available < 0) return this.#finish(fuel, { outcome: 'stackExhausted' });
    this.#stack.value = available;
    this.#running = true;
    try {
      const placed = this.#asHost(0n, this.#tally?.placing, args);
      const raw: unknown = (this.#exports[name] as (...values: (number | bigint)[]) => unknown)(...placed);
      const values = (raw === undefined ? [] : Array.isArray(raw) ? raw : [raw]) as (number | bigint)[];
      return this.#finish(fuel, returned(values.map(unsigned)));
    } catch (error) {
      return this.#finish(fuel, this.#verdict(error));
    } finally {
      this.#running = false;
    }
  }

  /** How a call ended that threw; throws what is a fault of the host. */
  #verdict(error: unknown): Ending {
    this.#spent = true;
    if (this.#hostError !== undefined) {
      const thrown = this.#hostError.error;
      if (thrown instanceof Unwind) return thrown.ending;
      throw thrown;
    }
    if (this.#fault.value !== 0) throw new HostFault('the memory could not grow below its maximum');
    if (!isTrap(error)) throw new HostFault('the host ended before the limits of the guest did', { cause: error });
    if ((this.#stack.value as number) < 0) return { outcome: 'stackExhausted' };
    return { outcome: 'trapped', trap: trapName(error) };
  }

  /** The result of a run. A counter below zero comes first: whatever else happened, the fuel had run out. */
  #finish(fuel: bigint, ending: Ending): CallResult {
    const left = this.fuel;
    const outOfFuel = left < 0n || ending.outcome === 'outOfFuel';
    this.#spent ||= outOfFuel || ending.outcome !== 'returned';
    return outOfFuel ? { outcome: 'outOfFuel', fuelUsed: fuel } : { ...ending, fuelUsed: fuel - left };
  }

  /** The function that V8 links: charges, converts, and checks the answer. */
  #bridge(name: string, host: HostFunction): (...args: (number | bigint)[]) => number | bigint | undefined {
    const { fixed, perByte } = host.price;
    return (...args) =>
      this.#asHost(perByte, this.#billOf(name), () => {
        this.#context.pay(fixed, 'fixed');
        return answer(name, host, host.call(this.#context, ...args.map(unsigned)));
      });
  }

  /** Where a traced instance writes down what a call of a host function is paid; one that comes after fuel ran out is none. */
  #billOf(name: string): Bill | undefined {
    if (this.#tally === undefined || this.fuel < 0n) return undefined;
    const bill = this.#tally.of(name);
    bill.calls += 1n;
    return bill;
  }

  /** Does work of the host's and remembers what it throws, since V8 may show it to us only after unwinding the guest. */
  #asHost<T>(perByte: bigint, bill: Bill | undefined, work: () => T): T {
    try {
      this.#context.perByte = perByte;
      this.#context.bill = bill;
      return work();
    } catch (error) {
      this.#hostError = { error };
      throw error;
    }
  }
}

/** The implementation of `GuestContext`: one for each guest. */
class Context implements GuestContext {
  readonly memory: GuestMemory;
  /** Price of a byte moved in the running host function. */
  perByte = 0n;
  /** Where a traced guest writes down what its host is paid. */
  bill: Bill | undefined;

  readonly #guest: Guest;
  readonly #raw: WebAssembly.Memory | undefined;
  readonly #allocator: InstanceOptions['allocate'];

  constructor(guest: Guest, raw: WebAssembly.Memory | undefined, allocator: InstanceOptions['allocate']) {
    this.#guest = guest;
    this.#raw = raw;
    this.#allocator = allocator;
    this.memory = new GuestMemory(raw);
  }

  fuelLeft(): bigint {
    return this.#guest.fuel;
  }

  charge(fuel: bigint): void {
    this.pay(fuel, 'further');
  }

  /** Takes fuel, and says what for. */
  pay(fuel: bigint, kind: ChargeKind): void {
    if (fuel < 0n) throw new RangeError('negative charge');
    const before = this.#guest.fuel;
    const left = before - fuel;
    // The counter may hold no less than −2^63; below zero is all that matters.
    this.#guest.fuel = left < -1n ? -1n : left;
    if (this.bill !== undefined) this.bill[kind] += left >= 0n ? fuel : before > 0n ? before : 0n;
    if (left < 0n) throw new Unwind({ outcome: 'outOfFuel' }, 'out of fuel in a host function');
  }

  trap(reason: string): never {
    throw new Unwind({ outcome: 'trapped', trap: reason }, reason);
  }

  /** Bounds first, so that a bad pointer costs no bytes; then the price; then the work. */
  #admit(pointer: number, length: number): void {
    if (!this.memory.has(pointer, length)) {
      this.trap(`host function given [${pointer}, ${pointer + length}) of ${this.memory.bytes} bytes`);
    }
    if (this.perByte !== 0n) this.pay(this.perByte * BigInt(length), 'bytes');
  }

  read(pointer: number, length: number): Uint8Array {
    this.#admit(pointer, length);
    return this.memory.copyOut(pointer, length);
  }

  write(pointer: number, bytes: Uint8Array): void {
    this.#admit(pointer, bytes.length);
    this.memory.copyIn(pointer, bytes);
  }

  readU32(pointer: number): number {
    this.#admit(pointer, 4);
    return this.memory.view().getUint32(pointer, true);
  }

  readU64(pointer: number): bigint {
    this.#admit(pointer, 8);
    return this.memory.view().getBigUint64(pointer, true);
  }

  writeU32(pointer: number, value: number): void {
    this.#admit(pointer, 4);
    this.memory.view().setUint32(pointer, value, true);
  }

  writeU64(pointer: number, value: bigint): void {
    this.#admit(pointer, 8);
    this.memory.view().setBigUint64(pointer, value, true);
  }

  memoryBytes(): number {
    return this.memory.bytes;
  }

  grow(pages: number): number {
    const { schedule, memoryPagesMax } = this.#guest.owner;
    this.charge(BigInt(schedule.grow));
    if (this.#raw === undefined || pages > memoryPagesMax - this.memory.bytes / PAGE_BYTES) return -1;
    this.charge(BigInt(schedule.growPage) * BigInt(pages));
    try {
      return this.#raw.grow(pages);
    } catch (error) {
      throw new HostFault('the memory could not grow below its maximum', { cause: error });
    }
  }

  allocate(bytes: number): number {
    if (this.#allocator === undefined) throw new Error('this instance was given no allocator');
    return this.#allocator(this, bytes);
  }

  global(name: string): number | bigint | undefined {
    return this.#guest.global(name);
  }
}

/** An object without a prototype: a guest may name its imports `__proto__`. */
function nameless<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** Types and segments were checked when the module was prepared: what may still be missing here is memory of the machine. */
function linked(compiled: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(compiled, imports);
  } catch (error) {
    throw new HostFault('V8 could not instantiate a module', { cause: error });
  }
}

/** The fuel and stack of a call, each read once and cut to what its counter can hold. */
function allowance({ fuel, stack: given }: CallOptions, stackUnits: number): [fuel: bigint, stack: number] {
  const stack = given ?? stackUnits;
  if (typeof fuel !== 'bigint' || fuel < 0n) throw new RangeError('fuel must be a bigint that is not negative');
  if (!Number.isInteger(stack) || stack < 0) throw new RangeError('stack must be an integer that is not negative');
  return [fuel > FUEL_MAX ? FUEL_MAX : fuel, Math.min(stack, STACK_MAX)];
}

function unsigned(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? BigInt.asUintN(64, value) : value >>> 0;
}

function returned(values: readonly (number | bigint)[]): Ending {
  const [value] = values;
  return value === undefined ? { outcome: 'returned', values } : { outcome: 'returned', value, values };
}

function fits(args: readonly (number | bigint)[], types: readonly IntegerType[]): boolean {
  return args.length === types.length && args.every((arg, index) => isOf(types[index]!, arg));
}

function isOf(type: IntegerType, value: unknown): boolean {
  if (type === 'i64') return typeof value === 'bigint' && value >= I64_MIN && value < I64_END;
  return typeof value === 'number' && Number.isInteger(value) && value >= I32_MIN && value < I32_END;
}

/** Checks what a host function answered against its signature: a wrong type is a fault of the host. */
function answer(name: string, host: HostFunction, result: number | bigint | void): number | bigint | undefined {
  const [type] = host.results;
  if (type === undefined) {
    if (result !== undefined) throw new TypeError(`host function ${name} answers nothing, not ${result}`);
    return undefined;
  }
  if (!isOf(type, result)) throw new TypeError(`host function ${name} must answer an ${type}, not ${String(result)}`);
  return result as number | bigint;
}
