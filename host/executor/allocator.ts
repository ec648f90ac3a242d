// The heap of the code that the host runs: Substrate's freeing-bump allocator. Its addresses are part of consensus,
// because the code sees them.
//
// Sizes are rounded up to a power of two, from 8 bytes (order 0) to 32 MiB (order 22). Each order has a list of freed
// blocks, last freed first. A request takes the head of its list; if the list is empty, it moves the *bumper* up and
// grows the memory if needed. Blocks are never split or joined. Each block has a header of 8 bytes before it:
//
//     63            32 31             0              63            32 31             0
//     +---------------+---------------+              +---------------+---------------+
//     |       1       |     order     |   occupied   |       0       |     next      |   free
//     +---------------+---------------+              +---------------+---------------+
//
// `next` is the address of the next free block's header, or 2^32 - 1. The code can overwrite headers, so nothing that
// is read from them is trusted. After the first error the allocator is poisoned: every later request fails.
import { HostCallError } from './errors.js';
import { pagesFor } from './memory.js';

/** A memory, as the allocator uses it. It only reads and writes addresses inside the memory. */
export interface HeapMemory {
  /** The current size in bytes. */
  readonly size: number;
  /** Grows the memory by pages of 64 KiB; false if that is refused. */
  grow(pages: number): boolean;
  readU32(pointer: number): number;
  writeU32(pointer: number, value: number): void;
}

const HEADER_BYTES = 8;
const BLOCK_BYTES_MIN = 8;
/** The size of the largest block. */
export const BLOCK_BYTES_MAX = 32 * 1024 * 1024;
const ORDERS = 23;
const NIL = 0xffff_ffff;
const PAGES_MAX = 65_536;

/** The heap of one instance, which begins at `heapBase`. */
export class Allocator {
  readonly #free = new Uint32Array(ORDERS).fill(NIL);
  readonly #pagesMax: number;
  #bumper: number;
  #poisoned = false;

  /** `pagesMax`: the size to which the allocator may grow the memory, in pages of 64 KiB. */
  constructor(heapBase: number, pagesMax = PAGES_MAX) {
    this.#bumper = Math.ceil(heapBase / 8) * 8;
    this.#pagesMax = Math.min(pagesMax, PAGES_MAX);
  }

  /** The end of the highest block that was ever allocated. */
  get top(): number {
    return this.#bumper;
  }

  /** The address of a fresh block of at least `size` bytes, aligned to 8. Throws HostCallError. */
  allocate(memory: HeapMemory, size: number): number {
    this.#enter();
    if (size > BLOCK_BYTES_MAX) {
      throw new HostCallError(`allocator: ${size} bytes are more than the ${BLOCK_BYTES_MAX} of the largest block`);
    }
    const order = orderOf(size);
    const head = this.#free[order]!;
    let header: number;
    if (head === NIL) {
      header = this.#bump(memory, (BLOCK_BYTES_MIN << order) + HEADER_BYTES);
    } else {
      if (head + (BLOCK_BYTES_MIN << order) + HEADER_BYTES > memory.size) {
        throw new HostCallError(`allocator: the list of free blocks names ${head}, which is outside the memory`);
      }
      if (memory.readU32(head + 4) & 1) {
        throw new HostCallError(`allocator: the list of free blocks names ${head}, which is in use`);
      }
      this.#free[order] = memory.readU32(head);
      header = head;
    }
    writeHeader(memory, header, order, 1);
    this.#poisoned = false;
    return header + HEADER_BYTES;
  }

  /** Frees a block that `allocate` returned. Throws HostCallError for any other address. */
  free(memory: HeapMemory, pointer: number): void {
    this.#enter();
    const header = pointer - HEADER_BYTES;
    if (header < 0 || pointer > memory.size)
      throw new HostCallError(`allocator: ${pointer} is not the address of a block`);
    if ((memory.readU32(header + 4) & 1) === 0)
      throw new HostCallError(`allocator: the block at ${pointer} is not in use`);
    const order = memory.readU32(header);
    if (order >= ORDERS) throw new HostCallError(`allocator: the header of the block at ${pointer} is overwritten`);
    writeHeader(memory, header, this.#free[order]!, 0);
    this.#free[order] = header;
    this.#poisoned = false;
  }

  /** The allocator is poisoned during a request, and stays so if the request throws. */
  #enter(): void {
    if (this.#poisoned) throw new HostCallError('allocator: an earlier request failed');
    this.#poisoned = true;
  }

  #bump(memory: HeapMemory, bytes: number): number {
    const end = this.#bumper + bytes;
    if (end > memory.size) {
      const pages = pagesFor(memory.size);
      const needed = pagesFor(end);
      // Doubling keeps the number of growths small, unless more is needed.
      const wanted = Math.max(needed, Math.min(2 * pages, this.#pagesMax));
      if (needed > this.#pagesMax || !memory.grow(wanted - pages)) {
        throw new HostCallError(
          `allocator: out of memory, ${needed} pages are needed and at most ${this.#pagesMax} allowed`,
        );
      }
    }
    const header = this.#bumper;
    this.#bumper = end;
    return header;
  }
}

/** The order of the smallest block that holds `size` bytes. */
function orderOf(size: number): number {
  return size <= BLOCK_BYTES_MIN ? 0 : 29 - Math.clz32(size - 1);
}

function writeHeader(memory: HeapMemory, header: number, low: number, high: number): void {
  memory.writeU32(header, low);
  memory.writeU32(header + 4, high);
}
