// The freeing-bump allocator: addresses computed by hand, errors, and a comparison with a simple model.
import { describe, expect, test } from '@jest/globals';
import { Allocator, BLOCK_BYTES_MAX, HostCallError, type HeapMemory } from '../../../host/executor/index.js';
import { seeded } from './fixtures.js';

const PAGE = 65_536;

/** A memory that refuses to grow above `pagesMax`. */
class Memory implements HeapMemory {
  bytes: DataView;

  constructor(
    pages: number,
    readonly pagesMax = 65_536,
  ) {
    this.bytes = new DataView(new ArrayBuffer(pages * PAGE));
  }

  get size(): number {
    return this.bytes.byteLength;
  }

  grow(pages: number): boolean {
    if (this.size / PAGE + pages > this.pagesMax) return false;
    const larger = new Uint8Array(this.size + pages * PAGE);
    larger.set(new Uint8Array(this.bytes.buffer));
    this.bytes = new DataView(larger.buffer);
    return true;
  }

  readU32(pointer: number): number {
    return this.bytes.getUint32(pointer, true);
  }

  writeU32(pointer: number, value: number): void {
    this.bytes.setUint32(pointer, value, true);
  }
}

describe('addresses', () => {
  test('blocks follow each other, with headers of 8 bytes and sizes rounded up to powers of two', () => {
    const memory = new Memory(1);
    const heap = new Allocator(100, 16); // the heap starts at 104, the next multiple of 8
    expect(heap.allocate(memory, 0)).toBe(112); //   8 bytes at 112..120
    expect(heap.allocate(memory, 8)).toBe(128); //   8 bytes at 128..136
    expect(heap.allocate(memory, 9)).toBe(144); //  16 bytes at 144..160
    expect(heap.allocate(memory, 17)).toBe(168); // 32 bytes at 168..200
    expect(heap.allocate(memory, 1)).toBe(208);
  });

  test('a header has the order of its block, and that it is in use', () => {
    const memory = new Memory(1);
    const pointer = new Allocator(0).allocate(memory, 100); // 128 bytes: order 4
    expect([memory.readU32(pointer - 8), memory.readU32(pointer - 4)]).toEqual([4, 1]);
  });

  test('the block that was freed last is allocated first, only for its own order', () => {
    const memory = new Memory(1);
    const heap = new Allocator(0);
    const [a, b] = [heap.allocate(memory, 16), heap.allocate(memory, 16)];
    heap.free(memory, a);
    heap.free(memory, b);
    expect([memory.readU32(b - 8), memory.readU32(b - 4)]).toEqual([a - 8, 0]);
    expect(heap.allocate(memory, 8)).toBeGreaterThan(b);
    expect([heap.allocate(memory, 10), heap.allocate(memory, 16)]).toEqual([b, a]);
  });
});

describe('growth', () => {
  test('doubles the memory, or more if needed', () => {
    const memory = new Memory(1);
    const heap = new Allocator(0, 64);
    heap.allocate(memory, 32_768);
    heap.allocate(memory, 32_768);
    expect(memory.size).toBe(2 * PAGE);
    heap.allocate(memory, 8 * PAGE); // from 65,552 with header to 589,848: 10 pages
    expect(memory.size).toBe(10 * PAGE);
  });

  test('ends exactly at the limit', () => {
    const memory = new Memory(1);
    const heap = new Allocator(0, 3);
    for (let i = 0; i < 5; i++) heap.allocate(memory, 32_768 - 8); // each with header 32,776: the 5th ends at 163,880
    expect(memory.size).toBe(3 * PAGE);
    expect(() => heap.allocate(memory, 32_768)).toThrow('out of memory, 4 pages are needed and at most 3 allowed');
  });

  test('a memory that refuses to grow is out of memory', () => {
    expect(() => new Allocator(0, 64).allocate(new Memory(1, 1), PAGE)).toThrow('allocator: out of memory');
  });

  test('the largest block is 32 MiB', () => {
    const heap = new Allocator(0, 1_024);
    expect(heap.allocate(new Memory(1), BLOCK_BYTES_MAX)).toBe(8);
    expect(() => new Allocator(0, 2_048).allocate(new Memory(1), BLOCK_BYTES_MAX + 1)).toThrow(
      '33554433 bytes are more than the 33554432',
    );
  });
});

describe('misuse', () => {
  const used = (): { memory: Memory; heap: Allocator; pointer: number } => {
    const memory = new Memory(1);
    const heap = new Allocator(0);
    return { memory, heap, pointer: heap.allocate(memory, 16) };
  };

  test('freeing twice', () => {
    const { memory, heap, pointer } = used();
    heap.free(memory, pointer);
    expect(() => heap.free(memory, pointer)).toThrow(`the block at ${pointer} is not in use`);
  });

  test.each([0, 7, PAGE + 8, 0xffff_fff8])('freeing %i, which is not the address of a block', (pointer) => {
    const { memory, heap } = used();
    expect(() => heap.free(memory, pointer)).toThrow(HostCallError);
  });

  test('a header overwritten with an order that does not exist', () => {
    const { memory, heap, pointer } = used();
    memory.writeU32(pointer - 8, 23);
    expect(() => heap.free(memory, pointer)).toThrow('is overwritten');
  });

  test('a free list that was made to point outside of the memory, or to a block in use', () => {
    const outside = used();
    outside.heap.free(outside.memory, outside.pointer);
    outside.memory.writeU32(outside.pointer - 8, PAGE - 8);
    outside.heap.allocate(outside.memory, 16);
    expect(() => outside.heap.allocate(outside.memory, 16)).toThrow(`the list of free blocks names ${PAGE - 8}`);

    const inUse = used();
    const other = inUse.heap.allocate(inUse.memory, 16);
    inUse.heap.free(inUse.memory, inUse.pointer);
    inUse.memory.writeU32(inUse.pointer - 8, other - 8);
    inUse.heap.allocate(inUse.memory, 16);
    expect(() => inUse.heap.allocate(inUse.memory, 16)).toThrow('which is in use');
  });

  test('after an error every request fails', () => {
    const { memory, heap, pointer } = used();
    expect(() => heap.free(memory, 0)).toThrow(HostCallError);
    expect(() => heap.allocate(memory, 8)).toThrow('an earlier request failed');
    expect(() => heap.free(memory, pointer)).toThrow('an earlier request failed');
  });
});

test.each([1, 2, 3, 4, 5])('10,000 requests agree with a model of lists (seed %i)', (seed) => {
  const random = seeded(seed);
  const memory = new Memory(1);
  const heap = new Allocator(1_000, 65_536);
  const freeOf = new Map<number, number[]>(); // by size: addresses, the last freed last
  const live = new Map<number, { size: number; mark: number }>();
  let top = 1_000;
  for (let i = 0; i < 10_000; i++) {
    if (random() < 0.55 || live.size === 0) {
      const wanted = Math.floor(2 ** (random() * 12));
      let size = 8;
      while (size < wanted) size *= 2;
      let expected = freeOf.get(size)?.pop();
      if (expected === undefined) {
        expected = top + 8;
        top = expected + size;
      }
      const pointer = heap.allocate(memory, wanted);
      if (pointer !== expected) throw new Error(`seed ${seed}, request ${i}: ${pointer} instead of ${expected}`);
      const mark = Math.floor(random() * 2 ** 32);
      memory.writeU32(pointer, mark);
      memory.writeU32(pointer + size - 4, mark);
      live.set(pointer, { size, mark });
    } else {
      const [pointer, { size, mark }] = [...live][Math.floor(random() * Math.min(live.size, 50))]!;
      // Nothing else was written to this block while it was in use.
      expect([memory.readU32(pointer), memory.readU32(pointer + size - 4)]).toEqual([mark, mark]);
      live.delete(pointer);
      heap.free(memory, pointer);
      freeOf.set(size, [...(freeOf.get(size) ?? []), pointer]);
    }
  }
  expect(heap.top).toBe(top);
});
