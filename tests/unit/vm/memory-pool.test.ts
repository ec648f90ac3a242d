// Memories of a pool: one instance after another has them, and finds them as if they were new.
import { describe, expect, test } from '@jest/globals';
import wabt from 'wabt';
import { MemoryPool, prepare, type CallResult, type Guest, type PreparedModule } from '../../../host/vm/index.js';
import { LIMITS } from '../../../host/vm/index.js';

const tools = await wabt();
const limits = { ...LIMITS, memoryPages: 8 };
const FUEL = 10_000_000n;

/** A guest that reads, writes, measures and grows its memory of so many pages, and has a segment of data in it. */
function module(memories: MemoryPool | undefined, pages: string): PreparedModule {
  const source = `(module (memory (export "memory") ${pages}) (data (i32.const 16) "segment")
    (func (export "read") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "write") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "size") (result i32) (memory.size))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 7) (local.get 0)))
    (func (export "trap") (i32.store (i32.const 4) (i32.const 9)) unreachable))`;
  const code = new Uint8Array(tools.parseWat('guest.wat', source, { bulk_memory: true }).toBinary({}).buffer);
  return prepare(code, { limits, ...(memories === undefined ? {} : { memories }) });
}

const call = (guest: Guest, name: string, ...args: number[]): CallResult => guest.call(name, args, { fuel: FUEL });
const valueOf = (guest: Guest, name: string, ...args: number[]): unknown => {
  const result = call(guest, name, ...args);
  return result.outcome === 'returned' ? result.value : result.outcome;
};

describe('a memory of a pool', () => {
  test('serves the next instance of its size, all zero but for its data', () => {
    const memories = new MemoryPool(8);
    const [one, other] = [module(memories, '2'), module(memories, '2 3')];
    const first = one.instantiate();
    call(first, 'fill', 131_072);
    expect(valueOf(first, 'read', 131_068)).toBe(0x0707_0707);
    first.release();
    const second = other.instantiate();
    expect([0, 12, 131_068].map((at) => valueOf(second, 'read', at))).toEqual([0, 0, 0]);
    expect(second.peek(16, 7)).toEqual(Uint8Array.from(Buffer.from('segment')));
    expect(valueOf(second, 'size')).toBe(2);
  });

  test('is zero also after an instance that trapped', () => {
    const memories = new MemoryPool(8);
    const guest = module(memories, '1').instantiate();
    expect(call(guest, 'trap').outcome).toBe('trapped');
    guest.release();
    expect(valueOf(module(memories, '1').instantiate(), 'read', 4)).toBe(0);
  });

  test("is its instance's only: two at a time have two", () => {
    const memories = new MemoryPool(8);
    const [left, right] = [module(memories, '1').instantiate(), module(memories, '1').instantiate()];
    call(left, 'write', 4, 1);
    expect(valueOf(right, 'read', 4)).toBe(0);
    left.release();
    right.release();
    const third = module(memories, '1').instantiate();
    expect(valueOf(third, 'read', 4)).toBe(0);
  });

  test('that its guest has grown is never one of fewer pages again, and may be one of as many', () => {
    const memories = new MemoryPool(8);
    const guest = module(memories, '1').instantiate();
    expect(valueOf(guest, 'grow', 2)).toBe(1);
    call(guest, 'fill', 3 * 65_536);
    guest.release();
    for (const pages of ['1', '3']) {
      const next = module(memories, pages).instantiate();
      expect([valueOf(next, 'size'), valueOf(next, 'read', 0)]).toEqual([Number(pages), 0]);
      next.release();
    }
  });

  test('is out of reach once the instance is released', () => {
    const guest = module(new MemoryPool(8), '1').instantiate();
    call(guest, 'write', 4, 1);
    guest.release();
    expect(guest.peek(4, 4)).toBeUndefined();
    expect(() => call(guest, 'size')).toThrow('been released');
    guest.release(); // as often as one likes
  });
});

test.each(['1', '1 1', '2 3', '2 100'])('a guest of %s pages finds the same in either, at the same price', (pages) => {
  const runs = [undefined, new MemoryPool(8)].map((memories) => {
    const guest = module(memories, pages).instantiate();
    const steps: [string, ...number[]][] = [
      ['size'],
      ['grow', 0],
      ['grow', 1],
      ['size'],
      ['read', 65_532],
      ['grow', 100],
      ['fill', 65_536],
      ['size'],
      ['read', 8 * 65_536],
    ];
    return steps.map(([name, ...args]) => {
      try {
        return call(guest, name, ...args);
      } catch (error) {
        return (error as Error).message;
      }
    });
  });
  expect(runs[1]).toEqual(runs[0]);
});

test('a pool with another maximum than the limits is refused', () => {
  expect(() => module(new MemoryPool(9), '1')).toThrow(RangeError);
});
