// A SCALE vector that grows at its end: the value of a key after `ext_storage_append`.
//
// The items are kept without the length prefix, whose size varies, in a buffer with spare room, so that appending
// copies only the new item. Appending returns a new version that shares the buffer and leaves the old version valid, so
// that a rollback costs nothing. Only the newest version may be appended to: by the time its bytes are overwritten, a
// version that was rolled back is unreachable.
import { Reader, ScaleError, Writer } from '../bytes/index.js';

const COUNT_MAX = 0xffff_ffff; // a u32

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

  /** The vector that `value` encodes. A value that is not a vector counts as an empty one, as in Substrate. */
  static of(value: Uint8Array | undefined): AppendedVec {
    const count = value === undefined ? undefined : countOf(value);
    if (value === undefined || count === undefined) return new AppendedVec({ bytes: new Uint8Array(256) }, 0, 0);
    const items = value.subarray(prefixOf(count).length);
    const bytes = new Uint8Array(2 * items.length + 256);
    bytes.set(items);
    return new AppendedVec({ bytes }, items.length, count);
  }

  /**
   * This vector with one more encoded item. The count is a u32 that wraps, and the bytes stay, as in polkadot-sdk: of a
   * value that only looks like a vector of 2^32 - 1 items.
   */
  append(item: Uint8Array): AppendedVec {
    const length = this.#length + item.length;
    if (length > this.#buffer.bytes.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.#buffer.bytes.subarray(0, this.#length));
      this.#buffer.bytes = larger;
    }
    this.#buffer.bytes.set(item, this.#length);
    return new AppendedVec(this.#buffer, length, (this.#count + 1) >>> 0);
  }

  /** The length of the encoding of the whole vector, in bytes. */
  get length(): number {
    return prefixOf(this.#count).length + this.#length;
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

/** The length prefix of a vector. */
function prefixOf(count: number): Uint8Array {
  return new Writer(8).compact(count).finish();
}

/** The number of items in the length prefix of a vector; undefined if it is not a canonical compact u32. */
function countOf(value: Uint8Array): number | undefined {
  try {
    const count = new Reader(value).compact();
    return count <= COUNT_MAX ? count : undefined;
  } catch (error) {
    if (error instanceof ScaleError) return undefined;
    throw error;
  }
}
