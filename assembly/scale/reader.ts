// SCALE reader. Never traps on bad input: the first error sets `failed` and moves to the end of the input. Later reads
// return zero or empty values, so a decoder may check `failed` (or better `done`) once at its end.
import { Bytes, bytesAt } from './bytes';

/** Maximum nesting of recursive values, such as a call in a call. */
const DEPTH_MAX: u32 = 16;

/**
 * The most calls in one value, in all lists and at all levels together. A call may be shorter than any check of it, and
 * decoding comes before every check.
 */
const CALLS_MAX: u32 = 2048;

/**
 * The most elements of lists of short elements in one call, in all lists and at all levels together: each element costs
 * more to decode than its bytes.
 */
const SHORT_ELEMENTS_MAX: u32 = 2048;

/** Reads encoded values from memory. */
export class Reader {
  /** Whether the input is malformed. */
  failed: bool = false;
  /** Levels that recursive values may still nest. */
  depth: u32 = DEPTH_MAX;
  /** Calls that may still be read. */
  private calls: u32 = CALLS_MAX;
  /** Short elements that lists in calls may still have. */
  private shortElements: u32 = SHORT_ELEMENTS_MAX;
  private at: usize;
  private end: usize;
  /** Upper half of the value read by `compactWide`. */
  high: u64 = 0;

  constructor(address: usize, length: u32) {
    this.at = address;
    this.end = address + <usize>length;
  }

  /** A reader at the start of `bytes`. */
  static of(bytes: Bytes): Reader {
    return new Reader(changetype<usize>(bytes), <u32>bytes.length);
  }

  /** Address of the next byte. */
  get position(): usize {
    return this.at;
  }

  /** Bytes left. */
  get remaining(): u32 {
    return <u32>(this.end - this.at);
  }

  /** Whether all of the input was read without error. */
  get done(): bool {
    return !this.failed && this.at == this.end;
  }

  /** Refuses the input. */
  fail(): void {
    this.failed = true;
    this.at = this.end;
  }

  /** Skips `count` bytes and returns their address; fails and returns zero if there are fewer. */
  // @ts-ignore: decorator of AssemblyScript
  @inline
  take(count: u32): usize {
    const from = this.at;
    if (<u32>(this.end - from) < count) {
      this.fail();
      return 0;
    }
    this.at = from + <usize>count;
    return from;
  }

  u8(): u8 {
    const at = this.take(1);
    return at != 0 ? load<u8>(at) : 0;
  }
  u16(): u16 {
    const at = this.take(2);
    return at != 0 ? load<u16>(at) : 0;
  }
  u32(): u32 {
    const at = this.take(4);
    return at != 0 ? load<u32>(at) : 0;
  }
  u64(): u64 {
    const at = this.take(8);
    return at != 0 ? load<u64>(at) : 0;
  }
  i8(): i8 {
    return <i8>this.u8();
  }
  i16(): i16 {
    return <i16>this.u16();
  }
  i32(): i32 {
    return <i32>this.u32();
  }
  i64(): i64 {
    return <i64>this.u64();
  }

  bool(): bool {
    const byte = this.u8();
    if (byte > 1) this.fail();
    return byte == 1;
  }

  /** Whether an Option holds a value. */
  some(): bool {
    return this.bool();
  }

  /** Compact<u8> … Compact<u64>: `most` is the type's largest value. Forms longer than needed are refused. */
  compact(most: u64 = u64.MAX_VALUE): u64 {
    const low = this.compactWide();
    if (this.high != 0 || low > most) {
      this.fail();
      return 0;
    }
    return low;
  }

  /** Compact<u128>: returns the lower half, and leaves the upper half in `high`. */
  compactWide(): u64 {
    this.high = 0;
    const head = <u32>this.u8();
    switch (head & 3) {
      case 0:
        return head >> 2;
      case 1:
        return this.canonical((((<u32>this.u8()) << 8) | head) >> 2, 1 << 6);
      case 2: {
        const at = this.take(3);
        if (at == 0) return 0;
        return this.canonical((((<u32>load<u16>(at)) << 8) | ((<u32>load<u8>(at, 2)) << 24) | head) >> 2, 1 << 14);
      }
      default:
        return this.long((head >> 2) + 4);
    }
  }

  private canonical(value: u32, least: u32): u64 {
    if (value >= least) return value;
    this.fail();
    return 0;
  }

  private long(count: u32): u64 {
    if (count > 16) this.fail();
    const at = this.take(count);
    if (at == 0) return 0;
    let low: u64 = 0;
    let high: u64 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const byte = <u64>load<u8>(at + i);
      if (i < 8) low |= byte << ((<u64>i) << 3);
      else high |= byte << ((<u64>i - 8) << 3);
    }
    const top = load<u8>(at + count - 1);
    if (top == 0 || (count == 4 && low < 1 << 30)) {
      this.fail();
      return 0;
    }
    this.high = high;
    return low;
  }

  /** The length of a collection: at most `most`, and at most what the input can hold at `least` bytes per element. */
  count(least: u32, most: u32 = u32.MAX_VALUE): i32 {
    const count = this.compact();
    if (count > <u64>most || count > <u64>(this.remaining / least)) {
      this.fail();
      return 0;
    }
    return <i32>count;
  }

  /** `count`, for elements that may be short: in a call, all lists of such elements have a bound together. */
  countShort(least: u32, most: u32 = u32.MAX_VALUE): i32 {
    const inCall = this.calls != CALLS_MAX;
    const count = this.count(least, inCall ? min(most, this.shortElements) : most);
    if (inCall) this.shortElements -= <u32>count;
    return count;
  }

  /** `count` raw bytes; fails and returns none if there are fewer. */
  raw(count: u32): Bytes {
    const at = this.take(count);
    return at != 0 ? bytesAt(at, <i32>count) : bytesAt(0, 0);
  }

  /** Vec<u8>. */
  vec(most: u32 = u32.MAX_VALUE): Bytes {
    return this.raw(<u32>this.count(1, most));
  }

  /** A text; invalid UTF-8 is refused. */
  text(most: u32 = u32.MAX_VALUE): string {
    const length = <u32>this.count(1, most);
    const at = this.take(length);
    if (at == 0) return '';
    if (!isUtf8(at, length)) {
      this.fail();
      return '';
    }
    return String.UTF8.decodeUnsafe(at, <usize>length);
  }

  /** Copies `count` bytes to `target`; fails without a copy if there are fewer. */
  into(target: usize, count: u32): void {
    const at = this.take(count);
    if (at != 0) memory.copy(target, at, <usize>count);
  }

  /** Enters a level of a recursive value. Returns false if that is too deep. Matched by `leave`. */
  enter(): bool {
    if (this.depth == 0) {
      this.fail();
      return false;
    }
    this.depth--;
    return true;
  }

  /** Enters a call. Returns false if that is too deep, or if there are too many. Matched by `leave`. */
  enterCall(): bool {
    if (this.calls == 0) {
      this.fail();
      return false;
    }
    this.calls--;
    return this.enter();
  }

  /** Leaves a level. */
  leave(): void {
    this.depth++;
  }
}

/** RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
function isUtf8(start: usize, length: u32): bool {
  const end = start + <usize>length;
  let at = start;
  while (at < end) {
    const head = <u32>load<u8>(at++);
    if (head < 0x80) continue;
    let more: u32 = 0;
    let least: u32 = 0;
    let code: u32 = 0;
    if ((head & 0xe0) == 0xc0) {
      more = 1;
      least = 0x80;
      code = head & 0x1f;
    } else if ((head & 0xf0) == 0xe0) {
      more = 2;
      least = 0x800;
      code = head & 0x0f;
    } else if ((head & 0xf8) == 0xf0) {
      more = 3;
      least = 0x10000;
      code = head & 0x07;
    } else return false;
    if (<usize>more > end - at) return false;
    for (; more > 0; more--) {
      const byte = <u32>load<u8>(at++);
      if ((byte & 0xc0) != 0x80) return false;
      code = (code << 6) | (byte & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}
