// Hexadecimal text, with the `0x` prefix that every Substrate client uses, to bytes and back.

/** `bytes` as lower-case hex with a leading `0x`. */
export function toHex(bytes: Uint8Array): string {
  return '0x' + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Whether `text` is `0x` followed by an even number of hex digits. */
export function isHex(text: string): boolean {
  return /^0x(?:[0-9a-f]{2})*$/i.test(text);
}

/** Decodes `0x` followed by pairs of hex digits. Throws RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!text.startsWith('0x')) throw new RangeError(`hex text must start with 0x, but this is ${excerpt(text)}`);
  if (text.length % 2 !== 0)
    throw new RangeError(`hex text must have an even number of digits, but ${excerpt(text)} has an odd number`);
  const bytes = new Uint8Array(text.length / 2 - 1);
  // Buffer stops silently at the first character that is not a hex digit, so the bytes written show whether all were.
  const written = Buffer.from(bytes.buffer).write(text.slice(2), 'hex');
  if (written !== bytes.length) {
    const wrong = /[^0-9a-f]/i.exec(text.slice(2));
    throw new RangeError(
      `hex text holds the character ${JSON.stringify(wrong?.[0])}, which is not a hex digit: ${excerpt(text)}`,
    );
  }
  return bytes;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? text.slice(0, 40) + '…' : text);
}
