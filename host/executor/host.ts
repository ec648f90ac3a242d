/**
 * What a runtime's host functions stand on: one `RuntimeHost` for each call into the runtime, and `define`, by which
 * the families say their functions' types and bodies.
 *
 * A family (`families/*.ts`) is a table from the imported name to a definition. Nothing is bound until a blob is
 * instantiated, and then only what that blob imports.
 */
import type { Overlay } from '../state/index.js';
import type { HostSignature, IntegerType } from '../vm/index.js';
import type { Allocator } from './allocator.js';
import { HostCallError } from './errors.js';
import { LogBook, type LogListener } from './log-book.js';
import { fatAddress, fatLength, fatPointer, type LinearMemory } from './memory.js';
import type { SignatureCache } from './signatures.js';
import type { RuntimeVersion } from './version.js';

/** What a caller may give along with a call into the runtime. */
export interface CallContext {
  /** Is passed what the runtime logs. */
  log?: LogListener;
  /** The most talkative level the runtime need log: 0 off, 1 error … 5 trace. Default 3 (info). */
  maxLogLevel?: number;
  /** Signatures known to be good. Without it each one is verified. */
  signatures?: SignatureCache;
  /** How far the runtime's memory may grow above its initial size, in pages of 64 KiB. Default 2,048, as in Substrate. */
  heapPages?: number;
}

/** The state of one call into a runtime, as its host functions see it. */
export class RuntimeHost {
  /** Lines logged in this call. */
  readonly log: LogBook;
  /** Set between `start_batch_verify` and `finish_batch_verify`: whether all signatures so far were good. */
  batch: boolean | undefined;
  /** Set while a guest of the machine runs: its host calls come back into the runtime, but it starts no other. */
  machineRuns = false;
  /** Memory, heap and exports of the instance: set by `attach`, before any of its code runs. */
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

  /** Completes the host with what only an instance can give, whose imports are bound to this host. */
  attach(memory: LinearMemory, heap: Allocator, exports: WebAssembly.Exports): void {
    this.memory = memory;
    this.heap = heap;
    this.exports = exports;
  }

  /** How many storage transactions the runtime has opened itself and not closed. */
  get openTransactions(): number {
    return this.overlay.depth - this.#transactionsBefore;
  }

  /** The bytes a fat pointer names, not copied: valid until the runtime runs on. */
  view(fat: bigint, what: string): Uint8Array {
    return this.memory.at(fatAddress(fat), fatLength(fat), what);
  }

  /** `length` bytes at a plain pointer, not copied. */
  viewAt(pointer: number, length: number, what: string): Uint8Array {
    return this.memory.at(pointer >>> 0, length, what);
  }

  /** A fresh block of the runtime's heap. */
  allocate(size: number): number {
    return this.heap.allocate(this.memory, size);
  }

  /** Hands bytes over in a fresh block; answers its fat pointer. */
  give(bytes: Uint8Array): bigint {
    return fatPointer(this.giveAt(bytes), bytes.length);
  }

  /** Hands bytes over in a fresh block; answers its plain address. */
  giveAt(bytes: Uint8Array): number {
    const pointer = this.allocate(bytes.length);
    this.memory.bytes.set(bytes, pointer);
    return pointer;
  }

  /** Hands over SCALE Option<Vec<u8>>, written straight into the runtime's memory. */
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

  /** Hands over SCALE Option<u32>, or any Option that is none. */
  giveOptionalU32(value: number | undefined): bigint {
    const length = value === undefined ? 1 : 5;
    const pointer = this.allocate(length);
    const { view } = this.memory;
    view.setUint8(pointer, value === undefined ? 0 : 1);
    if (value !== undefined) view.setUint32(pointer + 1, value, true);
    return fatPointer(pointer, length);
  }
}

/** How many bytes the SCALE compact of a length takes; lengths stay below 2^32. */
function compactBytes(value: number): number {
  return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 5;
}

/** Writes the SCALE compact of a length in `size` bytes, the answer of `compactBytes`. */
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

/** One host function: the type that an import must have, and what it does. */
export interface HostFunctionDefinition extends HostSignature {
  // Method syntax, so that functions of different argument types fit in one table; `importFaults` checks types before linking.
  run(host: RuntimeHost, ...args: (number | bigint)[]): number | bigint | void;
}

/** A group of host functions by imported name. */
export type Family = Readonly<Record<string, HostFunctionDefinition>>;

/** A host function taking `params`, answering `result`; a plain i32 argument arrives signed. */
export function define<const P extends readonly IntegerType[], R extends IntegerType | undefined>(
  params: P,
  result: R,
  run: (host: RuntimeHost, ...args: Arguments<P>) => Answer<R>,
): HostFunctionDefinition {
  return { params, results: result === undefined ? [] : [result], run: run as HostFunctionDefinition['run'] };
}

/**
 * The function to link for a definition.
 *
 * One closure shape a number of arguments: rest parameters would cost an array in each of the millions of calls.
 * What a function throws as HostCallError gets the function's name in front.
 */
export function bind(
  host: RuntimeHost,
  name: string,
  { params, run }: HostFunctionDefinition,
): WebAssembly.ExportValue {
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
          return run(host);
        } catch (error) {
          return failed(error);
        }
      };
    case 1:
      return (a: Value) => {
        try {
          return run(host, a);
        } catch (error) {
          return failed(error);
        }
      };
    case 2:
      return (a: Value, b: Value) => {
        try {
          return run(host, a, b);
        } catch (error) {
          return failed(error);
        }
      };
    case 3:
      return (a: Value, b: Value, c: Value) => {
        try {
          return run(host, a, b, c);
        } catch (error) {
          return failed(error);
        }
      };
    default:
      return (...args: Value[]) => {
        try {
          return run(host, ...args);
        } catch (error) {
          return failed(error);
        }
      };
  }
}
