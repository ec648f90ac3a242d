// Reading a module byte by byte, with bounds and LEB128 checked. Every refusal has its offset.
import { InvalidModule } from './invalid-module.js';

/** A position in a module. Every read advances it, and throws `InvalidModule` at the end of the window. */
export class Cursor {
  /** End of the window that may be read: a section, a body, or the module. */
  end: number;

  constructor(
    readonly bytes: Uint8Array,
    public pos = 0,
  ) {
    this.end = bytes.length;
  }

  /** Refuses the module here, or at `offset`. */
  fail(reason: string, offset = this.pos): never {
    throw new InvalidModule(reason, offset);
  }

  u8(): number {
    if (this.pos >= this.end) this.fail('unexpected end');
    return this.bytes[this.pos++]!;
  }

  /** Unsigned LEB128 of at most 32 bits, in at most 5 bytes; the unused bits of the fifth must be zero. */
  u32(): number {
    let result = this.u8();
    if (result < 0x80) return result;
    result &= 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.u8();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    const last = this.u8();
    if (last > 0x0f) this.fail('integer of more than 32 bits', this.pos - 1);
    return (result | (last << 28)) >>> 0;
  }

  /**
   * Signed LEB128 of 33 bits, as of a block's type. Returns a type index, or the negative number of a one-byte form.
   */
  blockType(): number {
    const first = this.bytes[this.pos];
    if (first !== undefined && this.pos < this.end && (first & 0xc0) === 0x40) {
      this.pos += 1;
      return first - 0x80;
    }
    return this.u32();
  }

  /** Signed LEB128 of 32 bits; V8 checks the sign bits of its last byte. */
  i32(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 28 && (byte & 0x40) !== 0 ? result | (-1 << (shift + 7)) : result;
    }
    return this.fail('integer of more than 32 bits', this.pos - 1);
  }

  /** Signed LEB128 of at most `maxBytes`. Returns the value if it is in [0, 2^31), else −1. */
  natural(maxBytes: number): number {
    let byte = this.u8();
    let result = byte & 0x7f;
    for (let count = 1, shift = 7; byte >= 0x80; count += 1, shift += 7) {
      if (count === maxBytes) this.fail('integer too long', this.pos - 1);
      byte = this.u8();
      if (shift > 28 || (shift === 28 && byte > 7)) result = -1;
      else result |= (byte & 0x7f) << shift;
    }
    return (byte & 0x40) === 0 ? result : -1;
  }

  skip(count: number): void {
    if (count > this.end - this.pos) this.fail('unexpected end');
    this.pos += count;
  }

  /** A count of at most `limit`. `what` names it in the refusal. */
  count(limit: number, what: string): number {
    const at = this.pos;
    const count = this.u32();
    if (count > limit) this.fail(`${count} ${what}, at most ${limit} allowed`, at);
    return count;
  }

  /** A name of at most `limit` bytes. V8 checks that it is UTF-8. */
  name(limit: number): string {
    const length = this.count(limit, 'bytes of a name');
    const start = this.pos;
    this.skip(length);
    return decoder.decode(this.bytes.subarray(start, this.pos));
  }
}

// A byte-order mark is part of a name: without it, two names would be equal here and different to V8.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
