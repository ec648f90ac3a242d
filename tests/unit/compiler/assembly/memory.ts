// Drives the arena, for the memory tests.
import { markMemory, resetMemory } from '../../../../assembly/rt';
import { Bytes, Option, Tuple2 } from '../../../../assembly/scale';

@api('Memory', 1)
export class Memory {
  /** Allocates `count` blocks of `size` bytes, each filled with its number, and counts those that others overwrote. */
  static fill(count: u32, size: u32): u32 {
    const blocks = new Array<StaticArray<u32>>();
    for (let i: u32 = 0; i < count; i++) {
      const block = new StaticArray<u32>(<i32>(size >> 2));
      for (let at = 0; at < block.length; at++) {
        if (block[at] != 0) return u32.MAX_VALUE;
        block[at] = i;
      }
      blocks.push(block);
    }
    let spoilt: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const block = blocks[i];
      for (let at = 0; at < block.length; at++) if (block[at] != i) spoilt++;
    }
    return spoilt;
  }

  /** Does that `rounds` times, freeing all in between, and checks that an earlier block is unchanged. */
  static again(rounds: u32, count: u32, size: u32): Tuple2<u32, bool> {
    const kept = new StaticArray<u8>(100).fill(7);
    let spoilt: u32 = 0;
    for (let i: u32 = 0; i < rounds; i++) {
      const mark = markMemory();
      spoilt += Memory.fill(count, size);
      resetMemory(mark);
    }
    let whole = true;
    for (let i = 0; i < kept.length; i++) if (kept[i] != 7) whole = false;
    return new Tuple2<u32, bool>(spoilt, whole);
  }

  /** Grows a text by a character at a time. */
  static grow(length: u32): u32 {
    let bytes = new Array<u8>();
    for (let i: u32 = 0; i < length; i++) bytes.push(<u8>i);
    let right: u32 = 0;
    for (let i: u32 = 0; i < length; i++) if (bytes[i] == <u8>i) right++;
    return right;
  }

  /** A hundred nested marks, reset in reverse order. */
  static nest(depth: u32): u32 {
    if (depth == 0) return 0;
    const mark = markMemory();
    const block = new StaticArray<u8>(3000).fill(<u8>depth);
    const below = Memory.nest(depth - 1);
    let sum: u32 = below;
    for (let i = 0; i < block.length; i++) if (block[i] != <u8>depth) sum++;
    resetMemory(mark);
    return sum;
  }
}

/** A gate that is open. */
export function open(): bool {
  return true;
}

/** A gate that is closed. */
export function closed(): bool {
  return false;
}

/** Calls as a guest's host makes them. */
export class Calls {
  @hostcall('ext_test_echo', open) static echo(data: Bytes): Option<Bytes> {
    return new Option<Bytes>(true, data.slice<StaticArray<u8>>(0));
  }

  @hostcall('ext_test_refused', closed) static refused(data: Bytes): Option<Bytes> {
    throw new Error('behind a closed gate: ' + data.length.toString());
  }
}
