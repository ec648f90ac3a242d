// Writing a module byte by byte into a growing buffer.

/** Fewer bytes are copied one by one, which is faster than making a view of them. */
const VIEW_FROM = 64;

/** A growing byte buffer with the encodings of the binary format. */
export class Sink {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, needed));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }

  /** Single bytes. */
  raw(...values: number[]): this {
    this.#reserve(values.length);
    for (const value of values) this.#bytes[this.length++] = value;
    return this;
  }

  u8(value: number): this {
    if (this.length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.length++] = value;
    return this;
  }

  /** Unsigned LEB128 of 32 bits. */
  u32(value: number): this {
    this.#reserve(5);
    let rest = value >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.length++] = rest;
    return this;
  }

  /** Signed LEB128 of an integer in [0, 2^53). */
  signed(value: number): this {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`${value} can't be written`);
    this.#reserve(9);
    let rest = value;
    for (; rest >= 0x40; rest = Math.floor(rest / 128)) this.#bytes[this.length++] = (rest % 128) | 0x80;
    this.#bytes[this.length++] = rest;
    return this;
  }

  /** Bytes [from, to) of `source`. */
  copy(source: Uint8Array, from: number, to: number): this {
    if (to <= from) return this;
    this.#reserve(to - from);
    const { length } = this;
    const bytes = this.#bytes;
    if (to - from < VIEW_FROM) for (let at = from; at < to; at += 1) bytes[length + at - from] = source[at]!;
    else bytes.set(source.subarray(from, to), length);
    this.length = length + to - from;
    return this;
  }

  /** Length, then the bytes of another sink. */
  sized(other: Sink): this {
    return this.u32(other.length).copy(other.#bytes, 0, other.length);
  }

  /** Length, then the ASCII of `text`. */
  ascii(text: string): this {
    this.u32(text.length);
    for (let index = 0; index < text.length; index += 1) this.u8(text.charCodeAt(index));
    return this;
  }

  /** Drops what was written and keeps the buffer. */
  clear(): this {
    this.length = 0;
    return this;
  }

  /** The bytes written, a view of the buffer. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
