// A reader of the scripts of the specification's test suite: nested lists of atoms and strings, each list with its
// range in the text, so that a module can be passed to wabt unchanged.

type Node = Atom | List;
export interface Atom {
  readonly kind: 'atom' | 'string';
  readonly text: string;
  readonly bytes: Uint8Array;
}
export interface List {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly start: number;
  readonly end: number;
}

/** All top-level lists of a script. */
export function readScript(source: string): List[] {
  let at = 0;
  const space = (): void => {
    for (;;) {
      while (/\s/.test(source[at] ?? '')) at += 1;
      if (source.startsWith(';;', at)) {
        const line = source.indexOf('\n', at);
        at = line < 0 ? source.length : line;
      } else if (source.startsWith('(;', at)) {
        let depth = 0;
        do {
          if (source.startsWith('(;', at)) [depth, at] = [depth + 1, at + 2];
          else if (source.startsWith(';)', at)) [depth, at] = [depth - 1, at + 2];
          else at += 1;
        } while (depth > 0);
      } else {
        return;
      }
    }
  };
  const string = (): Atom => {
    const bytes: number[] = [];
    for (at += 1; source[at] !== '"'; at += 1) {
      if (source[at] !== '\\') {
        const point = source.codePointAt(at)!;
        bytes.push(...new TextEncoder().encode(String.fromCodePoint(point)));
        if (point > 0xffff) at += 1;
        continue;
      }
      at += 1;
      const escape = source[at]!;
      const simple = { n: 10, t: 9, r: 13, '"': 34, "'": 39, '\\': 92 }[escape];
      if (simple !== undefined) {
        bytes.push(simple);
      } else if (escape === 'u') {
        const close = source.indexOf('}', at);
        bytes.push(...new TextEncoder().encode(String.fromCodePoint(parseInt(source.slice(at + 2, close), 16))));
        at = close;
      } else {
        bytes.push(parseInt(source.slice(at, at + 2), 16));
        at += 1;
      }
    }
    at += 1;
    const raw = Uint8Array.from(bytes);
    return { kind: 'string', text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw), bytes: raw };
  };
  const node = (): Node => {
    if (source[at] === '(') return list();
    if (source[at] === '"') return string();
    const start = at;
    while (at < source.length && !/[\s()";]/.test(source[at]!)) at += 1;
    return { kind: 'atom', text: source.slice(start, at), bytes: new Uint8Array(0) };
  };
  const list = (): List => {
    const start = at;
    const items: Node[] = [];
    at += 1;
    for (space(); source[at] !== ')'; space()) items.push(node());
    at += 1;
    return { kind: 'list', items, start, end: at };
  };
  const lists: List[] = [];
  for (space(); at < source.length; space()) lists.push(list());
  return lists;
}

/** The word that a list starts with. */
export function head(list: List): string {
  const [first] = list.items;
  return first?.kind === 'atom' ? first.text : '';
}

/**
 * The value of `(i32.const 1)` and its like as JavaScript passes it; `undefined` where it is a pattern
 * (`nan:canonical`).
 */
export function constant(list: List): unknown {
  const type = head(list);
  const text = (list.items[1] as Atom | undefined)?.text.replaceAll('_', '') ?? '';
  if (type === 'i32.const') return Number(BigInt.asIntN(32, integer(text)));
  if (type === 'i64.const') return BigInt.asIntN(64, integer(text));
  if (type === 'f32.const' || type === 'f64.const') return float(text);
  if (type === 'ref.null') return null;
  return type === 'ref.extern' ? Number(text) : undefined;
}

function integer(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace('+', ''));
}

/** Hexadecimal floats are rounded here as JavaScript does; both sides of a comparison get the same. */
function float(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const bare = text.replace(/^[+-]/, '');
  if (bare === 'inf') return sign * Infinity;
  if (/^nan:(canonical|arithmetic)/.test(bare)) return undefined;
  if (bare.startsWith('nan')) return NaN;
  if (!bare.startsWith('0x')) return sign * Number(bare);
  const [, whole, fraction = '', exponent = '0'] = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i.exec(bare)!;
  return sign * Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
}
