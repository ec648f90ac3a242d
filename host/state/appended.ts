/**
 * A SCALE vector that grows at its end: what `ext_storage_append` makes of a value.
 *
 * Items are joined without the length in front, whose own size changes as it grows, in a buffer with room to spare:
 * appending copies the item alone. A version is not changed by appending to it, but shares the buffer with its successor,
 * so that rolling back costs nothing. Only the newest version is ever appended to: a successor that was rolled back is
 * out of reach when its bytes are overwritten.
 */
import { Reader, ScaleError, Writer } from '../bytes/index.js';

const COUNT_MAX = 0xffff_ffff;

interface Buffered {
  bytes: Uint8Array;
}

export class AppendedVec {
  readonly #buffer: Buffered;
  readonly #length: number;
  readonly #count: number;
  #encoded: Uint8Array | undefined;

  /** The first `length` bytes of `buffer`, which encode `count` items. */
  constructor(buffer: Buffered, length: number, count: number) {
    this.#buffer = buffer;
    this.#length = length;
    this.#count = count;
  }

  /** The vector that `value` encodes; what is no vector at all counts as an empty one, as in Substrate. */
  static of(value: Uint8Array | undefined): AppendedVec {
    const count = value === undefined ? undefined : countOf(value);
    if (value === undefined || count === undefined) return new AppendedVec({ bytes: new Uint8Array(256) }, 0, 0);
    const items = value.subarray(new Writer(8).compact(count).finish().length);
    const bytes = new Uint8Array(2 * items.length + 256);
    bytes.set(items);
    return new AppendedVec({ bytes }, items.length, count);
  }

  /** With one more item, given by its encoding. A full vector starts anew with that item, as in Substrate. */
  append(item: Uint8Array): AppendedVec {
    if (this.#count === COUNT_MAX) return AppendedVec.of(undefined).append(item);
    const length = this.#length + item.length;
    if (length > this.#buffer.bytes.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#buffer.bytes.subarray(0, this.#length));
      this.#buffer.bytes = larger;
    }
    this.#buffer.bytes.set(item, this.#length);
    return new AppendedVec(this.#buffer, length, this.#count + 1);
  }

  /** The encoding of the whole vector. */
  encode(): Uint8Array {
    this.#encoded ??= new Writer(this.#length + 5)
      .compact(this.#count)
      .raw(this.#buffer.bytes.subarray(0, this.#length))
      .finish();
    return this.#encoded;
  }
}

/** The number of items that a vector begins with; undefined where it begins with no canonical u32. */
function countOf(value: Uint8Array): number | undefined {
  try {
    const count = new Reader(value).compact();
    return count <= COUNT_MAX ? count : undefined;
  } catch (error) {
    if (error instanceof ScaleError) return undefined;
    throw error;
  }
}
