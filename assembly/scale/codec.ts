// Encoding and decoding of any type with a codec. The compiler replaces each use by the codec of the type in the angle
// brackets, so the type must be written out: `encode<Array<u32>>(list)`. It refuses uses in generic functions, where
// the type is not known.
import { Bytes } from './bytes';
import { Reader } from './reader';

/** The SCALE encoding of `value`. */
// @ts-ignore: the compiler replaces every call
export function encode<T>(value: T): Bytes {
  ERROR('encode is used where the compiler does not see its type');
}

/** The length of `encode<T>(value)`, which leaves nothing in memory. */
// @ts-ignore: the compiler replaces every call
export function encodedLength<T>(value: T): u32 {
  ERROR('encodedLength is used where the compiler does not see its type');
}

/** Decodes all of `bytes`; null if they do not decode. Only for objects: see `decodeOr`. */
// @ts-ignore: the compiler replaces every call
export function decode<T>(bytes: Bytes): T | null {
  ERROR('decode is used where the compiler does not see its type');
}

/** Decodes all of `bytes`; `fallback` if they do not decode. */
// @ts-ignore: the compiler replaces every call
export function decodeOr<T>(bytes: Bytes, fallback: T): T {
  ERROR('decodeOr is used where the compiler does not see its type');
}

/** Decodes the next value of `reader`. Meaningless if `reader.failed` is set afterwards. */
// @ts-ignore: the compiler replaces every call
export function decodeFrom<T>(reader: Reader): T {
  ERROR('decodeFrom is used where the compiler does not see its type');
}
