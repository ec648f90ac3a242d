// The basis of a runtime's host functions: `RuntimeHost`, one for each call into the runtime, and `define`, with which
// the families define their functions' types and implementations.
//
// A family (`families/*.ts`) is a table from the imported name to a definition. Functions are bound when a blob is
// instantiated, and only those that the blob imports.
import type { Overlay } from '../state/index.js';
import type { HostSignature, IntegerType } from '../vm/index.js';
import type { Allocator } from './allocator.js';
import { HostCallError } from './errors.js';
import { LogBook, type LogListener } from './log-book.js';
import { fatAddress, fatLength, fatPointer, type LinearMemory } from './memory.js';
import type { SignatureCache } from './signatures.js';
import type { RuntimeVersion } from './version.js';

/** Options of a call into the runtime. */
export interface CallContext {
  /** Is passed what the runtime logs. */
  log?: LogListener;
  /** The most verbose level that the runtime should log: 0 off, 1 error … 5 trace. Default 3 (info). */
  maxLogLevel?: number;
  /** A cache of valid signatures. Without it, each signature is verified. */
  signatures?: Pick<SignatureCache, 'verify'>;
  /** By how much the runtime's memory may grow, in pages of 64 KiB. Default 2,048, as in Substrate. */
  heapPages?: number;
}

/** The state of one call into a runtime, as its host functions see it. */
export class RuntimeHost {
  /** Lines logged in this call. */
  readonly log: LogBook;
  /** Set between `start_batch_verify` and `finish_batch_verify`: whether all signatures so far are valid. */
  batch: boolean | undefined;
  /** Whether a guest runs. Its host calls call into the runtime, which then can't run another guest. */
  machineRuns = false;
  /** While the runtime serves a host call of that guest with a reply of bytes: see `machine_reserve` in machine.ts. */
  reserve: ((length: number) => boolean) | undefined;
  /** Memory, heap and exports of the instance, set by `attach` before any of its code runs. */
  memory!: LinearMemory;
  heap!: Allocator;
  exports!: WebAssembly.Exports;

  readonly #transactionsBefore: number;

  /** `versionOf`: the version of the runtime in some code; throws InvalidRuntime. */
  constructor(
    readonly overlay: Overlay,
    readonly context: CallContext,
    readonly versionOf: (code: Uint8Array) => RuntimeVersion,
  ) {
    this.log = new LogBook(context.log);
    this.#transactionsBefore = overlay.depth;
  }

  /** Attaches the instance, which exists only after its imports were bound to this host. */
  attach(memory: LinearMemory, heap: Allocator, exports: WebAssembly.Exports): void {
    this.memory = memory;
    this.heap = heap;
    this.exports = exports;
  }

  /** The number of storage transactions that the runtime has opened and not closed. */
  get openTransactions(): number {
    return this.overlay.depth - this.#transactionsBefore;
  }

  /** The bytes of a fat pointer, not copied: valid until the runtime continues to run. */
  view(fat: bigint, what: string): Uint8Array {
    return this.memory.at(fatAddress(fat), fatLength(fat), what);
  }

  /** `length` bytes at an address, not copied: valid until the runtime continues to run. */
  viewAt(pointer: number, length: number, what: string): Uint8Array {
    return this.memory.at(pointer >>> 0, length, what);
  }

  /** Allocates a block of the runtime's heap. */
  allocate(size: number): number {
    return this.heap.allocate(this.memory, size);
  }

  /** Copies bytes to a new block and returns its fat pointer. */
  give(bytes: Uint8Array): bigint {
    return fatPointer(this.giveAt(bytes), bytes.length);
  }

  /** Copies bytes to a new block and returns its address. */
  giveAt(bytes: Uint8Array): number {
    const pointer = this.allocate(bytes.length);
    this.memory.bytes.set(bytes, pointer);
    return pointer;
  }

  /** As `give`, for a SCALE Option<Vec<u8>>, which is encoded directly in the runtime's memory. */
  giveOptionalBytes(value: Uint8Array | undefined): bigint {
    if (value === undefined) return this.giveOptionalU32(undefined);
    const prefix = compactBytes(value.length);
    const total = 1 + prefix + value.length;
    const pointer = this.allocate(total);
    const { bytes } = this.memory;
    bytes[pointer] = 1;
    writeCompact(bytes, pointer + 1, prefix, value.length);
    bytes.set(value, pointer + 1 + prefix);
    return fatPointer(pointer, total);
  }

  /** As `give`, for a SCALE Option<u32>, or any Option that is none. */
  giveOptionalU32(value: number | undefined): bigint {
    const length = value === undefined ? 1 : 5;
    const pointer = this.allocate(length);
    const { view } = this.memory;
    view.setUint8(pointer, value === undefined ? 0 : 1);
    if (value !== undefined) view.setUint32(pointer + 1, value, true);
    return fatPointer(pointer, length);
  }
}

/** The size in bytes of the SCALE compact of a length below 2^32. */
function compactBytes(value: number): number {
  return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 5;
}

/** Writes the SCALE compact of a length; `size` is the result of `compactBytes`. */
function writeCompact(bytes: Uint8Array, at: number, size: number, value: number): void {
  if (size === 5) {
    bytes[at] = 3; // four bytes follow
    for (let i = 0; i < 4; i++) bytes[at + 1 + i] = value >>> (8 * i);
    return;
  }
  const word = value * 4 + (size >> 1); // modes 0, 1 and 2 stand for 1, 2 and 4 bytes
  for (let i = 0; i < size; i++) bytes[at + i] = word >>> (8 * i);
}

type Argument<P extends IntegerType> = P extends 'i64' ? bigint : number;
type Arguments<P extends readonly IntegerType[]> = { -readonly [I in keyof P]: Argument<P[I]> };
type Answer<R extends IntegerType | undefined> = R extends IntegerType ? Argument<R> : void;

/** A host function: the type that an import must have, and the implementation. */
export interface HostFunctionDefinition extends HostSignature {
  // Method syntax, so that functions of different argument types fit in one table; `importFaults` checks types before
  // linking.
  run(host: RuntimeHost, ...args: (number | bigint)[]): number | bigint | void;
}

/** A group of host functions, by imported name. */
export type Family = Readonly<Record<string, HostFunctionDefinition>>;

/** A host function with the parameters `params` and the result `result`. An i32 argument is signed. */
export function define<const P extends readonly IntegerType[], R extends IntegerType | undefined>(
  params: P,
  result: R,
  run: (host: RuntimeHost, ...args: Arguments<P>) => Answer<R>,
): HostFunctionDefinition {
  return { params, results: result === undefined ? [] : [result], run: run as HostFunctionDefinition['run'] };
}

/** Where the host functions of an instance find the host of the call that it serves. */
export interface HostSlot {
  host: RuntimeHost;
}

/**
 * The function to link for a definition. Adds the function's name to the message of a HostCallError.
 *
 * There is one closure for each small number of arguments, because rest parameters cost an array in each of the
 * millions of calls.
 */
export function bind(slot: HostSlot, name: string, { params, run }: HostFunctionDefinition): WebAssembly.ExportValue {
  type Value = number | bigint;
  const failed = (error: unknown): never => {
    if (error instanceof HostCallError && !error.message.startsWith('ext_'))
      throw new HostCallError(`${name}: ${error.message}`);
    throw error;
  };
  switch (params.length) {
    case 0:
      return () => {
        try {
          return run(slot.host);
        } catch (error) {
          return failed(error);
        }
      };
    case 1:
      return (a: Value) => {
        try {
          return run(slot.host, a);
        } catch (error) {
          return failed(error);
        }
      };
    case 2:
      return (a: Value, b: Value) => {
        try {
          return run(slot.host, a, b);
        } catch (error) {
          return failed(error);
        }
      };
    case 3:
      return (a: Value, b: Value, c: Value) => {
        try {
          return run(slot.host, a, b, c);
        } catch (error) {
          return failed(error);
        }
      };
    default:
      return (...args: Value[]) => {
        try {
          return run(slot.host, ...args);
        } catch (error) {
          return failed(error);
        }
      };
  }
}
