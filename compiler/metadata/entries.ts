// The type registry of Substrate's metadata (scale-info), as @polkadot-api/substrate-bindings encodes it.
import type { ScaleType } from '../types.js';

/** A type's description, as @polkadot-api/substrate-bindings encodes it. */
export interface Entry {
  id: number;
  path: string[];
  params: { name: string; type: number | undefined }[];
  def: Definition;
  docs: string[];
}

export interface FieldEntry {
  name: string | undefined;
  type: number;
  typeName: string | undefined;
  docs: string[];
}

export interface VariantEntry {
  name: string;
  index: number;
  fields: FieldEntry[];
  docs: string[];
}

export type Definition =
  | { tag: 'composite'; value: FieldEntry[] }
  | { tag: 'variant'; value: VariantEntry[] }
  | { tag: 'sequence' | 'compact'; value: number }
  | { tag: 'array'; value: { len: number; type: number } }
  | { tag: 'tuple'; value: number[] }
  | { tag: 'primitive'; value: { tag: string; value: undefined } }
  | { tag: 'bitSequence'; value: { bitStoreType: number; bitOrderType: number } };

export type Details = Partial<Pick<Entry, 'path' | 'params' | 'docs'>>;

/** Numbers of the types that are made of all pallets. */
export interface Outer {
  call(): number;
  event(): number;
  extrinsic(): number;
}

/** Assigns numbers to types; each is described once, under its key. */
export interface TypeRegistry {
  /** Numbers of RuntimeCall, RuntimeEvent and UncheckedExtrinsic. */
  readonly outer: Outer;
  /** The number of the type with this key. `describe` is called if it is new; the type may be recursive. */
  add(key: string, describe: () => Definition, details?: Details): number;
  primitive(name: string): number;
  unit(): number;
  bytes(length: number): number;
  field(name: string | undefined, type: number, typeName?: string, docs?: string[]): FieldEntry;
  of(type: ScaleType): number;
}
