// Bytes in JSON: "0x" and hexadecimal digits.

/** The value of a hexadecimal digit by its character code; −1 for other characters. */
export function hexDigit(c: i32): i32 {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  if (c >= 0x61 && c <= 0x66) return c - 0x61 + 10;
  if (c >= 0x41 && c <= 0x46) return c - 0x41 + 10;
  return -1;
}

/** The bytes of "0x…"; null if `text` is malformed. */
export function bytesOfHex(text: string): StaticArray<u8> | null {
  if (text.length < 2 || (text.length & 1) != 0 || text.charCodeAt(0) != 0x30 || text.charCodeAt(1) != 0x78)
    return null;
  const bytes = new StaticArray<u8>((text.length - 2) >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 + 2 * i)),
      low = hexDigit(text.charCodeAt(3 + 2 * i));
    if (high < 0 || low < 0) return null;
    bytes[i] = <u8>((high << 4) | low);
  }
  return bytes;
}
