// Options of plain numbers, results, tuples. Options of objects are `T | null`.

/** Option<T> for any T. For objects `T | null` has the same encoding and is easier to use. */
export class Option<T> {
  constructor(
    /** Whether there is a value. */
    public isSome: bool,
    /** The value; meaningless if there is none. */
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

/** The empty Option of a number. */
// @ts-ignore: zero is a T for every plain number
export function none<T>(): Option<T> {
  return new Option<T>(false, <T>0);
}

/** Result<T, E>. Only one of the two values is meaningful. */
export class Result<T, E> {
  constructor(
    /** Whether it succeeded. */
    public isOk: bool,
    /** The value, if it succeeded. */
    public value: T,
    /** The error, if it did not. */
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

/** Encoded as a compact integer: `Compact<u32>`, `Compact<U128>`. In code it is the integer. */
export type Compact<T> = T;

/** At most n elements, for `@bound(n) class N`. More are refused when decoding, and panic when encoding. */
export type BoundedVec<T, N> = Array<T>;

/** At most n bytes, for `@bound(n) class N`. */
export type BoundedBytes<N> = StaticArray<u8>;
