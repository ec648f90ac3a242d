// Text of others in a form that is safe to print: on a terminal, control characters move the cursor, change colours or
// forge lines, and others change the direction of the text around them.

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const NAME_MAX = 80;

/** A name from an untrusted file, safe to print: without control characters, and at most `max` characters long. */
export function printable(name: string, max = NAME_MAX): string {
  const clipped = name.length > max ? `${name.slice(0, max)}…` : name;
  return clipped.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}

/** Text of several lines, safe to print: each line but the first is indented, so that none looks like one of ours. */
export function printableLines(lines: string): string {
  return lines
    .split('\n')
    .map((line) => printable(line, Infinity))
    .join('\n      ');
}

/** JSON with those characters escaped, which JSON.stringify leaves as they are. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(UNPRINTABLE, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
