// BitVec<u8, Lsb0>: bit i is bit (i mod 8) of byte (i div 8). Encoded as the compact length in bits, then the bytes;
// unused bits of the last byte are zero.
import { Bytes } from './bytes';
import { Reader } from './reader';
import { Writer } from './writer';

/** A bit vector of fixed length. */
export class BitVec {
  private bytes: Bytes;

  constructor(
    /** Number of bits. */
    public length: i32 = 0,
  ) {
    this.bytes = new StaticArray<u8>((length + 7) >> 3);
  }

  /** Bit `index`; false beyond the end. */
  get(index: i32): bool {
    return <u32>index < <u32>this.length && ((this.bytes[index >> 3] >> ((<u8>index) & 7)) & 1) != 0;
  }

  /** Sets or clears bit `index`. */
  set(index: i32, value: bool = true): void {
    if (<u32>index >= <u32>this.length) throw new RangeError('BitVec: no such bit');
    const bit: u8 = 1 << ((<u8>index) & 7);
    this.bytes[index >> 3] = value ? this.bytes[index >> 3] | bit : this.bytes[index >> 3] & ~bit;
  }

  /** Number of set bits. */
  count(): i32 {
    let count = 0;
    for (let i = 0; i < this.bytes.length; i++) count += <i32>popcnt<u32>(<u32>this.bytes[i]);
    return count;
  }

  /** Encodes the BitVec. */
  write(writer: Writer): void {
    writer.compact(<u64>this.length);
    writer.raw(this.bytes);
  }

  /** Decodes a BitVec. */
  static read(reader: Reader): BitVec {
    const length = reader.compact();
    if (length > (<u64>reader.remaining) << 3) {
      reader.fail();
      return new BitVec();
    }
    const bits = new BitVec(<i32>length);
    bits.bytes = reader.raw((<u32>length + 7) >> 3);
    const used = (<u32>length) & 7;
    if (used != 0 && bits.bytes[bits.bytes.length - 1] >> (<u8>used) != 0) {
      reader.fail();
      return new BitVec();
    }
    return bits;
  }
}
