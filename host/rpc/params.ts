// Positional parameters of a request, checked when they are read. Each mistake is error -32602 with a sentence.
import { fromHex } from '../bytes/index.js';
import type { Json } from '../node/index.js';
import { invalidParams } from './errors.js';

export class Params {
  readonly #values: readonly Json[];

  /** `values` is the request's `params`: a list, or absent. */
  constructor(values: unknown) {
    if (values !== undefined && values !== null && !Array.isArray(values)) {
      throw invalidParams('the parameters must be given as a list');
    }
    this.#values = (values as Json[] | undefined) ?? [];
  }

  has(index: number): boolean {
    return this.#values[index] !== undefined && this.#values[index] !== null;
  }

  /** The parameter unchecked; null if absent. */
  json(index: number): Json {
    return this.#values[index] ?? null;
  }

  bytes(index: number, name: string): Uint8Array {
    return bytesOf(this.#values[index], name);
  }

  optionalBytes(index: number, name: string): Uint8Array | undefined {
    return this.has(index) ? this.bytes(index, name) : undefined;
  }

  /** A 32-byte hash. */
  hash(index: number, name: string): Uint8Array {
    const bytes = this.bytes(index, name);
    if (bytes.length !== 32)
      throw invalidParams(`${name} must be a hash of 32 bytes, and this one has ${bytes.length}`);
    return bytes;
  }

  optionalHash(index: number, name: string): Uint8Array | undefined {
    return this.has(index) ? this.hash(index, name) : undefined;
  }

  /** A list of byte strings, at most `max` of them. */
  bytesList(index: number, name: string, max: number): Uint8Array[] {
    return this.list(index, name, max).map((item, position) => bytesOf(item, `${name}[${position}]`));
  }

  list(index: number, name: string, max: number): readonly Json[] {
    const value = this.#values[index];
    if (!Array.isArray(value)) throw invalidParams(`${name} must be a list`);
    if (value.length > max)
      throw invalidParams(`${name} must hold at most ${max} items, and this one has ${value.length}`);
    return value as readonly Json[];
  }

  string(index: number, name: string): string {
    const value = this.#values[index];
    if (typeof value !== 'string') throw invalidParams(`${name} must be a string`);
    return value;
  }

  boolean(index: number, name: string): boolean {
    const value = this.#values[index];
    if (typeof value !== 'boolean') throw invalidParams(`${name} must be true or false`);
    return value;
  }

  /** A whole number from 0 to 2^32 - 1, given as a number or in hex. */
  u32(index: number, name: string): number {
    return u32Of(this.#values[index], name);
  }
}

/** A whole number from 0 to 2^32 - 1, given as a number or in hex. */
export function u32Of(value: Json | undefined, name: string): number {
  const number = typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 0xffff_ffff) {
    throw invalidParams(`${name} must be a whole number from 0 to 4294967295`);
  }
  return number;
}

/** The bytes of a hex string. */
export function bytesOf(value: Json | undefined, name: string): Uint8Array {
  if (typeof value !== 'string') throw invalidParams(`${name} must be a string of hex digits that starts with 0x`);
  try {
    return fromHex(value);
  } catch (error) {
    throw invalidParams(`${name}: ${(error as Error).message}`);
  }
}
