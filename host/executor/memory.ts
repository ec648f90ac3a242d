// The linear memory of a running instance, with every access checked.
//
// A *fat pointer* is an i64 that refers to bytes in that memory: the length in the upper half, the address in the
// lower.
//
//     63            32 31             0
//     +---------------+---------------+
//     |    length     |    address    |
//     +---------------+---------------+
import { PAGE_BYTES } from '../vm/index.js';
import { HostCallError } from './errors.js';

/**
 * The type of an entry point of a runtime or a guest: address and length of the arguments -> fat pointer to the result.
 */
export const ENTRY_POINT = '(i32, i32) -> (i64)';

// Two views of the same eight bytes split a fat pointer four times as fast as shifts and masks of a bigint do. The
// lower half is the first, because every platform that Node supports is little-endian.
const whole = new BigUint64Array(1);
const halves = new Uint32Array(whole.buffer);

/** The fat pointer of `length` bytes at `pointer`. */
export function fatPointer(pointer: number, length: number): bigint {
  halves[0] = pointer;
  halves[1] = length;
  return whole[0]!;
}

/** The address in a fat pointer. */
export function fatAddress(fat: bigint): number {
  whole[0] = fat;
  return halves[0]!;
}

/** The length in a fat pointer. */
export function fatLength(fat: bigint): number {
  whole[0] = fat;
  return halves[1]!;
}

/** A WebAssembly memory as bytes. Growth detaches its buffer, so the views are checked on every access. */
export class LinearMemory {
  #bytes: Uint8Array;
  #view: DataView;

  constructor(readonly memory: WebAssembly.Memory) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  /** The whole memory. Not to be kept: growth makes the array empty. */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#renew(); // a detached array has length 0; this check is cheaper than `memory.buffer`
    return this.#bytes;
  }

  /** The whole memory, for numbers. Not to be kept. */
  get view(): DataView {
    if (this.#bytes.length === 0) this.#renew();
    return this.#view;
  }

  get size(): number {
    return this.bytes.length;
  }

  /** Grows the memory by pages of 64 KiB; false if V8 or the maximum of the memory refuses. */
  grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch (error) {
      if ((error as Error).name === 'RangeError') return false;
      throw error;
    }
  }

  /** A little-endian number at an address that must be inside the memory. */
  readU32(pointer: number): number {
    return this.view.getUint32(pointer, true);
  }

  writeU32(pointer: number, value: number): void {
    this.view.setUint32(pointer, value, true);
  }

  /**
   * The bytes, not copied: valid until the instance continues to run. Throws HostCallError if they are outside of the
   * memory.
   */
  at(pointer: number, length: number, what: string): Uint8Array {
    const { bytes } = this;
    if (pointer + length > bytes.length) {
      throw new HostCallError(
        `${what}: ${length} bytes at ${pointer} are outside of the memory of ${bytes.length} bytes`,
      );
    }
    return bytes.subarray(pointer, pointer + length);
  }

  #renew(): void {
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#view = new DataView(this.memory.buffer);
  }
}

/** The number of pages that hold this many bytes. */
export function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}
