// What a guest may call, and the only way in which host code touches a guest's memory.
//
// Integers are unsigned in both directions: an i32 is a number in [0, 2^32), an i64 a bigint in [0, 2^64).
import type { FunctionType } from '../format/parse.js';
import { I32 } from '../format/opcodes.js';

/** Integer types of a host function. */
export type IntegerType = 'i32' | 'i64';

/** Parameters and results, which an import must match exactly. */
export interface HostSignature {
  readonly params: readonly IntegerType[];
  readonly results: readonly IntegerType[];
}

/** A function of the host. */
export interface HostFunction extends HostSignature {
  /**
   * In fuel. `fixed` is charged before `call` runs, `perByte` before each byte that `call` moves through its context.
   */
  readonly price: { readonly fixed: bigint; readonly perByte: bigint };
  /**
   * The work. It must not call back into the guest. If it throws, that is a fault of the host, and `Guest.call` throws
   * the same; `context.trap` refuses the guest.
   */
  call(context: GuestContext, ...args: (number | bigint)[]): number | bigint | void;
}

/** A guest, for the host function that it has called. Valid until that function returns. */
export interface GuestContext {
  /** Fuel left; never negative here. */
  fuelLeft(): bigint;
  /** Takes fuel; ends the guest's run with `outOfFuel` if less is left. */
  charge(fuel: bigint): void;
  /** Ends the guest's run with the outcome `trapped`. */
  trap(reason: string): never;
  /** Copies `[pointer, pointer + length)` out of the guest's memory; traps the guest if that is out of bounds. */
  read(pointer: number, length: number): Uint8Array;
  /** Copies `bytes` into the guest's memory; traps the guest if they do not fit. */
  write(pointer: number, bytes: Uint8Array): void;
  /**
   * Checks and charges `[pointer, pointer + length)` as `write` does, before there is anything to write. Returns what writes
   * exactly that many bytes.
   */
  space(pointer: number, length: number): (bytes: Uint8Array) => void;
  /** Reads or writes a little-endian integer at `pointer`, for the price of its bytes. */
  readU32(pointer: number): number;
  readU64(pointer: number): bigint;
  writeU32(pointer: number, value: number): void;
  writeU64(pointer: number, value: bigint): void;
  /** Length of the guest's memory in bytes. */
  memoryBytes(): number;
  /** As `memory.grow`, at its price: returns the pages there were, or −1 beyond the maximum. */
  grow(pages: number): number;
  /** Returns the address of free space in the guest's memory, from the allocator that the instance was given. */
  allocate(bytes: number): number;
  /** Value of an exported integer global, unsigned; `undefined` if there is none of the name. */
  global(name: string): number | bigint | undefined;
}

/** Finds space of so many bytes in the guest's memory and returns its address. */
export type Allocate = (context: GuestContext, bytes: number) => number;

/** The type that this byte of a parsed module stands for. */
export function integerType(code: number): IntegerType {
  return code === I32 ? 'i32' : 'i64';
}

/** The signature of a function type. */
export function signatureOf(type: FunctionType): HostSignature {
  const named = (types: readonly number[]): IntegerType[] => types.map(integerType);
  return { params: named(type.params), results: named(type.results) };
}

/** As text: `(i32, i64) -> (i32)`. */
export function signatureText(signature: HostSignature): string {
  return `(${signature.params.join(', ')}) -> (${signature.results.join(', ')})`;
}

export function sameSignature(left: HostSignature, right: HostSignature): boolean {
  return signatureText(left) === signatureText(right);
}
