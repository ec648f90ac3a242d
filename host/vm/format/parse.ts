// The allow-list parser: reads each section into the few facts that the passes need, and checks every limit on the way.
//
// It is no validator: V8 validates the original bytes (see `prepare.ts`). It refuses what is well formed and not
// allowed, and bounds everything on which a later pass or V8 would spend time or memory. It must survive any bytes.
// Function bodies are left to `scan.ts`.
import { Cursor } from './cursor.js';
import type { Limits } from './limits.js';
import { EXTERNREF, F32, F64, FUNCREF, I32, I64, Op } from './opcodes.js';

/** Parameter and result types, as bytes of the binary format. */
export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/**
 * What is allowed. `guest` is what the chain runs; `everything` adds floats, references and imports of memories, tables
 * and globals, and exists for the specification's test suite.
 */
export type Dialect = 'guest' | 'everything';

/** The content of a section: bytes [start, end) of the module. */
interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export const ExternKind = { function: 0, table: 1, memory: 2, global: 3 } as const;

interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: number;
  /** Type index of a function; 0 otherwise. */
  readonly type: number;
  readonly offset: number;
}

interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

/** A parsed module. Indices of functions, globals and types are those of the original. */
export interface ParsedModule {
  readonly bytes: Uint8Array;
  readonly dialect: Dialect;
  /** All but custom sections, by id. */
  readonly sections: ReadonlyMap<number, Section>;
  /** The custom sections called `name`; their contents include the name. */
  readonly customs: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly imports: readonly Import[];
  readonly importedFunctions: number;
  /** Type index of every function, imported functions first. */
  readonly functionTypes: readonly number[];
  readonly globals: number;
  /** Types of the globals. */
  readonly globalTypes: readonly number[];
  /** Indices of the mutable ones. */
  readonly mutableGlobals: readonly number[];
  readonly tables: number;
  /** Initial entries of all tables. */
  readonly tableEntries: number;
  /** The memory, its initial and its declared maximum pages; `undefined` without one. */
  readonly memory: { readonly imported: boolean; readonly min: number; readonly max: number | undefined } | undefined;
  readonly exports: readonly Export[];
  /** Entries of all element segments. */
  readonly elements: number;
  /** Functions that a table may hold: the only ones that an indirect call can reach. */
  readonly addressTaken: ReadonlySet<number>;
  readonly start: number | undefined;
  /** Length of each data segment. */
  readonly dataLengths: readonly number[];
  /** Body of each defined function: bytes [start, end) of the module, without its size. */
  readonly bodies: readonly { readonly start: number; readonly end: number }[];
}

/** Prefix of the exports that metering adds. A module that uses it is refused. */
export const RESERVED = '$vm.';

/** Order of the sections by id: the data count is between elements and code. */
const RANK: Record<number, number> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 12: 10, 10: 11, 11: 12 };
/** The magic number and version of a module. */
export const HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

type Draft = {
  -readonly [K in keyof ParsedModule]: ParsedModule[K] extends readonly (infer T)[] ? T[] : ParsedModule[K];
};

/** Parses a module. Throws `InvalidModule`. */
export function parse(bytes: Uint8Array, limits: Limits, dialect: Dialect = 'guest'): ParsedModule {
  const cursor = new Cursor(bytes);
  if (bytes.length > limits.moduleBytes)
    cursor.fail(`${bytes.length} bytes of module, at most ${limits.moduleBytes} allowed`, 0);
  HEADER.forEach((byte, index) => {
    if (bytes[index] !== byte) cursor.fail('not a WebAssembly module of version 1', Math.min(index, bytes.length));
  });
  cursor.pos = HEADER.length;
  const module: Draft = {
    bytes,
    dialect,
    sections: new Map(),
    customs: [],
    types: [],
    imports: [],
    importedFunctions: 0,
    functionTypes: [],
    globals: 0,
    globalTypes: [],
    mutableGlobals: [],
    tables: 0,
    tableEntries: 0,
    memory: undefined,
    exports: [],
    elements: 0,
    addressTaken: new Set(),
    start: undefined,
    dataLengths: [],
    bodies: [],
  };
  module.sections = indexSections(cursor, module.customs);
  const readers: [number, (reader: SectionReader) => void][] = [
    [1, (r) => r.types()],
    [2, (r) => r.imports()],
    [3, (r) => r.functions()],
    [4, (r) => r.tables()],
    [5, (r) => r.memories()],
    [6, (r) => r.globals()],
    [7, (r) => r.exports()],
    [8, (r) => r.start()],
    [9, (r) => r.elements()],
    [12, (r) => r.dataCount()],
    [10, (r) => r.code()],
    [11, (r) => r.data()],
  ];
  const reader = new SectionReader(cursor, module, limits);
  for (const [id, read] of readers) {
    const section = module.sections.get(id);
    if (section === undefined) continue;
    cursor.pos = section.start;
    cursor.end = section.end;
    read(reader);
    if (cursor.pos !== section.end) cursor.fail(`section ${id} has bytes left over`);
  }
  if (module.bodies.length !== module.functionTypes.length - module.importedFunctions) {
    cursor.fail('functions without bodies', bytes.length);
  }
  return module;
}

/** The start of a custom section called `name`. */
const NAME = [4, 0x6e, 0x61, 0x6d, 0x65];

function indexSections(cursor: Cursor, customs: Section[]): Map<number, Section> {
  const sections = new Map<number, Section>();
  let rank = 0;
  while (cursor.pos < cursor.end) {
    const at = cursor.pos;
    const id = cursor.u8();
    const size = cursor.u32();
    const start = cursor.pos;
    cursor.skip(size);
    if (id === 0) {
      if (size === 0) cursor.fail('a custom section without a name', at);
      // A module may have hundreds of thousands: the others are not kept.
      if (NAME.every((byte, index) => cursor.bytes[start + index] === byte))
        customs.push({ id, start, end: cursor.pos });
      continue;
    }
    const own = RANK[id];
    if (own === undefined) cursor.fail(`section ${id} is not allowed`, at);
    if (own <= rank) cursor.fail(`section ${id} out of order`, at);
    rank = own;
    sections.set(id, { id, start, end: cursor.pos });
  }
  return sections;
}

/** A method for each section. */
class SectionReader {
  readonly #lax: boolean;

  readonly #cursor: Cursor;
  readonly #module: Draft;
  readonly #limits: Limits;

  constructor(cursor: Cursor, module: Draft, limits: Limits) {
    this.#cursor = cursor;
    this.#module = module;
    this.#limits = limits;
    this.#lax = module.dialect === 'everything';
  }

  #valueType(): number {
    const type = this.#cursor.u8();
    if (type === I32 || type === I64) return type;
    if (this.#lax && (type === F32 || type === F64 || type === FUNCREF || type === EXTERNREF)) return type;
    return this.#cursor.fail(refusedType(type), this.#cursor.pos - 1);
  }

  types(): void {
    const cursor = this.#cursor;
    const limits = this.#limits;
    for (let left = cursor.count(limits.types, 'types'); left > 0; left -= 1) {
      if (cursor.u8() !== 0x60) cursor.fail('only function types are allowed', cursor.pos - 1);
      const params = this.#valueTypes(cursor.count(limits.params, 'parameters'));
      const results = this.#valueTypes(cursor.count(limits.results, 'results'));
      this.#module.types.push({ params, results });
    }
  }

  #valueTypes(count: number): number[] {
    const types: number[] = [];
    for (let left = count; left > 0; left -= 1) types.push(this.#valueType());
    return types;
  }

  #typeIndex(): number {
    const at = this.#cursor.pos;
    const index = this.#cursor.u32();
    if (index >= this.#module.types.length) this.#cursor.fail(`no type ${index}`, at);
    return index;
  }

  imports(): void {
    const cursor = this.#cursor;
    const limits = this.#limits;
    const module = this.#module;
    for (let left = cursor.count(limits.imports, 'imports'); left > 0; left -= 1) {
      const offset = cursor.pos;
      const from = cursor.name(limits.nameBytes);
      const name = cursor.name(limits.nameBytes);
      const kind = cursor.u8();
      let type = 0;
      if (kind === ExternKind.function) {
        type = this.#typeIndex();
        module.functionTypes.push(type);
        module.importedFunctions += 1;
      } else if (!this.#lax) {
        cursor.fail(`import ${from}.${name} is not a function`, offset);
      } else if (kind === ExternKind.table) {
        this.#valueType();
        this.#range(0xffffffff, 'entries of a table');
        module.tables += 1;
      } else if (kind === ExternKind.memory) {
        this.#memory(true);
      } else if (kind === ExternKind.global) {
        this.#globalType();
      } else {
        cursor.fail('unknown kind of import', offset);
      }
      module.imports.push({ module: from, name, kind, type, offset });
    }
  }

  functions(): void {
    const defined = this.#cursor.count(this.#limits.functions - this.#module.importedFunctions, 'functions');
    for (let left = defined; left > 0; left -= 1) this.#module.functionTypes.push(this.#typeIndex());
  }

  /** Limits of a memory or table: the minimum, and the maximum if there is one. */
  #range(limit: number, what: string): [number, number | undefined] {
    const flag = this.#cursor.u8();
    if (flag > 1) this.#cursor.fail('shared or 64-bit memories and tables are not allowed', this.#cursor.pos - 1);
    const min = this.#cursor.count(limit, what);
    return [min, flag === 1 ? this.#cursor.u32() : undefined];
  }

  tables(): void {
    const cursor = this.#cursor;
    const count = cursor.u32();
    if (!this.#lax && count > 1) cursor.fail('more than one table');
    for (let left = count; left > 0; left -= 1) {
      const at = cursor.pos;
      const type = this.#lax ? this.#valueType() : cursor.u8();
      if (!this.#lax && type !== FUNCREF) cursor.fail('a table holds functions only', at);
      const [min] = this.#range(this.#limits.tableEntries, 'entries of a table');
      this.#module.tables += 1;
      this.#module.tableEntries += min;
    }
  }

  memories(): void {
    for (let left = this.#cursor.u32(); left > 0; left -= 1) this.#memory(false);
  }

  #memory(imported: boolean): void {
    if (this.#module.memory !== undefined) this.#cursor.fail('more than one memory');
    const [min, max] = this.#range(this.#limits.memoryPages, 'pages of memory');
    this.#module.memory = { imported, min, max };
  }

  #globalType(): void {
    this.#module.globalTypes.push(this.#valueType());
    const mutability = this.#cursor.u8();
    if (mutability > 1) this.#cursor.fail('unknown mutability', this.#cursor.pos - 1);
    if (mutability === 1) this.#module.mutableGlobals.push(this.#module.globals);
    this.#module.globals += 1;
  }

  globals(): void {
    for (let left = this.#cursor.count(this.#limits.globals, 'globals'); left > 0; left -= 1) {
      this.#globalType();
      this.#constant('a global');
    }
  }

  /** A constant expression, of a guest one constant. Returns the value of an `i32.const`. */
  #constant(where: string): number | undefined {
    const cursor = this.#cursor;
    let value: number | undefined;
    for (let count = 0; ; count += 1) {
      const at = cursor.pos;
      const op = cursor.u8();
      if (op === Op.end) return value;
      const allowed = this.#lax || (count === 0 && (op === Op.i32Const || op === Op.i64Const));
      if (!allowed) cursor.fail(`the initial value of ${where} must be one integer constant`, at);
      if (op === Op.i32Const) value = cursor.i32();
      else if (op === Op.i64Const) cursor.natural(10);
      else if (op === Op.f32Const) cursor.skip(4);
      else if (op === Op.f64Const) cursor.skip(8);
      else if (op === Op.globalGet) cursor.u32();
      else if (op === Op.refNull) cursor.u8();
      else if (op === Op.refFunc) this.#module.addressTaken = new Set(this.#module.addressTaken).add(cursor.u32());
      else cursor.fail(`opcode 0x${op.toString(16)} in a constant`, at);
    }
  }

  exports(): void {
    const cursor = this.#cursor;
    const module = this.#module;
    const bounds = [module.functionTypes.length, module.tables, module.memory === undefined ? 0 : 1, module.globals];
    for (let left = cursor.count(this.#limits.exports, 'exports'); left > 0; left -= 1) {
      const at = cursor.pos;
      const name = cursor.name(this.#limits.nameBytes);
      if (name.startsWith(RESERVED)) cursor.fail(`names that start with ${RESERVED} are reserved`, at);
      const kind = cursor.u8();
      const index = cursor.u32();
      if (kind > 3 || index >= bounds[kind]!) cursor.fail(`export ${name} names nothing`, at);
      module.exports.push({ name, kind, index });
    }
  }

  start(): void {
    const at = this.#cursor.pos;
    this.#module.start = this.#cursor.u32();
    if (this.#module.start >= this.#module.functionTypes.length) this.#cursor.fail('no such start function', at);
  }

  /**
   * Flags of a segment: bit 0 passive or declared, bit 1 with a table index (or declared), bit 2 with expressions. A
   * guest may use plain lists of functions only, so that the functions that an indirect call can reach are known.
   */
  elements(): void {
    const cursor = this.#cursor;
    const module = this.#module;
    const taken = new Set(module.addressTaken);
    for (let left = cursor.count(this.#limits.elementSegments, 'element segments'); left > 0; left -= 1) {
      const at = cursor.pos;
      const flag = cursor.count(7, 'as kind of an element segment');
      if (!this.#lax && flag !== 0 && flag !== 2)
        cursor.fail('only active element segments of functions are allowed', at);
      const active = (flag & 1) === 0;
      if (active && (flag & 2) !== 0 && cursor.u32() !== 0 && !this.#lax) cursor.fail('more than one table', at);
      const start = active ? this.#constant('an element segment') : undefined;
      if ((flag & 3) !== 0) cursor.u8();
      const count = cursor.u32();
      if (!this.#lax && (start === undefined || (start >>> 0) + count > module.tableEntries)) {
        cursor.fail('an element segment does not fit the table', at);
      }
      module.elements += count;
      for (let entry = 0; entry < count; entry += 1) {
        if ((flag & 4) === 0) taken.add(cursor.u32());
        else this.#constant('an element');
      }
    }
    for (const index of module.addressTaken) taken.add(index);
    module.addressTaken = taken;
  }

  dataCount(): void {
    this.#cursor.count(this.#limits.dataSegments, 'data segments');
  }

  code(): void {
    const cursor = this.#cursor;
    const limits = this.#limits;
    const module = this.#module;
    const defined = module.functionTypes.length - module.importedFunctions;
    const at = cursor.pos;
    if (cursor.end - at > limits.codeBytes) {
      cursor.fail(`${cursor.end - at} bytes of code, at most ${limits.codeBytes} allowed`, at);
    }
    const count = cursor.u32();
    if (count !== defined) cursor.fail(`${count} bodies for ${defined} functions`, at);
    for (let left = count; left > 0; left -= 1) {
      const size = cursor.count(limits.bodyBytes, 'bytes of a function body');
      const start = cursor.pos;
      cursor.skip(size);
      module.bodies.push({ start, end: cursor.pos });
    }
  }

  data(): void {
    const cursor = this.#cursor;
    for (let left = cursor.count(this.#limits.dataSegments, 'data segments'); left > 0; left -= 1) {
      const at = cursor.pos;
      const flag = cursor.count(2, 'as kind of a data segment');
      if (flag === 2) cursor.u32();
      const start = flag === 1 ? undefined : this.#constant('a data segment');
      const length = cursor.u32();
      cursor.skip(length);
      const bytes = (this.#module.memory?.min ?? 0) * 65_536;
      if (!this.#lax && flag !== 1 && (start === undefined || (start >>> 0) + length > bytes)) {
        cursor.fail('a data segment does not fit the memory', at);
      }
      this.#module.dataLengths.push(length);
    }
  }
}

/** The reason for which a value type is refused. */
export function refusedType(type: number): string {
  if (type === F32 || type === F64) return 'floats are not allowed: their NaN bits differ between compilers';
  return `value type 0x${type.toString(16)} is not allowed`;
}
