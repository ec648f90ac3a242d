// Byte strings: static arrays of bytes, SCALE's Vec<u8>. Immutable once passed on.

/** A byte string. */
export type Bytes = StaticArray<u8>;

/** A copy of `length` bytes of memory. */
export function bytesAt(address: usize, length: i32): Bytes {
  const copy = changetype<Bytes>(__new(<usize>length, idof<Bytes>()));
  memory.copy(changetype<usize>(copy), address, <usize>length);
  return copy;
}

/** No bytes. */
export function emptyBytes(): Bytes {
  return new StaticArray<u8>(0);
}

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  const length = String.UTF8.byteLength(text);
  const bytes = new StaticArray<u8>(length);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, changetype<usize>(bytes));
  return bytes;
}

/** `a` followed by `b`. */
export function concatBytes(a: Bytes, b: Bytes): Bytes {
  const whole = changetype<Bytes>(__new(<usize>(a.length + b.length), idof<Bytes>()));
  memory.copy(changetype<usize>(whole), changetype<usize>(a), <usize>a.length);
  memory.copy(changetype<usize>(whole) + <usize>a.length, changetype<usize>(b), <usize>b.length);
  return whole;
}

/** The bytes from `start` up to `end`, both clamped to the length. */
export function sliceBytes(bytes: Bytes, start: i32, end: i32 = i32.MAX_VALUE): Bytes {
  const from = min(max(start, 0), bytes.length);
  const to = max(from, min(end, bytes.length));
  return bytesAt(changetype<usize>(bytes) + <usize>from, to - from);
}

/** Whether both hold the same bytes. */
export function equalBytes(a: Bytes, b: Bytes): bool {
  return a.length == b.length && memory.compare(changetype<usize>(a), changetype<usize>(b), <usize>a.length) == 0;
}

/** Lexicographic order: negative, zero or positive. */
export function compareBytes(a: Bytes, b: Bytes): i32 {
  const common = min(a.length, b.length);
  const order = memory.compare(changetype<usize>(a), changetype<usize>(b), <usize>common);
  return order != 0 ? order : a.length - b.length;
}

/** Whether `bytes` begins with `prefix`. */
export function startsWithBytes(bytes: Bytes, prefix: Bytes): bool {
  return (
    bytes.length >= prefix.length &&
    memory.compare(changetype<usize>(bytes), changetype<usize>(prefix), <usize>prefix.length) == 0
  );
}

/** `0x` and two hexadecimal digits per byte. */
export function hexOf(bytes: Bytes): string {
  let text = '0x';
  for (let i = 0; i < bytes.length; i++) {
    const byte = <u32>bytes[i];
    text += String.fromCharCode(digit(byte >> 4), digit(byte & 15));
  }
  return text;
}

function digit(value: u32): i32 {
  return <i32>(value < 10 ? 48 + value : 87 + value);
}
