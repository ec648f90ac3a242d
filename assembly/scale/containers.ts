// Values with a shape: options of plain numbers, results, tuples. Options of objects are `T | null`.

/** Option<T> for any T. For objects `T | null` is the same on the wire and easier to hold. */
export class Option<T> {
  constructor(
    /** Whether there is a value. */
    public isSome: bool,
    /** The value; meaningless when there is none. */
    public value: T,
  ) {}

  get isNone(): bool {
    return !this.isSome;
  }
}

/** An Option that holds `value`. */
export function some<T>(value: T): Option<T> {
  return new Option<T>(true, value);
}

/** An Option of a number that holds none. */
// @ts-ignore: zero is a T for every plain number
export function none<T>(): Option<T> {
  return new Option<T>(false, <T>0);
}

/** Result<T, E>. One of both values is meaningful. */
export class Result<T, E> {
  constructor(
    /** Whether it succeeded. */
    public isOk: bool,
    /** The value, when it did. */
    public value: T,
    /** The error, when it did not. */
    public error: E,
  ) {}

  get isErr(): bool {
    return !this.isOk;
  }
}

/** The type without values: SCALE `()`. */
export class Unit {}

/** (A, B) */
export class Tuple2<A, B> {
  constructor(
    public a: A,
    public b: B,
  ) {}
}

/** (A, B, C) */
export class Tuple3<A, B, C> {
  constructor(
    public a: A,
    public b: B,
    public c: C,
  ) {}
}

/** (A, B, C, D) */
export class Tuple4<A, B, C, D> {
  constructor(
    public a: A,
    public b: B,
    public c: C,
    public d: D,
  ) {}
}

/** (A, B, C, D, E) */
export class Tuple5<A, B, C, D, E> {
  constructor(
    public a: A,
    public b: B,
    public c: C,
    public d: D,
    public e: E,
  ) {}
}

/** Written as a compact integer: `Compact<u32>`, `Compact<U128>`. In code it is the integer. */
export type Compact<T> = T;

/** At most as many elements as N's `@bound(n)` says; more are refused when decoding, and a fault when encoding. */
export type BoundedVec<T, N> = Array<T>;

/** At most as many bytes as N's `@bound(n)` says. */
export type BoundedBytes<N> = StaticArray<u8>;
