// Host functions of the reference meter: charges the price first, and checks bounds before bytes move.
import type { GuestContext, HostFunction } from '../../../host/vm/index.js';
import { ReferenceTrap } from './reference-numeric.js';

type Value = number | bigint;

/** What a host function may touch of the instance that calls it. */
export interface ReferenceGuest {
  memory(): Uint8Array;
  fuelLeft(): number;
  charge(fuel: number): void;
  /** Charges and grows; -1 beyond the maximum. */
  grow(pages: number): number;
  global(name: string): Value;
}

/** The context that the reference hands to host functions. */
export class ReferenceContext implements GuestContext {
  #perByte = 0n;

  readonly #guest: ReferenceGuest;

  constructor(guest: ReferenceGuest) {
    this.#guest = guest;
  }

  serve(host: HostFunction, args: readonly Value[]): Value | void {
    this.#perByte = host.price.perByte;
    this.charge(host.price.fixed);
    return host.call(this, ...args);
  }

  fuelLeft(): bigint {
    return BigInt(this.#guest.fuelLeft());
  }

  charge(fuel: bigint): void {
    this.#guest.charge(Number(fuel));
  }

  trap(reason: string): never {
    throw new ReferenceTrap(reason);
  }

  #admit(pointer: number, length: number): void {
    if (pointer + length > this.#guest.memory().length) this.trap('host function given a range out of bounds');
    this.charge(this.#perByte * BigInt(length));
  }

  read(pointer: number, length: number): Uint8Array {
    this.#admit(pointer, length);
    return this.#guest.memory().slice(pointer, pointer + length);
  }

  write(pointer: number, bytes: Uint8Array): void {
    this.#admit(pointer, bytes.length);
    bytes.forEach((byte, index) => (this.#guest.memory()[pointer + index] = byte));
  }

  space(pointer: number, length: number): (bytes: Uint8Array) => void {
    this.#admit(pointer, length);
    return (bytes) => this.#guest.memory().set(bytes, pointer);
  }

  #readLittle(pointer: number, size: number): bigint {
    return this.read(pointer, size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  #writeLittle(pointer: number, size: number, value: bigint): void {
    this.write(
      pointer,
      Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 255n)),
    );
  }

  readU32(pointer: number): number {
    return Number(this.#readLittle(pointer, 4));
  }

  readU64(pointer: number): bigint {
    return this.#readLittle(pointer, 8);
  }

  writeU32(pointer: number, value: number): void {
    this.#writeLittle(pointer, 4, BigInt(value));
  }

  writeU64(pointer: number, value: bigint): void {
    this.#writeLittle(pointer, 8, value);
  }

  memoryBytes(): number {
    return this.#guest.memory().length;
  }

  grow(pages: number): number {
    return this.#guest.grow(pages);
  }

  allocate(): number {
    throw new Error('the reference has no allocator');
  }

  global(name: string): Value {
    return this.#guest.global(name);
  }
}
