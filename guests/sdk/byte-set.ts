// A set of byte strings.
import { Bytes } from '../../assembly/scale';

/** A set of byte strings, compared by content. */
export class ByteSet {
  private readonly texts: Set<string> = new Set<string>();

  has(bytes: Bytes): bool {
    return this.texts.has(textFor(bytes));
  }

  add(bytes: Bytes): void {
    this.texts.add(textFor(bytes));
  }
}

/** A string with one character per byte, as strings are compared by content. */
function textFor(bytes: Bytes): string {
  const text = changetype<string>(__new((<usize>bytes.length) << 1, idof<string>()));
  for (let i = 0; i < bytes.length; i++) store<u16>(changetype<usize>(text) + ((<usize>i) << 1), <u16>bytes[i]);
  return text;
}
