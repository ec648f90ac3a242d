// Runs one entry point of a guest: untrusted code, metered, on a fresh instance (docs/decisions/0001-specification.md
// § Entry points and host functions (Wasm)).
//
// The guest exports its memory, `__heap_base` and the entry point `(address: i32, length: i32) -> i64`, which takes its
// SCALE-encoded arguments and returns a fat pointer to its result. Everything that a guest can do wrong is an outcome,
// never an exception; an exception is a fault of the host, or of the runtime that serves the guest's host calls.
import { err, ok, type Result } from '../bytes/index.js';
import type { RunOutcome } from '../contract/index.js';
import {
  FUEL_PS,
  InvalidModule,
  LIMITS,
  MemoryPool,
  ModuleCache,
  ModuleFolder,
  SCHEDULE,
  signatureText,
  type Guest,
  type GuestContext,
  type HostFunction,
  type Limits,
  type ModuleStore,
  type PreparedModule,
  type Schedule,
} from '../vm/index.js';
import { Allocator, type HeapMemory } from './allocator.js';
import { HostCallError } from './errors.js';
import { baseFunctions } from './guest-functions.js';
import { linked } from './guest-link.js';
import { GUEST_FUNCTIONS } from './guest-table.js';
import type { LogListener } from './log-book.js';
import { ENTRY_POINT, fatAddress, fatLength } from './memory.js';
import { PASSING } from './prices.js';

/** What to run. */
export interface GuestRun {
  readonly code: Uint8Array;
  /** BLAKE2b-256 of the code, the key of the prepared module in the cache. Not checked. */
  readonly codeHash: Uint8Array;
  readonly entry: string;
  /** The SCALE-encoded tuple of the entry point's arguments. */
  readonly args: Uint8Array;
  /** In picoseconds. */
  readonly weight: bigint;
  /**
   * The length of the longest result that the caller accepts. A longer one is refused by its length, before it is copied or
   * decoded. Default: OUTPUT_BYTES_MAX, which is also the maximum.
   */
  readonly outputBytesMax?: number;
  /**
   * Functions besides those that need only the guest. Of all, those in the column of `entry` are called; every other
   * known function links, and traps.
   */
  readonly functions: Readonly<Record<string, HostFunction>>;
  readonly log?: LogListener;
  /** The cache of prepared modules, made by `guestModules`. Default: one for this process. */
  readonly modules?: ModuleCache;
  /** Is passed the instance after its call has ended, with any outcome: to read the trace of a traced module. */
  readonly observe?: (instance: Guest) => void;
}

/** Code that is copied only if its prepared module is not in the cache. */
export interface LazyCode {
  readonly length: number;
  readonly copy: () => Uint8Array;
}

type LazyRun = Omit<GuestRun, 'code'> & { readonly code: GuestRun['code'] | LazyCode };
type EntryOfModule = Pick<LazyRun, 'code' | 'codeHash' | 'entry' | 'modules'>;

/** The result of a run. `weightUsed` is at most the given weight. */
export type GuestResult =
  | { readonly outcome: 'returned'; readonly output: Uint8Array; readonly weightUsed: bigint }
  | { readonly outcome: GuestFailure; readonly reason: string; readonly weightUsed: bigint };

/**
 * The ways in which a guest can fail in the VM; `malformed` is a result that is too long. The runtime adds the other outcomes
 * of a run, and refuses as malformed what it can't decode.
 */
export type GuestFailure = Exclude<RunOutcome, 'returned' | 'codeMissing'>;

/** The maximum size of a result, which bounds what a guest can make its host copy. Far above that of any entry point. */
export const OUTPUT_BYTES_MAX = 1024 * 1024;

const CACHE_BYTES_MAX = 256 * 2 ** 20;
/**
 * The memory for prepared on-chain modules: 256 KiB, by the cache's estimate, for each of the 2,048 classes that 512
 * packages of four items can name in a block.
 *
 * So all of them stay prepared if each has at most 16 KiB of code that instrumentation makes 1.6 times as long, as it does
 * the shipped guests. Code may become 4 times as long: of such modules of 16 KiB, 872 stay (615,424 bytes each), and of any
 * code 2,048 modules of 6 KiB. Modules beyond that are prepared again at each call, for which `setup` charges; longer code
 * pays more (the runtime's `codeCost`).
 */
const ON_CHAIN_CACHE_BYTES_MAX = 512 * 2 ** 20;
/** The memory for modules of Authorizers that are being registered: one of the longest code. */
const CHECKED_CACHE_BYTES_MAX = 32 * 2 ** 20;
const PREPARING = { imports: { functions: GUEST_FUNCTIONS } };

/** A cache of the prepared modules of guests. With `store`, it outlives this process. */
export function guestModules(bytesMax: number, store?: ModuleStore): ModuleCache {
  return new ModuleCache(bytesMax, PREPARING, store);
}

/** The folder `path` as a store for `guestModules`. */
export function guestModuleFolder(path: string, bytesMax: number): ModuleFolder {
  return new ModuleFolder(path, bytesMax, PREPARING);
}

const modulesOfProcess = guestModules(CACHE_BYTES_MAX);

/**
 * The limits of a module that runs on-chain: 64 pages of memory (4 MiB), instead of the 1,024 that it may have in-core.
 *
 * A guest that touches more memory than the processor's caches hold takes up to 48 times as long as its weight says,
 * and only weight bounds a block (docs/decisions/0002-metering.md). The limit applies to the instance: a module whose
 * initial memory is larger is invalid; in one whose maximum is larger, `memory.grow` returns −1 at the limit. All nodes
 * must agree on the limits, so they belong to version 1 of the machine's functions: other limits need another version.
 */
export const ON_CHAIN_LIMITS: Readonly<Limits> = Object.freeze({ ...LIMITS, memoryPages: 64 });

/**
 * The prices on-chain: those of memory are others. A memory that an instance begins with is one of a pool, and costs little
 * more than setting it to zero; one that a guest grows can't be used again, and is garbage that V8 collects by going through
 * the node's heap. The price of a page holds with 500 MB in it (docs/decisions/0002-metering.md). The runtime's weight of a
 * call includes an ordinary instance, so that `fixed` is for what an unusual one takes beyond. Part of version 1 of the
 * machine's functions, as the limits are.
 */
export const ON_CHAIN_SCHEDULE: Readonly<Schedule> = Object.freeze({
  ...SCHEDULE,
  version: 3,
  growPage: 800_000,
  setup: Object.freeze({ ...SCHEDULE.setup, fixed: 40_000, page: 4_000 }),
});

/** How modules that run on-chain are prepared. Their memories are one pool's: guests don't nest. */
export const ON_CHAIN_PREPARING = Object.freeze({
  ...PREPARING,
  limits: ON_CHAIN_LIMITS,
  schedule: ON_CHAIN_SCHEDULE,
  compiler: 'baseline' as const,
  memories: new MemoryPool(ON_CHAIN_LIMITS.memoryPages),
});

/**
 * A cache of modules that run on-chain. It is separate from that of in-core modules, because limits decide which
 * modules are valid and how they are instrumented. They are compiled only by the baseline compiler, because the node
 * must survive them (host/vm/running/compile.ts).
 */
export function onChainModules(bytesMax = ON_CHAIN_CACHE_BYTES_MAX): ModuleCache {
  return new ModuleCache(bytesMax, ON_CHAIN_PREPARING);
}

/**
 * A cache of modules that a node checks for their in-core entry points, under the limits that apply there. It runs none of
 * them, but must survive compiling them (`onChainModules`).
 */
export function checkedInCoreModules(bytesMax = CHECKED_CACHE_BYTES_MAX): ModuleCache {
  return new ModuleCache(bytesMax, { ...PREPARING, compiler: 'baseline' });
}

/**
 * Runs `entry` on a fresh instance of the guest. Reading and compiling its code is charged by the length of the code,
 * whatever comes of it, and is not begun unless the weight covers it.
 */
export function runGuest(run: LazyRun): GuestResult {
  const fuel = run.weight / FUEL_PS;
  const preparing = preparingFuel(run);
  if (fuel < preparing) return outOfWeight(run);
  const instantiated = instantiate(run);
  if (!instantiated.ok) return { outcome: 'invalid', reason: instantiated.error, weightUsed: preparing * FUEL_PS };
  const instance = instantiated.value;
  try {
    return runOn(instance, run, fuel);
  } finally {
    instance.release();
  }
}

function runOn(instance: Guest, run: LazyRun, fuel: bigint): GuestResult {
  const called = instance.call(
    run.entry,
    (context) => {
      context.charge(passingFuel(run.args.length));
      const pointer = context.allocate(run.args.length);
      context.write(pointer, run.args);
      return [pointer, run.args.length];
    },
    { fuel },
  );
  run.observe?.(instance);

  const { fuelUsed } = called;
  switch (called.outcome) {
    case 'returned':
      return takeOutput(run, instance, called.value as bigint, fuelUsed, fuel);
    case 'trapped':
      return trapped(called.trap, fuelUsed);
    case 'outOfFuel':
      return outOfWeight(run);
    case 'stackExhausted':
      return { outcome: 'stackExhausted', reason: 'its calls are nested too deeply', weightUsed: fuelUsed * FUEL_PS };
  }
}

/**
 * The weight that a run of the module's `entry` with `argsLength` bytes of arguments is charged before the guest's first
 * instruction, without a start function. Undefined for code that every run would end as `invalid`.
 */
export function weightBeforeStart(module: EntryOfModule, argsLength: number): bigint | undefined {
  const prepared = preparedEntry(module);
  return prepared.ok ? (prepared.value.setupFuel + passingFuel(argsLength)) * FUEL_PS : undefined;
}

/** The part of the price of an instance that is known before its code is read. */
function preparingFuel({ code, modules = modulesOfProcess }: LazyRun): bigint {
  const { fixed, byte } = modules.schedule.setup;
  return BigInt(fixed) + BigInt(byte) * BigInt(code.length);
}

function passingFuel(argsLength: number): bigint {
  return PASSING.fixed + PASSING.perByte * BigInt(argsLength);
}

/** The module with an entry point that can be called. The error says why every run of it is invalid. */
function preparedEntry({
  code,
  codeHash,
  entry,
  modules = modulesOfProcess,
}: EntryOfModule): Result<PreparedModule, string> {
  const module = modules.get(codeHash, () => (ArrayBuffer.isView(code) ? code : code.copy())); // a Buffer has a `copy` too
  if (!module.ok) return err(module.error.message);
  const prepared = module.value;
  const signature = prepared.entry(entry);
  if (signature === undefined) return err(`it exports no function ${entry}`);
  const type = signatureText(signature);
  if (type !== ENTRY_POINT) return err(`its ${entry} is ${type}, not ${ENTRY_POINT}`);
  if (prepared.globals.get('__heap_base') !== 'i32') return err('it exports no i32 global __heap_base');
  return ok(prepared);
}

/** Copies the result out of the guest, which is charged for it. */
function takeOutput(run: LazyRun, instance: Guest, result: bigint, fuelUsed: bigint, fuel: bigint): GuestResult {
  const [address, length] = [fatAddress(result), fatLength(result)];
  const most = Math.min(run.outputBytesMax ?? OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX);
  if (length > most) {
    const reason = `a result of ${length} bytes is more than ${most}`;
    return { outcome: 'malformed', reason, weightUsed: fuelUsed * FUEL_PS };
  }
  const used = fuelUsed + PASSING.perByte * BigInt(length);
  if (used > fuel) return outOfWeight(run);
  const output = instance.peek(address, length);
  if (output === undefined) return trapped(`a result of ${length} bytes at ${address} is outside of its memory`, used);
  return { outcome: 'returned', output, weightUsed: used * FUEL_PS };
}

function outOfWeight({ weight }: LazyRun): GuestResult {
  return { outcome: 'outOfWeight', reason: 'the weight is used up', weightUsed: weight };
}

/** The guest trapped, a host function refused its call, or its result is out of bounds (D17). */
function trapped(reason: string, fuelUsed: bigint): GuestResult {
  return { outcome: 'trapped', reason, weightUsed: fuelUsed * FUEL_PS };
}

/** A fresh instance. The error says why the module is invalid. */
function instantiate(run: LazyRun): Result<Guest, string> {
  const { entry, functions, log } = run;
  const module = preparedEntry(run);
  if (!module.ok) return module;
  const prepared = module.value;
  let heap: Allocator | undefined;
  const withHeap = <T>(context: GuestContext, work: (heap: Allocator, memory: HeapMemory) => T): T => {
    heap ??= new Allocator(context.global('__heap_base') as number, prepared.memoryPagesMax);
    try {
      return work(heap, new GuestHeapMemory(context));
    } catch (error) {
      if (error instanceof HostCallError) context.trap(error.message);
      throw error;
    }
  };
  const allocate = (context: GuestContext, bytes: number): number =>
    withHeap(context, (own, memory) => own.allocate(memory, bytes));
  const free = (context: GuestContext, pointer: number): void =>
    withHeap(context, (own, memory) => own.free(memory, pointer));
  try {
    const guest = prepared.instantiate({
      imports: linked(entry, { ...baseFunctions(free, log), ...functions }),
      allocate,
    });
    return ok(guest);
  } catch (error) {
    if (error instanceof InvalidModule) return err(error.message);
    throw error;
  }
}

/** A guest's memory for the allocator. An access outside of it traps the guest. */
class GuestHeapMemory implements HeapMemory {
  readonly #context: GuestContext;

  constructor(context: GuestContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#context.memoryBytes();
  }

  grow(pages: number): boolean {
    return this.#context.grow(pages) !== -1;
  }

  readU32(pointer: number): number {
    return this.#context.readU32(pointer);
  }

  writeU32(pointer: number, value: number): void {
    this.#context.writeU32(pointer, value);
  }
}
