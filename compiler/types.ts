// The types that SCALE knows, as the compiler holds them: one object a type, found by its key, however it was spelled.
import type { Docs } from './tree.js';
import type { Symbol } from './symbols.js';

/** Integers and bool, with their size in bytes. */
export const INTEGERS: Record<string, number> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  bool: 1,
};

/** A field of a struct. `name` is as written; the metadata has it in snake_case. */
export interface Field {
  name: string;
  type: ScaleType;
  docs: string[];
  /** The enum that the number is a member of: `@member(Enum)`. */
  member?: ScaleType;
  /** What the code holds, where that is not `type.text`: a compact field holds its integer. */
  typeName: string;
}

/** A struct, or one variant of an enum with data. */
export interface Struct {
  symbol: Symbol;
  name: string;
  text: string;
  fields: Field[];
  docs: string[];
  /** Whether `new X()` makes a default. */
  constructible: boolean;
}

/** One variant of an enum with data. */
export interface Variant extends Struct {
  index: number;
}

export type Shape =
  | { kind: 'integer'; name: string }
  | { kind: 'u128' }
  | { kind: 'text' }
  | { kind: 'bytes'; most?: number }
  | { kind: 'fixed'; length: number }
  | { kind: 'vec'; item: ScaleType; most?: number }
  | { kind: 'nullable'; item: ScaleType }
  | { kind: 'option'; item: ScaleType }
  | { kind: 'result'; ok: ScaleType; error: ScaleType }
  | { kind: 'tuple'; items: ScaleType[] }
  | { kind: 'map'; key: ScaleType; value: ScaleType }
  | { kind: 'bits' }
  | { kind: 'unit' }
  | { kind: 'void' }
  | { kind: 'compact'; item: ScaleType }
  | ({ kind: 'struct' } & Struct)
  | { kind: 'variants'; variants: Variant[] }
  | { kind: 'enum'; members: { name: string; index: number; docs: string[] }[] }
  | { kind: 'custom' }
  | { kind: 'call' }
  | { kind: 'event' }
  | { kind: 'dispatchResult' }
  | { kind: 'dispatchError' };

/** A type with a SCALE encoding. */
export interface ScaleType {
  /** Unique, and part of the names of its generated functions. */
  id: number;
  key: string;
  /** The type as generated code writes it. */
  text: string;
  /** What people call it. */
  title: string;
  /** Known once the type's members are read: a struct may contain itself. */
  shape: Shape;
  /** Path in the metadata. */
  path: string[];
  docs: Docs;
  /** Declared by the program, not by this compiler. */
  symbol?: Symbol;
  /** Whether values may contain values of the same type, so that reading counts its depth. */
  recursive?: boolean;
}

/** The types that `type` is made of. */
export function parts(type: ScaleType): ScaleType[] {
  const { shape } = type;
  switch (shape.kind) {
    case 'vec':
    case 'nullable':
    case 'option':
    case 'compact':
      return [shape.item];
    case 'result':
      return [shape.ok, shape.error];
    case 'tuple':
      return shape.items;
    case 'map':
      return [shape.key, shape.value];
    case 'struct':
      return shape.fields.map((field) => field.type);
    case 'variants':
      return shape.variants.flatMap((variant) => variant.fields.map((field) => field.type));
    default:
      return [];
  }
}

/** The fewest bytes that a value takes; at least how many depends on nothing that is read. */
export function leastBytes(type: ScaleType, inside: ReadonlySet<ScaleType> = new Set()): number {
  if (inside.has(type)) return 0;
  const within = new Set([...inside, type]);
  const sum = (types: ScaleType[]): number => types.reduce((total, each) => total + leastBytes(each, within), 0);
  const { shape } = type;
  switch (shape.kind) {
    case 'integer':
      return INTEGERS[shape.name]!;
    case 'u128':
      return 16;
    case 'fixed':
      return shape.length;
    case 'tuple':
    case 'struct':
      return sum(parts(type));
    case 'result':
      return 1 + Math.min(leastBytes(shape.ok, within), leastBytes(shape.error, within));
    case 'variants':
      return 1 + Math.min(...shape.variants.map((each) => sum(each.fields.map((field) => field.type))));
    case 'call':
    case 'event':
      return 2;
    case 'unit':
    case 'void':
      return 0;
    default:
      return 1;
  }
}

/** Whether a value is a number to asc: it has no null, and its default is zero. */
export function isPlain({ shape }: ScaleType): boolean {
  if (shape.kind === 'compact') return isPlain(shape.item);
  return ['integer', 'enum', 'dispatchResult', 'dispatchError'].includes(shape.kind);
}
