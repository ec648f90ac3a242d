// The names that a module gives its functions: the custom `name` section, which nothing has validated.
import { Cursor } from './cursor.js';
import { InvalidModule } from './invalid-module.js';

/**
 * Names of functions by index, from the `name` sections among these custom sections. The author may have written
 * anything.
 */
export function functionNames(
  bytes: Uint8Array,
  customs: readonly { start: number; end: number }[],
): Map<number, string> {
  const named = new Map<number, string>();
  for (const { start, end } of customs) {
    const cursor = new Cursor(bytes, start);
    cursor.end = end;
    try {
      if (cursor.name(end) !== 'name') continue;
      while (cursor.pos < end) {
        const id = cursor.u8();
        const size = cursor.u32();
        const next = cursor.pos + size;
        cursor.end = Math.min(next, end); // else names beyond a subsection would be read once for each
        if (id === 1) for (let left = cursor.u32(); left > 0; left -= 1) named.set(cursor.u32(), cursor.name(end));
        cursor.pos = next;
        cursor.end = end;
      }
    } catch (error) {
      // V8 ignores a malformed name section too. What could be read is kept.
      if (!(error instanceof InvalidModule)) throw error;
    }
  }
  return named;
}
