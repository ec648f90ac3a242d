// SCALE writer: a growing buffer in the arena, returned without a copy.
import { Bytes } from './bytes';

/** Collects encoded values. */
export class Writer {
  private bytes: Bytes;
  private capacity: u32;
  private used: u32 = 0;

  /** `capacity`: initial capacity in bytes; the buffer grows when needed. */
  constructor(capacity: u32 = 128) {
    const room = max<u32>(capacity, 16);
    this.capacity = room;
    this.bytes = changetype<Bytes>(__new(<usize>room, idof<Bytes>()));
  }

  /** Bytes written so far. */
  get length(): i32 {
    return <i32>this.used;
  }

  /** The written bytes. The writer must not be used afterwards. */
  finish(): Bytes {
    this.bytes = changetype<Bytes>(__renew(changetype<usize>(this.bytes), <usize>this.used));
    return this.bytes;
  }

  /** Address of the byte at `offset`; valid until more is written. */
  addressOf(offset: i32): usize {
    return changetype<usize>(this.bytes) + <usize>offset;
  }

  /** Truncates to `length` bytes. */
  cut(length: i32): void {
    this.used = <u32>length;
  }

  /** Makes room for `count` more bytes and returns their address. */
  // @ts-ignore: decorator of AssemblyScript
  @inline
  reserve(count: u32): usize {
    if (this.capacity - this.used < count) this.grow(count);
    const at = changetype<usize>(this.bytes) + <usize>this.used;
    this.used += count;
    return at;
  }

  private grow(count: u32): void {
    const capacity = max<u32>(this.capacity << 1, this.used + count);
    this.bytes = changetype<Bytes>(__renew(changetype<usize>(this.bytes), <usize>capacity));
    this.capacity = capacity;
  }

  u8(value: u8): void {
    store<u8>(this.reserve(1), value);
  }
  u16(value: u16): void {
    store<u16>(this.reserve(2), value);
  }
  u32(value: u32): void {
    store<u32>(this.reserve(4), value);
  }
  u64(value: u64): void {
    store<u64>(this.reserve(8), value);
  }
  i8(value: i8): void {
    store<i8>(this.reserve(1), value);
  }
  i16(value: i16): void {
    store<i16>(this.reserve(2), value);
  }
  i32(value: i32): void {
    store<i32>(this.reserve(4), value);
  }
  i64(value: i64): void {
    store<i64>(this.reserve(8), value);
  }
  bool(value: bool): void {
    store<u8>(this.reserve(1), value ? 1 : 0);
  }

  /** Compact<u64> and narrower: the shortest of the four modes. */
  compact(value: u64): void {
    if (value < 1 << 6) {
      store<u8>(this.reserve(1), <u8>(value << 2));
    } else if (value < 1 << 14) {
      store<u16>(this.reserve(2), (<u16>(value << 2)) | 1);
    } else if (value < 1 << 30) {
      store<u32>(this.reserve(4), (<u32>(value << 2)) | 2);
    } else {
      this.long(value, 0);
    }
  }

  /** Compact<u128>. */
  compactWide(low: u64, high: u64): void {
    if (high == 0) this.compact(low);
    else this.long(low, high);
  }

  /** Big-integer mode: a length byte, then the fewest little-endian bytes that hold the value, at least four. */
  private long(low: u64, high: u64): void {
    const bits = high != 0 ? 128 - <u32>clz<u64>(high) : 64 - <u32>clz<u64>(low);
    const count = max<u32>(4, (bits + 7) >> 3);
    const at = this.reserve(1 + count);
    store<u8>(at, <u8>(((count - 4) << 2) | 3));
    for (let i: u32 = 0; i < count; i++) {
      store<u8>(at + 1 + i, <u8>(i < 8 ? low >> ((<u64>i) << 3) : high >> ((<u64>i - 8) << 3)));
    }
  }

  /** Raw bytes at `address`, without a length. */
  memory(address: usize, count: i32): void {
    memory.copy(this.reserve(<u32>count), address, <usize>count);
  }

  /** Raw bytes, without a length. */
  raw(bytes: Bytes): void {
    this.memory(changetype<usize>(bytes), bytes.length);
  }

  /** Vec<u8>. */
  vec(bytes: Bytes): void {
    this.compact(<u64>bytes.length);
    this.memory(changetype<usize>(bytes), bytes.length);
  }

  /** A text: Vec<u8> of its UTF-8. */
  text(value: string): void {
    const length = String.UTF8.byteLength(value);
    this.compact(<u64>length);
    String.UTF8.encodeUnsafe(changetype<usize>(value), value.length, this.reserve(<u32>length));
  }
}

/** Length of the compact encoding of `value`, in bytes. */
export function compactLength(value: u32): u32 {
  return value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 5;
}
