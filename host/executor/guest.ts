/**
 * Running one entry point of a guest: untrusted code, metered, on a fresh instance (docs/spec.md, Entry points).
 *
 * The guest exports its memory, `__heap_base` and the entry point `(address: i32, length: i32) -> i64`, which takes its
 * SCALE-encoded arguments and answers a fat pointer to its result. Whatever it does wrong is an outcome, never an
 * exception; an exception is a fault of the host, or of the runtime that serves the guest's host calls.
 */
import type { RunOutcome } from '../contract/index.js';
import {
  FUEL_PS,
  InvalidModule,
  LIMITS,
  ModuleCache,
  ModuleFolder,
  type Guest,
  type GuestContext,
  type HostFunction,
  type Limits,
  type ModuleStore,
} from '../vm/index.js';
import { Allocator, type HeapMemory } from './allocator.js';
import { HostCallError } from './errors.js';
import { baseFunctions, GUEST_FUNCTIONS, type GuestLog } from './guest-functions.js';
import { fatAddress, fatLength } from './memory.js';
import { PASSING, priceOf } from './prices.js';

/** What to run. */
export interface GuestRun {
  readonly code: Uint8Array;
  /** BLAKE2b-256 of the code, under which the prepared module is kept. The caller answers for it. */
  readonly codeHash: Uint8Array;
  readonly entry: string;
  /** The SCALE-encoded tuple of the entry point's arguments. */
  readonly args: Uint8Array;
  /** In picoseconds. */
  readonly weight: bigint;
  /** Functions of this entry point beside those every guest has. Others that are known link, and trap when called. */
  readonly functions: Readonly<Record<string, HostFunction>>;
  readonly log?: GuestLog;
  /** Where prepared modules are kept: a cache of `guestModules`. This process's own where it is left out. */
  readonly modules?: ModuleCache;
  /** Is shown the instance once its call has ended, however it did: what a traced one used. */
  readonly observe?: (instance: Guest) => void;
}

/** What came of it. `weightUsed` is at most the weight given. */
export type GuestResult =
  | { readonly outcome: 'returned'; readonly output: Uint8Array; readonly weightUsed: bigint }
  | { readonly outcome: GuestFailure; readonly reason: string; readonly weightUsed: bigint };

/** How a guest can fail in the machine. The other outcomes of a run are the runtime's to find. */
export type GuestFailure = Exclude<RunOutcome, 'returned' | 'codeMissing' | 'malformed'>;

/** No entry point's result comes near this; it bounds what a guest can make its host copy. */
export const OUTPUT_BYTES_MAX = 1024 * 1024;

const CACHE_BYTES_MAX = 256 * 2 ** 20;
const PREPARING = { imports: { functions: GUEST_FUNCTIONS } };

/** A cache of guests' prepared modules; with `store`, beyond this process. */
export function guestModules(bytesMax: number, store?: ModuleStore): ModuleCache {
  return new ModuleCache(bytesMax, PREPARING, store);
}

/** The folder `path` as a store for `guestModules`. */
export function guestModuleFolder(path: string, bytesMax: number): ModuleFolder {
  return new ModuleFolder(path, bytesMax, PREPARING);
}

const modulesOfProcess = guestModules(CACHE_BYTES_MAX);

/**
 * What a module may measure to be run on-chain: 64 pages of memory, 4 MiB, in place of the 1,024 that it may have in-core.
 * A guest that walks over more than the processor's caches hold takes up to 48 times as long as its weight says, and nothing
 * but weight bounds a block (docs/decisions/0002). The cap is on what an instance has: a module that declares more from the
 * start is invalid; one that may grow beyond is not, and its growth ends there, with −1. All nodes must agree on it: it
 * belongs to version 1 of the machine's functions, as all limits do, and another one is another version.
 */
export const ON_CHAIN_LIMITS: Readonly<Limits> = Object.freeze({ ...LIMITS, memoryPages: 64 });

/**
 * A cache of modules as they may run on-chain: apart from those in-core, since limits decide what is valid and what is made,
 * and compiled by the baseline compiler alone, since the node must outlive them (`vm/compile.ts`).
 */
export function onChainModules(bytesMax = CACHE_BYTES_MAX): ModuleCache {
  return new ModuleCache(bytesMax, { ...PREPARING, limits: ON_CHAIN_LIMITS, compiler: 'baseline' });
}

/** Runs `entry` on a fresh instance of the guest. */
export function runGuest(run: GuestRun): GuestResult {
  const instance = instantiate(run);
  if (typeof instance === 'string') return { outcome: 'invalid', reason: instance, weightUsed: 0n };
  const gas = run.weight / FUEL_PS;
  const called = instance.call(
    run.entry,
    (context) => {
      context.charge(PASSING.fixed + PASSING.perByte * BigInt(run.args.length));
      const pointer = context.allocate(run.args.length);
      context.write(pointer, run.args);
      return [pointer, run.args.length];
    },
    { gas },
  );
  run.observe?.(instance);

  switch (called.outcome) {
    case 'outOfGas':
      return outOfWeight(run);
    case 'stackExhausted':
      return {
        outcome: 'stackExhausted',
        reason: 'its calls are nested too deep',
        weightUsed: called.gasUsed * FUEL_PS,
      };
    case 'trapped':
      return trapped(called.trap ?? 'unknown trap', called.gasUsed);
    case 'returned':
      return takeOutput(run, instance, called.value as bigint, called.gasUsed, gas);
  }
}

/** Copies the result out of the guest, at a price like all that it makes its host do. */
function takeOutput(run: GuestRun, instance: Guest, result: bigint, fuelUsed: bigint, gas: bigint): GuestResult {
  const [address, length] = [fatAddress(result), fatLength(result)];
  if (length > OUTPUT_BYTES_MAX)
    return trapped(`a result of ${length} bytes is more than ${OUTPUT_BYTES_MAX}`, fuelUsed);
  const used = fuelUsed + PASSING.perByte * BigInt(length);
  if (used > gas) return outOfWeight(run);
  const output = instance.peek(address, length);
  if (output === undefined) return trapped(`a result of ${length} bytes at ${address} is outside of its memory`, used);
  return { outcome: 'returned', output, weightUsed: used * FUEL_PS };
}

function outOfWeight({ weight }: GuestRun): GuestResult {
  return { outcome: 'outOfWeight', reason: 'the weight is used up', weightUsed: weight };
}

/** A trap of the guest's own, a refusal by a host function, or a result that can't be taken (D17). */
function trapped(reason: string, fuelUsed: bigint): GuestResult {
  return { outcome: 'trapped', reason, weightUsed: fuelUsed * FUEL_PS };
}

/** A fresh instance, or why there can be none. */
function instantiate({ code, codeHash, entry, functions, log, modules = modulesOfProcess }: GuestRun): Guest | string {
  const prepared = modules.get(codeHash, () => code);
  if (prepared instanceof InvalidModule) return prepared.message;
  const signature = prepared.entry(entry);
  if (signature === undefined) return `it exports no function ${entry}`;
  if (signature.params.join() !== 'i32,i32' || signature.results.join() !== 'i64') {
    return `its ${entry} is (${signature.params.join(', ')}) -> (${signature.results.join(', ')}), not (i32, i32) -> (i64)`;
  }
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
      imports: { ...NOT_HERE, ...baseFunctions(free, log), ...functions },
      allocate,
    });
    if (typeof guest.global('__heap_base') !== 'number') return 'it exports no i32 global __heap_base';
    return guest;
  } catch (error) {
    if (error instanceof InvalidModule) return error.message;
    throw error;
  }
}

/** Every known function, trapping: what is linked where the running entry point has no business with the real one. */
export const NOT_HERE: Readonly<Record<string, HostFunction>> = Object.fromEntries(
  Object.entries(GUEST_FUNCTIONS).map(([name, signature]) => {
    const call = (guest: GuestContext): never => guest.trap(`this entry point may not call ${name}`);
    return [name, { ...signature, price: priceOf(name), call }];
  }),
);

/** A guest's memory as the allocator wants it; what it touches is inside or traps the guest. */
class GuestHeapMemory implements HeapMemory {
  constructor(private readonly context: GuestContext) {}

  get size(): number {
    return this.context.memoryBytes();
  }

  grow(pages: number): boolean {
    return this.context.grow(pages) !== -1;
  }

  readU32(pointer: number): number {
    return this.context.readU32(pointer);
  }

  writeU32(pointer: number, value: number): void {
    this.context.writeU32(pointer, value);
  }
}
