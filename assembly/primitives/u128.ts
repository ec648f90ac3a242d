// U128: unsigned 128-bit integers, for balances and for products of weights.
//
// Values are immutable. `add`, `sub`, `mul` and `div` panic if the result does not fit: the caller's check is missing.
// Where overflow is possible, use `checked…` (null) or `saturating…` (the nearest bound).
// Operators are not overloaded: tsc could not check `a + b` on objects.

/** The high 64 bits of the product of two 64-bit integers. */
function mulHigh(a: u64, b: u64): u64 {
  // Schoolbook over 32-bit halves; each partial sum stays below 2^64.
  const aLow = a & 0xffffffff,
    aHigh = a >> 32;
  const bLow = b & 0xffffffff,
    bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (cross >> 32);
}

/** An unsigned 128-bit integer: `high · 2^64 + low`. */
export class U128 {
  constructor(
    /** The lower half. */
    public readonly low: u64 = 0,
    /** The upper half. */
    public readonly high: u64 = 0,
  ) {}

  /** 0. */
  static zero(): U128 {
    return new U128(0, 0);
  }

  /** 2^128 − 1. */
  static max(): U128 {
    return new U128(u64.MAX_VALUE, u64.MAX_VALUE);
  }

  /** A 64-bit integer, widened. */
  static from(value: u64): U128 {
    return new U128(value, 0);
  }

  /** The whole product of two 64-bit integers. */
  static product(a: u64, b: u64): U128 {
    return new U128(a * b, mulHigh(a, b));
  }

  /** Parses decimal digits; null if `text` is anything else or too large. */
  static parse(text: string): U128 | null {
    if (text.length == 0 || text.length > 39) return null;
    const ten = U128.from(10);
    let value = U128.zero();
    for (let i = 0; i < text.length; i++) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) return null;
      const shifted = value.checkedMul(ten);
      if (shifted === null) return null;
      const next = shifted.checkedAdd(U128.from(<u64>digit));
      if (next === null) return null;
      value = next;
    }
    return value;
  }

  isZero(): bool {
    return (this.low | this.high) == 0;
  }

  eq(other: U128): bool {
    return this.low == other.low && this.high == other.high;
  }

  ne(other: U128): bool {
    return !this.eq(other);
  }

  lt(other: U128): bool {
    return this.high == other.high ? this.low < other.low : this.high < other.high;
  }

  le(other: U128): bool {
    return !other.lt(this);
  }

  gt(other: U128): bool {
    return other.lt(this);
  }

  ge(other: U128): bool {
    return !this.lt(other);
  }

  /** Returns a negative number, zero or a positive number, as this is less than, equal to or greater than the other. */
  compare(other: U128): i32 {
    if (this.eq(other)) return 0;
    return this.lt(other) ? -1 : 1;
  }

  /** The smaller of the two. */
  min(other: U128): U128 {
    return this.lt(other) ? this : other;
  }

  /** The larger of the two. */
  max(other: U128): U128 {
    return this.lt(other) ? other : this;
  }

  /** The sum; null if it does not fit. */
  checkedAdd(other: U128): U128 | null {
    const sum = this.wrappingAdd(other);
    return sum.lt(this) ? null : sum;
  }

  /** The difference; null if negative. */
  checkedSub(other: U128): U128 | null {
    return this.lt(other) ? null : this.wrappingSub(other);
  }

  /** The product; null if it does not fit. */
  checkedMul(other: U128): U128 | null {
    if (this.high != 0 && other.high != 0) return null;
    const low = U128.product(this.low, other.low);
    // By the check above, at most one of the two cross products is not zero.
    const cross = this.high != 0 ? U128.product(this.high, other.low) : U128.product(other.high, this.low);
    if (cross.high != 0) return null;
    const high = low.high + cross.low;
    return high < cross.low ? null : new U128(low.low, high);
  }

  /** The quotient, rounded down; null if `other` is zero. */
  checkedDiv(other: U128): U128 | null {
    return other.isZero() ? null : this.divide(other).quotient;
  }

  /** The sum. Panics if it does not fit. */
  add(other: U128): U128 {
    const sum = this.wrappingAdd(other);
    if (sum.lt(this)) throw new Error('U128: addition overflows');
    return sum;
  }

  /** The difference. Panics if negative. */
  sub(other: U128): U128 {
    if (this.lt(other)) throw new Error('U128: subtraction below zero');
    return this.wrappingSub(other);
  }

  /** The product. Panics if it does not fit. */
  mul(other: U128): U128 {
    const product = this.checkedMul(other);
    if (product === null) throw new Error('U128: multiplication overflows');
    return product;
  }

  /** The quotient, rounded down. Panics if `other` is zero. */
  div(other: U128): U128 {
    if (other.isZero()) throw new Error('U128: division by zero');
    return this.divide(other).quotient;
  }

  /** The remainder of division. Panics if `other` is zero. */
  rem(other: U128): U128 {
    if (other.isZero()) throw new Error('U128: division by zero');
    return this.divide(other).remainder;
  }

  /** The sum, at most 2^128 − 1. */
  saturatingAdd(other: U128): U128 {
    const sum = this.wrappingAdd(other);
    return sum.lt(this) ? U128.max() : sum;
  }

  /** The difference, at least 0. */
  saturatingSub(other: U128): U128 {
    return this.lt(other) ? U128.zero() : this.wrappingSub(other);
  }

  /** The product, at most 2^128 − 1. */
  saturatingMul(other: U128): U128 {
    const product = this.checkedMul(other);
    return product === null ? U128.max() : product;
  }

  /** Whether the value fits 64 bits. */
  fitsU64(): bool {
    return this.high == 0;
  }

  /** The value as 64 bits. Panics if it does not fit. */
  toU64(): u64 {
    if (this.high != 0) throw new Error('U128: the value does not fit 64 bits');
    return this.low;
  }

  /** The value as 64 bits, at most 2^64 − 1. */
  saturatingToU64(): u64 {
    return this.high == 0 ? this.low : u64.MAX_VALUE;
  }

  /** The value in decimal digits. */
  toString(): string {
    if (this.isZero()) return '0';
    let digits = '';
    let rest: U128 = this;
    const ten = U128.from(10);
    while (!rest.isZero()) {
      const division = rest.divide(ten);
      digits = division.remainder.low.toString() + digits;
      rest = division.quotient;
    }
    return digits;
  }

  private wrappingAdd(other: U128): U128 {
    const low = this.low + other.low;
    return new U128(low, this.high + other.high + (low < this.low ? 1 : 0));
  }

  private wrappingSub(other: U128): U128 {
    return new U128(this.low - other.low, this.high - other.high - (this.low < other.low ? 1 : 0));
  }

  /**
   * Binary long division from the highest bit down; one instruction if both fit 64 bits. Base 2^64 division with
   * estimated digits would be faster, but the runtime does not divide large values in loops.
   */
  private divide(divisor: U128): Division {
    if (this.high == 0 && divisor.high == 0) {
      return new Division(U128.from(this.low / divisor.low), U128.from(this.low % divisor.low));
    }
    if (this.lt(divisor)) return new Division(U128.zero(), this);
    let quotientLow: u64 = 0,
      quotientHigh: u64 = 0;
    let restLow: u64 = 0,
      restHigh: u64 = 0;
    for (let bit = 127 - leadingZeros(this); bit >= 0; bit--) {
      // The remainder before the shift is below the divisor, so the bit shifted out can be set only for divisors above
      // 2^127; it then stands for 2^128, which is more than the divisor.
      const carry = restHigh >> 63;
      restHigh = (restHigh << 1) | (restLow >> 63);
      restLow = (restLow << 1) | (bit >= 64 ? (this.high >> (bit - 64)) & 1 : (this.low >> bit) & 1);
      const fits = carry != 0 || (restHigh == divisor.high ? restLow >= divisor.low : restHigh > divisor.high);
      if (!fits) continue;
      restHigh = restHigh - divisor.high - (restLow < divisor.low ? 1 : 0);
      restLow -= divisor.low;
      if (bit >= 64) quotientHigh |= (<u64>1) << (bit - 64);
      else quotientLow |= (<u64>1) << bit;
    }
    return new Division(new U128(quotientLow, quotientHigh), new U128(restLow, restHigh));
  }
}

class Division {
  constructor(
    public quotient: U128,
    public remainder: U128,
  ) {}
}

function leadingZeros(value: U128): i32 {
  return <i32>(value.high != 0 ? clz<u64>(value.high) : 64 + clz<u64>(value.low));
}

/** An amount of the chain's token, in its smallest unit. */
export type Balance = U128;
