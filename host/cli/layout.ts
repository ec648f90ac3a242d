// Text layout for a width: tables, wrapped lists, and names with arbitrary content.

/** Characters that control a terminal or change the direction of text. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const NAME_MAX = 80;

/** A name from an untrusted file, safe to print: without control characters, and at most `max` characters long. */
export function printable(name: string, max = NAME_MAX): string {
  const clipped = name.length > max ? `${name.slice(0, max)}…` : name;
  return clipped.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

/** JSON with those characters escaped, which JSON.stringify leaves as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(UNPRINTABLE, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `1,048,576`. */
export const grouped = (value: number | bigint): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ',');

/** Words in lines of at most `width`, the second and later ones indented; a longer word has a line of its own. */
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

/** Rows as aligned columns, each after two spaces; those in `right` are aligned right, and the last is not padded. */
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
