// SCALE, the encoding of everything that a Substrate chain stores and signs: a writer and a bounds-checked reader.
//
// The reader accepts exactly what the writer can produce: truncated input, non-canonical compacts, booleans other than
// 0 and 1, lengths beyond the input, and trailing bytes throw ScaleError. The meaning of the bytes is left to the
// callers.
import { tryText, utf8 } from './arrays.js';
import { Failure } from './failure.js';
import { err, ok, type Result } from './result.js';

/** Input that is not valid SCALE; `offset` is the position of the fault in the input. */
export class ScaleError extends Failure {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(`${message} (at byte ${offset})`);
  }
}

const U64_MAX = (1n << 64n) - 1n;
const U128_MAX = (1n << 128n) - 1n;

/** Appends encoded values. Every method except `finish` returns the writer. A value out of range throws RangeError. */
export class Writer {
  #buffer: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 64) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  u8(value: number): this {
    this.#check(value, 0xff);
    const at = this.#grow(1); // first: growing replaces the buffer
    this.#buffer[at] = value;
    return this;
  }

  u16(value: number): this {
    this.#check(value, 0xffff);
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    this.#check(value, 0xffff_ffff);
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(value: bigint): this {
    this.#checkBig(value, U64_MAX);
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }

  u128(value: bigint): this {
    this.#checkBig(value, U128_MAX);
    const at = this.#grow(16);
    this.#view.setBigUint64(at, value & U64_MAX, true);
    this.#view.setBigUint64(at + 8, value >> 64n, true);
    return this;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** The shortest of four forms, which the two lowest bits distinguish; up to 2^536 - 1. */
  compact(value: number | bigint): this {
    if (value < 0 || (typeof value === 'number' && !Number.isSafeInteger(value))) {
      throw new RangeError(`a compact must be a whole number that is not negative, not ${value}`);
    }
    if (value < 1 << 6) return this.u8(Number(value) << 2);
    if (value < 1 << 14) return this.u16((Number(value) << 2) | 1);
    if (value < 1 << 30) return this.u32(Number(value) * 4 + 2);
    let rest = BigInt(value);
    const bytes: number[] = [];
    for (; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
    if (bytes.length > 67) throw new RangeError('a compact must be below 2^536');
    this.u8(((bytes.length - 4) << 2) | 3);
    return this.raw(Uint8Array.from(bytes));
  }

  /** The bytes without a length: fixed-size arrays, and values that are already encoded. */
  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  /** Vec<u8>: compact length, then the bytes. */
  bytes(bytes: Uint8Array): this {
    return this.compact(bytes.length).raw(bytes);
  }

  /** A string, as the Vec<u8> of its UTF-8. */
  str(text: string): this {
    return this.bytes(utf8(text));
  }

  /** 0 for undefined; otherwise 1, then what `write` appends. */
  option<T>(value: T | undefined, write: (writer: Writer, value: T) => void): this {
    this.bool(value !== undefined);
    if (value !== undefined) write(this, value);
    return this;
  }

  /** The number of items as a compact, then each item as `write` appends it. */
  vec<T>(items: readonly T[], write: (writer: Writer, item: T) => void): this {
    this.compact(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  /** The number of bytes appended so far. */
  get length(): number {
    return this.#length;
  }

  /** A copy of everything appended so far. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #check(value: number, max: number): void {
    if (!Number.isInteger(value) || value < 0 || value > max) {
      throw new RangeError(`${value} is not a whole number from 0 to ${max}`);
    }
  }

  #checkBig(value: bigint, max: bigint): void {
    if (value < 0n || value > max) throw new RangeError(`${value} is not between 0 and ${max}`);
  }

  /** Makes room for `count` bytes and returns their offset. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length));
      larger.set(this.#buffer);
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/**
 * Reads encoded values from `bytes` in order. Malformed input throws ScaleError. Byte strings are returned as copies.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    // A plain Uint8Array even if `bytes` is a Buffer, whose `slice` would share its memory instead of copying it.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = offset;
  }

  /** The number of bytes consumed. */
  get offset(): number {
    return this.#offset;
  }

  /** The number of bytes left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  u128(): bigint {
    const at = this.#take(16);
    return this.#view.getBigUint64(at, true) | (this.#view.getBigUint64(at + 8, true) << 64n);
  }

  bool(): boolean {
    const at = this.#offset;
    const value = this.u8();
    if (value > 1) throw new ScaleError(`a boolean must be 0 or 1, not ${value}`, at);
    return value === 1;
  }

  /** A compact that a JavaScript number represents exactly; larger ones throw. */
  compact(): number {
    const at = this.#offset;
    const value = this.#compact();
    if (typeof value === 'number') return value;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ScaleError(`the compact ${value} is too large here`, at);
    return Number(value);
  }

  /** A compact of any size. */
  compactBig(): bigint {
    return BigInt(this.#compact());
  }

  /** The next `count` bytes. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.slice(at, at + count);
  }

  /** Vec<u8>. */
  bytes(max?: number): Uint8Array {
    return this.raw(this.#length(max));
  }

  /** A string; bytes that are not UTF-8 throw. */
  str(max?: number): string {
    const at = this.#offset;
    const text = tryText(this.bytes(max));
    if (text === undefined) throw new ScaleError('a string must be UTF-8', at);
    return text;
  }

  option<T>(read: (reader: Reader) => T): T | undefined {
    return this.bool() ? read(this) : undefined;
  }

  /** A Vec of at most `max` items; each item must take at least one byte. */
  vec<T>(read: (reader: Reader) => T, max?: number): T[] {
    const length = this.#length(max);
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read(this));
    return items;
  }

  /** Throws ScaleError unless the whole input is consumed. */
  end(): void {
    if (this.remaining > 0) throw new ScaleError(`${this.remaining} bytes are left over`, this.#offset);
  }

  /** A compact length that the rest of the input can hold, so that a false length never causes an allocation. */
  #length(max = Infinity): number {
    const at = this.#offset;
    const length = this.compact();
    if (length > max) throw new ScaleError(`a length of ${length} exceeds the limit of ${max}`, at);
    if (length > this.remaining)
      throw new ScaleError(`a length of ${length} exceeds the ${this.remaining} bytes left`, at);
    return length;
  }

  #compact(): number | bigint {
    const at = this.#offset;
    const first = this.u8();
    let value: number | bigint;
    let least: number | bigint;
    switch (first & 3) {
      case 0:
        return first >> 2;
      case 1:
        value = (first >> 2) + this.u8() * 0x40;
        least = 1 << 6;
        break;
      case 2:
        this.#offset = at;
        value = Math.floor(this.u32() / 4);
        least = 1 << 14;
        break;
      default: {
        const length = (first >> 2) + 4;
        const digits = this.raw(length);
        value = 0n;
        for (let i = length; i-- > 0;) value = (value << 8n) | BigInt(digits[i]!);
        least = length === 4 ? 1 << 30 : 1n << BigInt(8 * (length - 1));
      }
    }
    if (value < least) throw new ScaleError(`the compact ${value} is not in its shortest form`, at);
    return value;
  }

  #take(count: number): number {
    const at = this.#offset;
    if (count > this.remaining) throw new ScaleError(`${count} bytes are needed, ${this.remaining} are left`, at);
    this.#offset += count;
    return at;
  }
}

/** The SCALE encoding of a value. */
export function encode<T>(write: (writer: Writer, value: T) => unknown, value: T): Uint8Array {
  const writer = new Writer();
  write(writer, value);
  return writer.finish();
}

/** The value that `read` reads from `bytes`, which it must consume entirely. Throws ScaleError. */
export function decode<T>(read: (reader: Reader) => T, bytes: Uint8Array): T {
  const reader = new Reader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}

/** As `decode`, for a caller that expects bytes that encode no such value. */
export function tryDecode<T>(read: (reader: Reader) => T, bytes: Uint8Array): Result<T, ScaleError> {
  return tryDecodeStart((reader) => {
    const value = read(reader);
    reader.end();
    return value;
  }, bytes);
}

/** As `tryDecode`, but `read` need not consume all bytes. */
export function tryDecodeStart<T>(read: (reader: Reader) => T, bytes: Uint8Array): Result<T, ScaleError> {
  try {
    return ok(read(new Reader(bytes)));
  } catch (error) {
    if (error instanceof ScaleError) return err(error);
    throw error;
  }
}

/** BitVec<u8, Lsb0>: the number of bits as a compact, then the bits, lowest first in each byte, padded with zeros. */
export function writeBits(writer: Writer, bits: readonly boolean[]): Writer {
  const packed = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => {
    if (bit) packed[i >> 3]! |= 1 << (i & 7);
  });
  return writer.compact(bits.length).raw(packed);
}

/** The inverse of `writeBits`, for at most `max` bits. Unused bits that are set throw ScaleError. */
export function readBits(reader: Reader, max = Infinity): boolean[] {
  const at = reader.offset;
  const length = reader.compact();
  if (length > max) throw new ScaleError(`${length} bits exceed the limit of ${max}`, at);
  const packed = reader.raw(Math.ceil(length / 8));
  if (length % 8 !== 0 && packed[packed.length - 1]! >> (length % 8) !== 0) {
    throw new ScaleError('the unused bits of a bit string must be zero', reader.offset - 1);
  }
  return Array.from({ length }, (_, i) => ((packed[i >> 3]! >> (i & 7)) & 1) === 1);
}
