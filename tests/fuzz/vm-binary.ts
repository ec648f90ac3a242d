// Splits modules into sections, bodies and instructions, and joins them again: for translating and reducing modules.
// Knows floats, which the VM refuses. Its input must be valid.
import { HEADER, leb, section } from '../../bench/vm-raw.js';

/** A function body: its declarations of locals, and its instructions with the final `end`. */
export interface Body {
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly instructions: readonly (readonly number[])[];
}

export interface Parts {
  readonly sections: readonly { readonly id: number; readonly content: Uint8Array }[];
  /** What the code section holds. */
  readonly bodies: readonly Body[];
}

/** Reads numbers off bytes. */
export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** Unsigned LEB128. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = this.byte();
      value += (next % 128) * scale;
      if (next < 128) return value;
    }
  }

  /** Passes over a LEB128 of either kind. */
  pass(count = 1): void {
    for (let left = count; left > 0; left -= 1) while (this.byte() >= 128);
  }

  many<T>(read: () => T): T[] {
    return Array.from({ length: this.number() }, read);
  }
}

/** Passes over one instruction. */
function passInstruction(reader: Reader): void {
  const op = reader.byte();
  if (op === 0x0e) return reader.pass(reader.number() + 1);
  if (op === 0x11 || (op >= 0x28 && op <= 0x3e)) return reader.pass(2);
  if (op === 0x43) reader.at += 4;
  if (op === 0x44) reader.at += 8;
  if (op === 0xfc) return reader.pass([0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1][reader.number()]!);
  const ofRange = (op >= 0x02 && op <= 0x04) || (op >= 0x20 && op <= 0x24);
  if (ofRange || [0x0c, 0x0d, 0x10, 0x3f, 0x40, 0x41, 0x42].includes(op)) reader.pass();
}

/** Takes a module apart. */
export function split(code: Uint8Array): Parts {
  const reader = new Reader(code, 8);
  const sections: Parts['sections'][number][] = [];
  let bodies: Body[] = [];
  while (reader.at < code.length) {
    const id = reader.byte();
    const size = reader.number();
    sections.push({ id, content: code.subarray(reader.at, reader.at + size) });
    reader.at += size;
  }
  const written = sections.find(({ id }) => id === 10);
  if (written !== undefined) {
    const inner = new Reader(written.content);
    bodies = inner.many(() => {
      const end = inner.number() + inner.at;
      const locals = inner.many(() => [inner.number(), inner.byte()] as const);
      const instructions: number[][] = [];
      while (inner.at < end) {
        const start = inner.at;
        passInstruction(inner);
        instructions.push([...written.content.subarray(start, inner.at)]);
      }
      return { locals, instructions };
    });
  }
  return { sections, bodies };
}

/** The module with a memory of at most `pages`, where it has one: growing ends there. */
export function withMemoryPagesMax(code: Uint8Array, pages: number): Uint8Array {
  const { sections, bodies } = split(code);
  const limited = sections.map(({ id, content }) => {
    if (id !== 5 || content[0] === 0) return { id, content };
    const least = new Reader(content, 2).number();
    return { id, content: Uint8Array.from([1, 1, ...leb(least), ...leb(pages)]) };
  });
  return join({ sections: limited, bodies });
}

/** Puts a module together. */
export function join({ sections, bodies }: Parts): Uint8Array {
  const code = bodies.flatMap(({ locals, instructions }) => {
    const body = [
      ...leb(locals.length),
      ...locals.flatMap(([count, type]) => [...leb(count), type]),
      ...instructions.flat(),
    ];
    return [...leb(body.length), ...body];
  });
  return Uint8Array.from([
    ...HEADER,
    ...sections.flatMap(({ id, content }) => section(id, id === 10 ? [...leb(bodies.length), ...code] : [...content])),
  ]);
}
