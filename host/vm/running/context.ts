// What a host function sees of the guest that called it: the fuel, and the memory at the price of the bytes that are
// moved.
import { PAGE_BYTES } from '../format/limits.js';
import { METER } from '../metering/rewrite.js';
import type { Bill, ChargeKind } from '../metering/trace.js';
import type { KnownModule } from './facts.js';
import type { Allocate, GuestContext } from './host-functions.js';
import { GuestMemory } from './memory.js';
import { HostFault, Unwind } from './outcome.js';
import { unsigned } from './values.js';

/** The implementation of `GuestContext`. Each guest has one. */
export class Context implements GuestContext {
  memory: GuestMemory;
  /** Price of each byte that the running host function moves. */
  perByte = 0n;
  /** Of a traced guest: the bill of the running host function. */
  bill: Bill | undefined;

  readonly #module: KnownModule;
  readonly #exports: WebAssembly.Exports;
  readonly #counter: WebAssembly.Global;
  #raw: WebAssembly.Memory | undefined;
  readonly #allocate: Allocate | undefined;

  constructor(module: KnownModule, exports: WebAssembly.Exports, allocate: Allocate | undefined) {
    this.#module = module;
    this.#exports = exports;
    this.#counter = exports[METER.fuel] as WebAssembly.Global;
    this.#raw = exports[METER.memory] as WebAssembly.Memory | undefined;
    this.#allocate = allocate;
    this.memory = new GuestMemory(this.#raw);
  }

  /** The memory is no longer the guest's. */
  forget(): void {
    this.#raw = undefined;
    this.memory = new GuestMemory(undefined);
  }

  fuelLeft(): bigint {
    return this.#counter.value as bigint;
  }

  charge(fuel: bigint): void {
    this.pay(fuel, 'further');
  }

  /** Takes fuel, and enters it in the bill as this `kind`. */
  pay(fuel: bigint, kind: ChargeKind): void {
    if (fuel < 0n) throw new RangeError('negative charge');
    const before = this.fuelLeft();
    const left = before - fuel;
    // The counter can't hold less than −2^63, and only its sign matters below zero.
    this.#counter.value = left < -1n ? -1n : left;
    if (this.bill !== undefined) this.bill[kind] += left >= 0n ? fuel : before > 0n ? before : 0n;
    if (left < 0n) throw new Unwind({ outcome: 'outOfFuel' }, 'out of fuel in a host function');
  }

  trap(reason: string): never {
    throw new Unwind({ outcome: 'trapped', trap: reason }, reason);
  }

  /** Checks the bounds, so that a bad pointer costs no bytes, then charges. The caller moves the bytes afterwards. */
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
    this.space(pointer, bytes.length)(bytes);
  }

  space(pointer: number, length: number): (bytes: Uint8Array) => void {
    this.#admit(pointer, length);
    return (bytes) => {
      if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes for a space of ${length}`);
      this.memory.copyIn(pointer, bytes);
    };
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
    const { schedule, memoryPagesMax } = this.#module;
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
    if (this.#allocate === undefined) throw new Error('this instance was given no allocator');
    return this.#allocate(this, bytes);
  }

  global(name: string): number | bigint | undefined {
    if (!this.#module.globals.has(name)) return undefined;
    return unsigned((this.#exports[name] as WebAssembly.Global).value as number | bigint);
  }
}
