/**
 * The linear memory of a running instance, with every access checked.
 *
 * A *fat pointer* is an i64 that names bytes in that memory: the length in the upper half, the address in the lower.
 *
 *     63            32 31             0
 *     +---------------+---------------+
 *     |    length     |    address    |
 *     +---------------+---------------+
 */
import { PAGE_BYTES } from '../vm/index.js';
import { HostCallError } from './errors.js';

/** The type of an entry point, of a runtime or a guest: address and length of its arguments, and a fat pointer to its result. */
export const ENTRY_POINT = '(i32, i32) -> (i64)';

// A fat pointer is taken apart through shared memory: four times as fast as shifts and masks of a bigint.
// The lower half comes first because every platform Node runs on is little-endian.
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

/** A WebAssembly memory as bytes. Growing it moves it, so views are fetched anew for every access. */
export class LinearMemory {
  #bytes: Uint8Array;
  #view: DataView;

  constructor(readonly memory: WebAssembly.Memory) {
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  /** All of the memory. Do not keep: after growth it is empty. */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#renew(); // a detached array has length 0, and asking is cheaper than `memory.buffer`
    return this.#bytes;
  }

  /** All of the memory, for numbers. Do not keep. */
  get view(): DataView {
    if (this.#bytes.length === 0) this.#renew();
    return this.#view;
  }

  get size(): number {
    return this.bytes.length;
  }

  /** Adds pages of 64 KiB; false when the engine or the module's own maximum refuses. */
  grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch (error) {
      if ((error as Error).name === 'RangeError') return false;
      throw error;
    }
  }

  /** A little-endian number at an address that is known to be inside. */
  readU32(pointer: number): number {
    return this.view.getUint32(pointer, true);
  }

  writeU32(pointer: number, value: number): void {
    this.view.setUint32(pointer, value, true);
  }

  /** The bytes themselves, not a copy: valid until the instance runs on. Throws HostCallError when they are outside. */
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

/** How many pages hold this many bytes. */
export function pagesFor(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}
