// Text laid out for a width: tables, lists that wrap, and names that may hold anything.

/** What a terminal, or a reader of text, may take for something else: controls, and what turns the direction of writing. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const NAME_MAX = 80;

/** A name from a file that nobody trusts, safe to print: nothing in it moves a cursor, and it ends somewhere. */
export function printable(name: string, max = NAME_MAX): string {
  const clipped = name.length > max ? `${name.slice(0, max)}…` : name;
  return clipped.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

/** JSON with the same characters escaped, which it leaves as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(UNPRINTABLE, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `1,048,576`. */
export const grouped = (value: number | bigint): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ',');

/** Words in lines of at most `width`, the second and later indented; a word that is longer has a line of its own. */
export function wrap(words: readonly string[], width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const room = width - indent.length;
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

/** Rows as aligned columns, two spaces between and before; those in `right` are flush right, the last is not filled up. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, at) =>
        right.includes(at) ? cell.padStart(widths[at]!) : at === row.length - 1 ? cell : cell.padEnd(widths[at]!),
      )
      .map((cell) => `  ${cell}`)
      .join('')
      .trimEnd(),
  );
}
