// Small operations on byte strings: joining, comparing, and text as UTF-8.

/** Concatenates the parts, in order, into a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Whether both hold the same bytes. Not constant-time. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** Lexicographic order: a prefix sorts before its extensions. */
export function compare(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
}

/** Whether `bytes` begins with `prefix`; every array begins with the empty one. */
export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  if (prefix.length > bytes.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    if (bytes[i] !== prefix[i]) return false;
  }
  return true;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Encodes `value` as UTF-8. */
export function utf8(value: string): Uint8Array {
  return encoder.encode(value);
}

/** Decodes UTF-8. Malformed bytes become U+FFFD: for showing text, not for checking it. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Decodes UTF-8; undefined if the bytes are not UTF-8. */
export function tryText(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined; // TextDecoder has no other way to report malformed input
  }
}
