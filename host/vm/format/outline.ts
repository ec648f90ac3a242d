// What a module says of itself, whether it is valid or not: names, types, and where things are in its bytes. `corejam
// inspect` shows it; running a module does not use it.
//
// It reads as far as it can: a section that can't be read ends it, and what was read before is kept. No limit is
// checked, and every iteration of a loop consumes at least one byte.
import { Cursor } from './cursor.js';
import { InvalidModule } from './invalid-module.js';
import { Op } from './opcodes.js';
import { functionNames } from './names.js';

const KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;

/** An import or an export. `type` is `(i32, i32) -> (i64)` of a function, `i32` or `mut i32` of a global. */
export interface OutlineItem {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly type?: string;
}

/** The interface of a module. */
export interface Outline {
  /** `module`: the module that it is imported from. */
  readonly imports: readonly (OutlineItem & { readonly module: string })[];
  readonly exports: readonly OutlineItem[];
  /** Limits, in pages, of the memory that it imports, if it imports one. */
  readonly importedMemory?: { readonly min: number; readonly max?: number };
  readonly hasMemory: boolean;
  /** Whether a memory is shared between threads, or has addresses of 64 bits. */
  readonly hasOddMemory: boolean;
  readonly hasStart: boolean;
}

/** The place of a byte in a module. */
export interface Place {
  /** `type`, `code`, or the name of a custom section; `undefined` before the first section. */
  readonly section?: string;
  /**
   * The function whose body it is in. `name`: from the `name` section or its first export; `at`: offset in the body.
   */
  readonly function?: { readonly index: number; readonly name?: string; readonly at: number };
}

/** Outlines any bytes. Never throws. */
export function outline(code: Uint8Array): Outline {
  const { imports, exports, importedMemory, memories, oddMemory, starts } = new Reader(code).read();
  return {
    imports,
    exports,
    ...(importedMemory && { importedMemory }),
    hasMemory: memories > 0,
    hasOddMemory: oddMemory,
    hasStart: starts,
  };
}

/** Finds the place of byte `offset` of a module. */
export function locate(code: Uint8Array, offset: number): Place {
  const reader = new Reader(code).read();
  const section = reader.sections.find(({ at, end }) => offset >= at && offset < end)?.name;
  const defined = reader.bodies.findIndex(({ at, end }) => offset >= at && offset < end);
  if (section === undefined || defined < 0) return section === undefined ? {} : { section };
  const index = reader.importedFunctions + defined;
  const name = functionNames(code, reader.customs).get(index) ?? reader.exportedFunctions.get(index);
  const at = Math.max(0, offset - reader.bodies[defined]!.start);
  return { section, function: { index, ...(name === undefined ? {} : { name }), at } };
}

const SECTIONS = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
];
const HEADER_BYTES = 8;
const VALUE_TYPES: Record<number, string> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
  0x70: 'funcref',
  0x6f: 'externref',
};

/** Arithmetic that the extended-const proposal allows in constant expressions. */
const EXTENDED: readonly number[] = [Op.i32Add, Op.i32Sub, 0x6c, Op.i64Add, Op.i64Sub, Op.i64Mul];

class Reader {
  readonly imports: (OutlineItem & { module: string })[] = [];
  readonly exports: OutlineItem[] = [];
  readonly exportedFunctions = new Map<number, string>();
  /** [at, end): `at` is the byte of the section's number. */
  readonly sections: { name: string; at: number; end: number }[] = [];
  readonly customs: { start: number; end: number }[] = [];
  /** [at, end): `at` is the first byte of the body's size, `start` the first after it. */
  readonly bodies: { at: number; start: number; end: number }[] = [];
  importedFunctions = 0;
  importedMemory: Outline['importedMemory'];
  memories = 0;
  oddMemory = false;
  starts = false;
  readonly #types: string[] = [];
  /** Types of functions and globals by index. */
  readonly #functions: string[] = [];
  readonly #globals: string[] = [];
  readonly #cursor: Cursor;

  constructor(code: Uint8Array) {
    this.#cursor = new Cursor(code, Math.min(HEADER_BYTES, code.length));
  }

  read(): this {
    const cursor = this.#cursor;
    const length = cursor.bytes.length;
    try {
      while (cursor.pos < length) {
        const at = cursor.pos;
        const id = cursor.u8();
        const size = cursor.u32();
        const start = cursor.pos;
        const end = Math.min(start + size, length); // the last section may be cut off
        cursor.end = end;
        this.sections.push({ name: SECTIONS[id] ?? `number ${id}`, at, end });
        this.#section(id, start, end);
        cursor.pos = end;
        cursor.end = length;
      }
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
    }
    return this;
  }

  #section(id: number, start: number, end: number): void {
    const cursor = this.#cursor;
    const each = (read: () => void): void => {
      for (let left = cursor.u32(); left > 0; left -= 1) read();
    };
    switch (id) {
      case 0:
        this.customs.push({ start, end });
        this.sections[this.sections.length - 1]!.name = `custom section ${JSON.stringify(cursor.name(end))}`;
        return;
      case 1:
        return each(() => this.#types.push(this.#functionType()));
      case 2:
        return each(() => this.#import());
      case 3:
        return each(() => this.#functions.push(this.#types[cursor.u32()] ?? 'unknown type'));
      case 5:
        return each(() => {
          this.memories += 1;
          this.#memory();
        });
      case 6:
        return each(() => {
          this.#globals.push(this.#globalType());
          this.#constant();
        });
      case 7:
        return each(() => this.#export());
      case 8:
        this.starts = true;
        return;
      case 10:
        return each(() => {
          const at = cursor.pos;
          const size = cursor.u32();
          this.bodies.push({ at, start: cursor.pos, end: Math.min(cursor.pos + size, end) });
          cursor.skip(size);
        });
    }
  }

  #valueType(): string {
    const byte = this.#cursor.u8();
    return VALUE_TYPES[byte] ?? `type 0x${byte.toString(16)}`;
  }

  #functionType(): string {
    const cursor = this.#cursor;
    const form = cursor.u8();
    if (form !== 0x60) cursor.fail('not a function type', cursor.pos - 1);
    const list = (): string => {
      const types: string[] = [];
      for (let left = cursor.u32(); left > 0; left -= 1) types.push(this.#valueType());
      return `(${types.join(', ')})`;
    };
    const params = list();
    return `${params} -> ${list()}`;
  }

  #globalType(): string {
    const type = this.#valueType();
    return this.#cursor.u8() === 1 ? `mut ${type}` : type;
  }

  /** The limits of a memory. Flags: 1 it has a maximum, 2 it is shared, 4 it has addresses of 64 bits. */
  #memory(): { min: number; max?: number } {
    const { flags, ...limits } = this.#limits();
    this.oddMemory ||= flags > 1;
    return limits;
  }

  #limits(): { flags: number; min: number; max?: number } {
    const flags = this.#cursor.u8();
    const hasMax = (flags & 1) === 1;
    const min = this.#cursor.u32();
    return hasMax ? { flags, min, max: this.#cursor.u32() } : { flags, min };
  }

  #import(): void {
    const cursor = this.#cursor;
    const module = cursor.name(cursor.end);
    const name = cursor.name(cursor.end);
    const kind = this.#kind();
    let type: string | undefined;
    if (kind === 'function') {
      type = this.#types[cursor.u32()] ?? 'unknown type';
      this.importedFunctions = this.#functions.push(type);
    } else if (kind === 'global') {
      type = this.#globalType();
      this.#globals.push(type);
    } else if (kind === 'tag') {
      cursor.skip(1);
      cursor.u32();
    } else if (kind === 'table') {
      cursor.skip(1);
      this.#limits();
    } else {
      this.memories += 1;
      const limits = this.#memory();
      this.importedMemory ??= limits;
    }
    this.imports.push({ module, name, kind, ...(type === undefined ? {} : { type }) });
  }

  #export(): void {
    const cursor = this.#cursor;
    const name = cursor.name(cursor.end);
    const kind = this.#kind();
    const index = cursor.u32();
    const type = kind === 'function' ? this.#functions[index] : kind === 'global' ? this.#globals[index] : undefined;
    if (kind === 'function' && !this.exportedFunctions.has(index)) this.exportedFunctions.set(index, name);
    this.exports.push({ name, kind, ...(type === undefined ? {} : { type }) });
  }

  #kind(): (typeof KINDS)[number] {
    const kind = KINDS[this.#cursor.u8()];
    return kind ?? this.#cursor.fail('no such kind', this.#cursor.pos - 1);
  }

  /** Skips a constant expression. */
  #constant(): void {
    const cursor = this.#cursor;
    for (;;) {
      const op = cursor.u8();
      if (op === Op.end) return;
      else if (op === Op.i32Const || op === Op.i64Const) cursor.natural(10);
      else if (op === Op.f32Const) cursor.skip(4);
      else if (op === Op.f64Const) cursor.skip(8);
      else if (op === Op.globalGet || op === Op.refFunc) cursor.u32();
      else if (op === Op.refNull) cursor.skip(1);
      else if (!EXTENDED.includes(op)) cursor.fail('not a constant', cursor.pos - 1);
    }
  }
}
