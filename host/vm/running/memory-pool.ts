// Memories that serve one instance after another.
//
// V8 counts the memory of an instance among what its collections of garbage are for, and so after some tens of MiB of
// memories that are no longer used it goes through the whole heap of the process: with 500 MB in it, 11 ms for an
// instance of 64 pages. Set to zero and used again, the same pages cost 0.04 ms, whatever is in the heap.
//
// A memory can't shrink. One that its guest has grown is left to V8, and the price of growth has to cover that
// (docs/decisions/0002-metering.md).
import { PAGE_BYTES } from '../format/limits.js';

/**
 * Keeps one memory of each size: only one instance at a time has a memory of the pool, unless runs are nested. With
 * `pagesMax` pages at most it keeps up to `pagesMax * (pagesMax + 1) / 2` pages, if guests begin with every size.
 */
export class MemoryPool {
  readonly #free = new Map<number, WebAssembly.Memory>();

  /** `pagesMax`: the maximum of every memory, as V8 sees it. */
  constructor(readonly pagesMax: number) {}

  /** @internal A memory of so many pages, all zero. */
  take(pages: number): WebAssembly.Memory {
    const kept = this.#free.get(pages);
    if (kept === undefined) return new WebAssembly.Memory({ initial: pages, maximum: this.pagesMax });
    this.#free.delete(pages);
    return kept;
  }

  /** @internal Takes a memory back, which no instance may use any more, and sets it to zero. */
  giveBack(memory: WebAssembly.Memory): void {
    const bytes = new Uint8Array(memory.buffer);
    const pages = bytes.length / PAGE_BYTES;
    if (this.#free.has(pages)) return;
    bytes.fill(0);
    this.#free.set(pages, memory);
  }
}
