// Types with a SCALE encoding in the compiler: one object per type, found by its key.
import type { Range } from './asc.js';
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

/** A field of a struct. `name` is as in the source; the metadata has snake_case. */
export interface Field {
  name: string;
  type: ScaleType;
  docs: string[];
  /** The enum that the number is a member of: `@member(Enum)`. */
  member?: ScaleType;
  /** The type in code, if not `type.text`: a compact field is its integer. */
  typeName: string;
  range: Range;
}

/** A struct, or one variant of an enum with data. */
export interface Struct {
  symbol: Symbol;
  name: string;
  text: string;
  fields: Field[];
  docs: string[];
  /** Whether `new X()` creates the default. */
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
  /** `extrinsic`: the bytes are those of an extrinsic. */
  | { kind: 'bytes'; most?: number; extrinsic?: true }
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
  /** The type in generated code. */
  text: string;
  /** The type's name in messages. */
  title: string;
  /** Set after the type's members are read: a struct may be recursive. */
  shape: Shape;
  /** Path in the metadata. */
  path: string[];
  docs: Docs;
  /** The declaration, if the program declares the type. */
  symbol?: Symbol;
  /** Whether values may contain values of the same type, so that the reader limits the depth. */
  recursive?: boolean;
}

/** The types of the parts of `type`. */
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

/**
 * Elements of lists that may have fewer bytes are short: decoding an element takes as long as copying some tens of bytes,
 * and comes before any check. Lists of short elements in calls have bounds.
 */
export const SHORT_ELEMENT_BYTES = 32;

/** The minimum encoded length of a value in bytes. */
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

/** Whether values are numbers in asc: no null, default zero. */
export function isPlain({ shape }: ScaleType): boolean {
  if (shape.kind === 'compact') return isPlain(shape.item);
  return ['integer', 'enum', 'dispatchResult', 'dispatchError'].includes(shape.kind);
}
