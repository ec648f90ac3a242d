// An instance of a prepared module: calls into it, host functions called from it, and the outcome of each run.
//
// The outcome is decided by the state of the counters, never by V8's exception only:
//
//   a host function threw                   its exception, rethrown: a fault of the host
//   memory.grow failed below the maximum    HostFault
//   V8 threw other than a trap (RangeError) HostFault: V8's own stack or memory ended first
//   the counter is below zero               outOfFuel
//   the stack is below zero                 stackExhausted
//   otherwise                               trapped, or returned
//
// A guest that did not return is spent: the state of its memory is undefined, and it refuses further calls.
import { METER, POOLED } from '../metering/rewrite.js';
import type { Bill, Trace } from '../metering/trace.js';
import { readTrace, Tally } from '../metering/trace.js';
import { Context } from './context.js';
import type { KnownModule } from './facts.js';
import type { Allocate, GuestContext, HostFunction } from './host-functions.js';
import type { CallResult, Ending } from './outcome.js';
import type { MemoryPool } from './memory-pool.js';
import { HostFault, isTrap, trapName, Unwind } from './outcome.js';
import { checkedResult, fits, unsigned } from './values.js';

/**
 * More fuel than this is reduced to it: the counter is an i64, and may exceed what is left by what is owed (settle.ts).
 */
const FUEL_MAX = 1n << 62n;
/** The counter of stack units is an i32. V8's own stack ends long before. */
const STACK_MAX = 2 ** 31 - 1;

/** What `instantiate` takes. */
export interface InstanceOptions {
  /** Host functions by the name of the import. */
  readonly imports?: Readonly<Record<string, HostFunction>>;
  /** Finds space in the guest's memory, for `GuestContext.allocate`. */
  readonly allocate?: Allocate;
}

/**
 * Arguments of a call, or host work that places them in the guest's memory and returns them, metered as part of the
 * call.
 */
export type Arguments = readonly (number | bigint)[] | ((context: GuestContext) => readonly (number | bigint)[]);

/** What one call may use. */
export interface CallOptions {
  readonly fuel: bigint;
  /** In units of stack (`stack.ts`); the limit of the module by default. */
  readonly stack?: number;
}

/** A running guest. */
export class Guest {
  readonly #module: KnownModule;
  readonly #exports: WebAssembly.Exports;
  readonly #counter: WebAssembly.Global;
  readonly #stack: WebAssembly.Global;
  readonly #fault: WebAssembly.Global;
  readonly #context: Context;
  /** Setup and the start function are part of the first call. */
  #fresh = true;
  #spent = false;
  #running = false;
  /** Of an instance whose memory is one of a pool, until it is released. */
  #pooled: { readonly memory: WebAssembly.Memory; readonly pool: MemoryPool } | undefined;
  /** Of a traced module: what the host was paid. */
  readonly #tally: Tally | undefined;
  /** What a host function threw, kept while it unwinds through the guest. */
  #hostError: { error: unknown } | undefined;

  /** @internal Use `PreparedModule.instantiate`. */
  constructor(module: KnownModule, compiled: WebAssembly.Module, options: InstanceOptions, pool?: MemoryPool) {
    this.#module = module;
    this.#tally = module.tracedNames === undefined ? undefined : new Tally();
    const imports = nameless<Record<string, WebAssembly.ImportValue>>();
    for (const item of module.imports) {
      const host = options.imports![item.name]!;
      (imports[item.module] ??= nameless())[item.name] = this.#bridge(item.name, host);
    }
    const { pooledPages } = module.facts;
    if (pool !== undefined && pooledPages !== undefined) {
      this.#pooled = { memory: pool.take(pooledPages), pool };
      imports[POOLED.module] = { [POOLED.name]: this.#pooled.memory };
    }
    this.#exports = linked(compiled, imports).exports;
    this.#counter = this.#exports[METER.fuel] as WebAssembly.Global;
    this.#stack = this.#exports[METER.stack] as WebAssembly.Global;
    this.#fault = this.#exports[METER.fault] as WebAssembly.Global;
    this.#context = new Context(module, this.#exports, options.allocate);
  }

  /**
   * Calls an exported function, with fuel of its own. Throws `TypeError` if there is no such function or the arguments
   * do not fit it (see `PreparedModule.entry`), `RangeError` if fuel or stack is no count, `HostFault` if the host
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
    if (this.#spent) throw new Error('this guest has trapped, run out or been released; instantiate a fresh one');
    const [fuel, stack] = allowance(options, this.#module.limits.stackUnits);
    this.#counter.value = fuel;
    if (this.#fresh) {
      this.#fresh = false;
      const left = fuel - this.#module.setupFuel;
      this.#counter.value = left;
      if (this.#tally !== undefined) this.#tally.setup = left < 0n ? fuel : this.#module.setupFuel;
      if (left < 0n) return this.#finish(fuel, { outcome: 'outOfFuel' });
      const started = this.#module.hasStart ? this.#run(METER.start, () => [], fuel, stack) : undefined;
      if (started !== undefined && started.outcome !== 'returned') return started;
    }
    return this.#run(name, () => (typeof given === 'function' ? fitting(given(this.#context)) : given), fuel, stack);
  }

  /** Value of an exported integer global, unsigned. */
  global(name: string): number | bigint | undefined {
    return this.#context.global(name);
  }

  /** What each function has used so far, also after a trap; `undefined` unless the module was prepared with `trace`. */
  trace(): Trace | undefined {
    if (this.#tally === undefined) return undefined;
    return readTrace(this.#exports, this.#module.tracedNames!, this.#module.imports.length, this.#tally, this.#left);
  }

  /** Copies out of the guest's memory between calls; `undefined` if the range is out of bounds. */
  peek(pointer: number, length: number): Uint8Array | undefined {
    return this.#context.memory.has(pointer, length) ? this.#context.memory.copyOut(pointer, length) : undefined;
  }

  /**
   * Ends the use of this instance, whose memory goes back to the pool that it came from: it can neither be called nor read
   * any more.
   */
  release(): void {
    if (this.#running) throw new Error('a guest that runs may not be released');
    this.#spent = true;
    const pooled = this.#pooled;
    if (pooled === undefined) return;
    this.#pooled = undefined;
    this.#context.forget();
    pooled.pool.giveBack(pooled.memory);
  }

  /** The counter; below zero once the fuel has run out. */
  get #left(): bigint {
    return this.#counter.value as bigint;
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
      return this.#finish(fuel, this.#endingOf(error));
    } finally {
      this.#running = false;
    }
  }

  /** How a run ended in which `error` was thrown. Throws if the fault is the host's. */
  #endingOf(error: unknown): Ending {
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

  /** The result of a run. A counter below zero comes first: whatever happened afterwards, the fuel had run out. */
  #finish(fuel: bigint, ending: Ending): CallResult {
    const left = this.#left;
    const outOfFuel = left < 0n || ending.outcome === 'outOfFuel';
    this.#spent ||= outOfFuel || ending.outcome !== 'returned';
    return outOfFuel ? { outcome: 'outOfFuel', fuelUsed: fuel } : { ...ending, fuelUsed: fuel - left };
  }

  /** The function that V8 links: charges, converts, and checks the result. */
  #bridge(name: string, host: HostFunction): (...args: (number | bigint)[]) => number | bigint | undefined {
    const { fixed, perByte } = host.price;
    return (...args) =>
      this.#asHost(perByte, this.#billOf(name), () => {
        this.#context.pay(fixed, 'fixed');
        return checkedResult(name, host, host.call(this.#context, ...args.map(unsigned)));
      });
  }

  /**
   * Of a traced instance: the bill of a host function that is called. A call after the fuel has run out is not counted.
   */
  #billOf(name: string): Bill | undefined {
    if (this.#tally === undefined || this.#left < 0n) return undefined;
    const bill = this.#tally.of(name);
    bill.calls += 1n;
    return bill;
  }

  /**
   * Runs host code, and keeps what it throws, because V8 may pass on another exception after it has unwound the guest.
   */
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

/** An object without a prototype, because a guest may name an import `__proto__`. */
function nameless<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** Types and segments were checked when the module was prepared: what can still fail is the machine's memory. */
function linked(compiled: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(compiled, imports);
  } catch (error) {
    throw new HostFault('V8 could not instantiate a module', { cause: error });
  }
}

/** The fuel and stack of a call, each read once and reduced to what its counter can hold. */
function allowance({ fuel, stack: given }: CallOptions, stackUnits: number): [fuel: bigint, stack: number] {
  const stack = given ?? stackUnits;
  if (typeof fuel !== 'bigint' || fuel < 0n) throw new RangeError('fuel must be a bigint that is not negative');
  if (!Number.isInteger(stack) || stack < 0) throw new RangeError('stack must be an integer that is not negative');
  return [fuel > FUEL_MAX ? FUEL_MAX : fuel, Math.min(stack, STACK_MAX)];
}

function returned(values: readonly (number | bigint)[]): Ending {
  const [value] = values;
  return value === undefined ? { outcome: 'returned', values } : { outcome: 'returned', value, values };
}
