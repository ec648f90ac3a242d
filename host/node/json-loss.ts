// What JSON.parse loses of a text without a word: the first of two members with one key, and the last digits of large
// integers. A chain spec in which something is lost makes another chain than its author meant.

/** An open object or array. */
type Level = { kind: 'object'; keys: Set<string>; key: string; expectsKey: boolean } | { kind: 'array'; index: number };

const NUMBER = /-?\d[\d.eE+-]*/y;

/** What JSON.parse loses of `text`, which is JSON, as the end of a sentence that names it; undefined if it loses nothing. */
export function jsonLoss(text: string): string | undefined {
  const levels: Level[] = [];
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1);
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        if (level?.kind === 'object' && level.expectsKey) {
          const key = JSON.parse(text.slice(at, end)) as string;
          if (level.keys.has(key))
            return `has the key ${JSON.stringify(key)} twice${placeOf(levels.slice(0, -1), text, at)}`;
          level.keys.add(key);
          level.key = key;
          level.expectsKey = false;
        }
        at = end - 1;
        break;
      }
      case '{':
        levels.push({ kind: 'object', keys: new Set(), key: '', expectsKey: true });
        break;
      case '[':
        levels.push({ kind: 'array', index: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level?.kind === 'object') level.expectsKey = true;
        else if (level !== undefined) level.index++;
        break;
      default: {
        NUMBER.lastIndex = at;
        const number = NUMBER.exec(text)?.[0];
        if (number === undefined) break;
        if (!isKept(number)) {
          return `has the number ${number}${placeOf(levels, text, at)}, which is too large to be exact: write it in quotes`;
        }
        at += number.length - 1;
      }
    }
  }
  return undefined;
}

/** Whether JSON.stringify writes the number again as it is; a fraction is never read as an exact number. */
function isKept(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && (Math.abs(value) <= Number.MAX_SAFE_INTEGER || String(value) === number);
}

/** The index after a string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return quote + 1;
  }
}

/** ` in \`genesis.raw[0]\` (line 3)`. */
function placeOf(levels: readonly Level[], text: string, at: number): string {
  const path = levels
    .map((level) => (level.kind === 'array' ? `[${level.index}]` : `.${level.key}`))
    .join('')
    .replace(/^\./, '');
  const line = text.slice(0, at).split('\n').length;
  return `${path === '' ? '' : ` in \`${path}\``} (line ${line})`;
}
