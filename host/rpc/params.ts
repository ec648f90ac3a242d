// The parameters of a request, checked when they are read. Each mistake is error -32602 with a sentence.
//
// A request gives its parameters as a list or as an object of names. The names are those of Substrate's methods, in
// camel case or in snake case, as its server reads them. Bytes have the forms that Substrate's server reads.
import { fromHex } from '../bytes/index.js';
import type { Json } from '../node/index.js';
import { invalidParams } from './errors.js';

const HASH_BYTES = 32;

/** One value of `params`; `undefined` and `null` are both absent. */
type Value = Json | undefined;

export class Params {
  readonly #values: readonly Value[] | ReadonlyMap<string, Value>;

  /** `values` is the request's `params`: a list, an object, or absent. */
  constructor(values: unknown) {
    if (values === undefined || values === null) this.#values = [];
    else if (Array.isArray(values)) this.#values = values as Value[];
    else if (typeof values === 'object') this.#values = new Map(Object.entries(values as Record<string, Json>));
    else throw invalidParams('the parameters must be given as a list or as an object');
  }

  /** The parameter unchecked; null if absent. */
  json(index: number, name: string): Json {
    if (!(this.#values instanceof Map)) return (this.#values as readonly Value[])[index] ?? null;
    return (this.#values.get(name) as Value) ?? (this.#values.get(snakeCase(name)) as Value) ?? null;
  }

  has(index: number, name: string): boolean {
    return this.json(index, name) !== null;
  }

  bytes(index: number, name: string): Uint8Array {
    return bytesOf(this.json(index, name), name);
  }

  optionalBytes(index: number, name: string): Uint8Array | undefined {
    return this.has(index, name) ? this.bytes(index, name) : undefined;
  }

  /** A 32-byte hash. */
  hash(index: number, name: string): Uint8Array {
    return hashOf(this.json(index, name), name);
  }

  optionalHash(index: number, name: string): Uint8Array | undefined {
    return this.has(index, name) ? this.hash(index, name) : undefined;
  }

  /** A list of byte strings, at most `max` of them. */
  bytesList(index: number, name: string, max: number): Uint8Array[] {
    return this.list(index, name, max).map((item, position) => bytesOf(item, `${name}[${position}]`));
  }

  list(index: number, name: string, max: number): readonly Json[] {
    const value = this.json(index, name);
    if (!Array.isArray(value)) throw invalidParams(`${name} must be a list`);
    if (value.length > max)
      throw invalidParams(`${name} must hold at most ${max} items, and this one has ${value.length}`);
    return value;
  }

  string(index: number, name: string): string {
    const value = this.json(index, name);
    if (typeof value !== 'string') throw invalidParams(`${name} must be a string`);
    return value;
  }

  boolean(index: number, name: string): boolean {
    const value = this.json(index, name);
    if (typeof value !== 'boolean') throw invalidParams(`${name} must be true or false`);
    return value;
  }

  /** A whole number from 0 to 2^32 - 1, given as a number or in hex with `0x`. */
  u32(index: number, name: string): number {
    const value = this.json(index, name);
    const number = typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 0xffff_ffff) {
      throw invalidParams(`${name} must be a whole number from 0 to 4294967295`);
    }
    return number;
  }
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Bytes as Substrate reads them: hex digits with or without `0x`, where an odd number of digits has a zero in front, or a
 * list of numbers from 0 to 255. White space between digits is refused; Substrate skips it, but then appends zeros.
 */
export function bytesOf(value: Value, name: string): Uint8Array {
  if (Array.isArray(value)) return byteArray(value, name);
  const digits = digitsOf(value, name);
  return decodeDigits(digits.length % 2 === 0 ? digits : `0${digits}`, name);
}

/** As `bytesOf`, for exactly 32 bytes: no digit may be left out. */
export function hashOf(value: Value, name: string): Uint8Array {
  const bytes = Array.isArray(value) ? byteArray(value, name) : undefined;
  const digits = bytes === undefined ? digitsOf(value, name) : '';
  const length = bytes?.length ?? digits.length / 2;
  if (length !== HASH_BYTES) {
    throw invalidParams(`${name} must be a hash of ${HASH_BYTES} bytes, and this one has ${length}`);
  }
  return bytes ?? decodeDigits(digits, name);
}

/**
 * A block number as Substrate reads it: a number, or hex with or without `0x` of at most 32 bytes. Undefined if no block
 * can have it, because it is greater than 2^32 - 1.
 */
export function blockNumberOf(value: Value, name: string): number | undefined {
  const isHex = typeof value === 'string' && /^(?:0x)?[0-9a-f]{1,64}$/i.test(value);
  const number = isHex ? Number(value.startsWith('0x') ? value : `0x${value}`) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
    throw invalidParams(`${name} must be a whole number, or its hex digits`);
  }
  return number > 0xffff_ffff ? undefined : number;
}

function digitsOf(value: Value, name: string): string {
  if (typeof value === 'string') return value.startsWith('0x') ? value.slice(2) : value;
  throw invalidParams(`${name} must be bytes: a string of hex digits, or a list of numbers from 0 to 255`);
}

function decodeDigits(digits: string, name: string): Uint8Array {
  try {
    return fromHex(`0x${digits}`);
  } catch (error) {
    throw invalidParams(`${name}: ${(error as Error).message}`);
  }
}

function byteArray(values: readonly Json[], name: string): Uint8Array {
  return Uint8Array.from(values, (value, position) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff) return value;
    throw invalidParams(`${name}[${position}] must be a whole number from 0 to 255`);
  });
}
