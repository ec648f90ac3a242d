// Names that a module gives its functions: the `name` section, which is custom, so that nobody has checked it.
import { Cursor } from './cursor.js';
import { InvalidModule } from './invalid-module.js';

/** Names of functions by index, from the `name` section among these custom sections: it is the author's word. */
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
        cursor.end = Math.min(next, end); // names that ran on would be read again and again
        if (id === 1) for (let left = cursor.u32(); left > 0; left -= 1) named.set(cursor.u32(), cursor.name(end));
        cursor.pos = next;
        cursor.end = end;
      }
    } catch (error) {
      // It may say anything, and V8 ignores a bad one too: what could be read stays.
      if (!(error instanceof InvalidModule)) throw error;
    }
  }
  return named;
}
