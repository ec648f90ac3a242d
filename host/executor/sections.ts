/**
 * Reads from a Wasm module what V8's own reflection leaves out: the types of imports and exports, the limits of an
 * imported memory, whether there is a start function.
 *
 * Only ever given bytes that V8 has compiled, so the layout is known to be sound and nothing here is checked twice.
 * Binary format: WebAssembly specification, chapter 5.
 */
import { text } from '../bytes/index.js';

/** A value type by its usual name; types no runtime interface uses are all `other`. */
export type ValueType = 'i32' | 'i64' | 'other';

export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface FunctionImport extends FunctionType {
  readonly module: string;
  readonly name: string;
}

interface OtherImport {
  readonly module: string;
  readonly name: string;
  readonly kind: 'table' | 'memory' | 'global' | 'tag';
  /** Of a memory: its size in pages when it is made, and the most it may grow to. */
  readonly limits?: { readonly min: number; readonly max?: number };
}

/** What a module wants from outside and offers to it. */
export interface ModuleShape {
  readonly functionImports: readonly FunctionImport[];
  readonly otherImports: readonly OtherImport[];
  /** Exported functions by name. */
  readonly functions: ReadonlyMap<string, FunctionType>;
  readonly memories: readonly string[];
  readonly globals: readonly string[];
  readonly hasStart: boolean;
}

const VALUE_TYPES: Record<number, ValueType> = { 0x7f: 'i32', 0x7e: 'i64' };
const IMPORT_KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;

/** The shape of a module that V8 has accepted. */
export function readShape(code: Uint8Array): ModuleShape {
  const cursor = new Cursor(code, 8); // after the magic number and the version
  const types: FunctionType[] = [];
  const functions: FunctionType[] = []; // the function index space: imports first
  const functionImports: FunctionImport[] = [];
  const otherImports: OtherImport[] = [];
  const exported = new Map<string, FunctionType>();
  const memories: string[] = [];
  const globals: string[] = [];
  let hasStart = false;

  while (cursor.offset < code.length) {
    const section = cursor.byte();
    const end = cursor.u32() + cursor.offset;
    switch (section) {
      case 1:
        for (let left = cursor.u32(); left > 0; left--) types.push(readFunctionType(cursor));
        break;
      case 2:
        for (let left = cursor.u32(); left > 0; left--) {
          const module = cursor.name();
          const name = cursor.name();
          const kind = IMPORT_KINDS[cursor.byte()];
          if (kind === 'function') {
            const type = types[cursor.u32()];
            functions.push(type);
            functionImports.push({ module, name, ...type });
          } else {
            otherImports.push({ module, name, kind, ...readImportedOther(cursor, kind) });
          }
        }
        break;
      case 3:
        for (let left = cursor.u32(); left > 0; left--) functions.push(types[cursor.u32()]);
        break;
      case 7:
        for (let left = cursor.u32(); left > 0; left--) {
          const name = cursor.name();
          const kind = IMPORT_KINDS[cursor.byte()];
          const index = cursor.u32();
          if (kind === 'function') exported.set(name, functions[index]);
          if (kind === 'memory') memories.push(name);
          if (kind === 'global') globals.push(name);
        }
        break;
      case 8:
        hasStart = true;
        break;
    }
    cursor.offset = end;
  }
  return { functionImports, otherImports, functions: exported, memories, globals, hasStart };
}

/** A type the way the specification's text format writes it, for messages. */
export function showType({ params, results }: FunctionType): string {
  return `(${params.join(', ')}) -> (${results.join(', ')})`;
}

/** Whether two function types are the same. */
export function sameType(a: FunctionType, b: FunctionType): boolean {
  return showType(a) === showType(b);
}

/** A function type; types that only newer proposals have are answered as one that nothing equals. */
function readFunctionType(cursor: Cursor): FunctionType {
  const form = cursor.byte();
  if (form !== 0x60) throw new RangeError(`type form ${form} is not a function`);
  return { params: readValueTypes(cursor), results: readValueTypes(cursor) };
}

function readValueTypes(cursor: Cursor): ValueType[] {
  return Array.from({ length: cursor.u32() }, () => VALUE_TYPES[cursor.byte()] ?? 'other');
}

function readImportedOther(cursor: Cursor, kind: 'table' | 'memory' | 'global' | 'tag'): Pick<OtherImport, 'limits'> {
  if (kind === 'global') {
    cursor.offset += 2; // value type, mutability
    return {};
  }
  if (kind === 'tag') {
    cursor.byte();
    cursor.u32();
    return {};
  }
  if (kind === 'table') cursor.byte();
  const hasMax = (cursor.byte() & 1) !== 0;
  const min = cursor.u32();
  return { limits: hasMax ? { min, max: cursor.u32() } : { min } };
}

/** Walks over the bytes of a module. */
class Cursor {
  constructor(
    readonly bytes: Uint8Array,
    public offset: number,
  ) {}

  byte(): number {
    return this.bytes[this.offset++];
  }

  /** LEB128, at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    const length = this.u32();
    this.offset += length;
    return text(this.bytes.subarray(this.offset - length, this.offset));
  }
}
