// Byte strings of a fixed length: `[u8; N]` and types made of it (hashes, accounts, keys, signatures).
//
// Declared as `@fixed(32) export class H256 extends FixedBytes {}`: the compiler adds the bytes as fields, so the
// object's address is the address of its bytes.
import { Bytes, bytesAt, hexOf } from './bytes';

/** Base class of `@fixed(n)` classes. `new X()` is all zeroes. */
export class FixedBytes {
  /** Address of the first byte. */
  get address(): usize {
    return changetype<usize>(this);
  }

  /** Number of bytes. */
  get length(): i32 {
    return <i32>load<u32>(changetype<usize>(this) - 4);
  }

  /** A copy as a byte string. */
  get bytes(): Bytes {
    return bytesAt(changetype<usize>(this), this.length);
  }

  /** The byte at `index`. */
  at(index: i32): u8 {
    if (<u32>index >= <u32>this.length) throw new RangeError('FixedBytes: no such byte');
    return load<u8>(changetype<usize>(this) + <usize>index);
  }

  /** Whether both hold the same bytes (`==` compares identity). */
  equals(other: FixedBytes): bool {
    return (
      this.length == other.length &&
      memory.compare(changetype<usize>(this), changetype<usize>(other), <usize>this.length) == 0
    );
  }

  /** Lexicographic order: negative, zero or positive. */
  compare(other: FixedBytes): i32 {
    const order = memory.compare(
      changetype<usize>(this),
      changetype<usize>(other),
      <usize>min(this.length, other.length),
    );
    return order != 0 ? order : this.length - other.length;
  }

  /** Whether every byte is zero. */
  isZero(): bool {
    for (let i = 0; i < this.length; i++) if (load<u8>(changetype<usize>(this) + <usize>i) != 0) return false;
    return true;
  }

  /** Copies bytes of `source` from `offset` on into this. Panics if there are too few. */
  set(source: Bytes, offset: i32 = 0): void {
    if (offset < 0 || offset > source.length || source.length - offset < this.length) {
      throw new RangeError('FixedBytes: too few bytes');
    }
    memory.copy(changetype<usize>(this), changetype<usize>(source) + <usize>offset, <usize>this.length);
  }

  /** `0x…` */
  toString(): string {
    return hexOf(this.bytes);
  }
}

/** A `T` from the bytes of `source` from `offset` on: `fixed<H256>(blake2_256(data))`. */
export function fixed<T extends FixedBytes>(source: Bytes, offset: i32 = 0): T {
  const value = instantiate<T>();
  value.set(source, offset);
  return value;
}

/** A `T` from the bytes at `address`. */
export function fixedAt<T extends FixedBytes>(address: usize): T {
  const value = instantiate<T>();
  memory.copy(changetype<usize>(value), address, <usize>value.length);
  return value;
}
