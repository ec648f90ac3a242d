// Encoding and decoding of any type that SCALE knows here. The compiler replaces each use by the codec of the type that
// is written between the angle brackets, so the type must be written out: `encode<Array<u32>>(list)`.
// Inside a generic function the type is not known when codecs are made: the compiler refuses that.
import { Bytes } from './bytes';
import { Reader } from './reader';

/** The SCALE encoding of `value`. */
// @ts-ignore: the compiler replaces every call
export function encode<T>(value: T): Bytes {
  ERROR('encode is used where the compiler does not see its type');
}

/** The value that `bytes` encode, all of them; null when they encode none. Objects only: see `decodeOr`. */
// @ts-ignore: the compiler replaces every call
export function decode<T>(bytes: Bytes): T | null {
  ERROR('decode is used where the compiler does not see its type');
}

/** The value that `bytes` encode, all of them; `fallback` when they encode none. */
// @ts-ignore: the compiler replaces every call
export function decodeOr<T>(bytes: Bytes, fallback: T): T {
  ERROR('decodeOr is used where the compiler does not see its type');
}

/** The next value of `reader`. Meaningless when `reader.failed` is set afterwards. */
// @ts-ignore: the compiler replaces every call
export function decodeFrom<T>(reader: Reader): T {
  ERROR('decodeFrom is used where the compiler does not see its type');
}
