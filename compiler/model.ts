// A runtime as its decorators tell it: what dispatch, exports and metadata are all made from, so that they can't disagree.
import type { ClassDeclaration, EnumDeclaration, Range, Source } from './asc.js';
import type { Symbol } from './symbols.js';
import type { ScaleType } from './types.js';

/** Hashers in Substrate's order: their numbers in the metadata, and in frame/hasher.ts. */
export const HASHERS = [
  'Blake2_128',
  'Blake2_256',
  'Blake2_128Concat',
  'Twox128',
  'Twox256',
  'Twox64Concat',
  'Identity',
] as const;

/** A named value: an argument, a field of an event. */
export interface Parameter {
  name: string;
  type: ScaleType;
  docs: string[];
}

export interface StorageEntry {
  /** As the metadata has it: PascalCase. */
  name: string;
  field: string;
  docs: string[];
  /** The class of frame that it derives from. */
  base: string;
  baseSymbol: Symbol;
  hashers: number[];
  keys: ScaleType[];
  value: ScaleType;
  /** Whether an absent entry is no value, rather than the default. */
  optional: boolean;
  range: Range;
}

export interface Constant {
  name: string;
  field: string;
  type: ScaleType;
  docs: string[];
}

export interface Call {
  /** As the metadata has it: snake_case. */
  name: string;
  method: string;
  index: number;
  docs: string[];
  /** The class of the origin that it takes. */
  origin: Symbol;
  arguments: Parameter[];
  /** The arguments that the weight depends on. */
  weighed: string[];
  dispatchClass: number;
  pays: boolean;
  /** The inherent data that it is made from: their identifier of eight characters, and where it stands in a block. */
  inherent?: { identifier: string; place: number };
  range: Range;
}

export interface Event {
  name: string;
  index: number;
  docs: string[];
  fields: Parameter[];
}

export interface Pallet {
  name: string;
  index: number;
  docs: string[];
  symbol: Symbol;
  node: ClassDeclaration;
  source: Source;
  storage: StorageEntry[];
  constants: Constant[];
  calls: Call[];
  events: Event[];
  eventClass?: Symbol;
  errors: { name: string; index: number; docs: string[] }[];
  errorEnum?: { node: EnumDeclaration; source: Source };
}

export interface ApiMethod {
  /** As the metadata has it: snake_case. */
  name: string;
  method: string;
  docs: string[];
  arguments: Parameter[];
  result: ScaleType;
}

export interface Api {
  name: string;
  version: number;
  docs: string[];
  symbol: Symbol;
  methods: ApiMethod[];
}

/** A function that the host or a guest's host calls: `@hostcall()`, `@entry()`. */
export interface Exported {
  name: string;
  /** What the generated code calls. */
  callee: string;
  arguments: Parameter[];
  result: ScaleType;
  /** Whether its memory is given back at its end, and a refusal is told. */
  hostcall: boolean;
}

/** A part that every signed extrinsic carries. */
export interface Extension {
  identifier: string;
  explicit: ScaleType;
  implicit: ScaleType;
}

export interface Runtime {
  pallets: Pallet[];
  apis: Api[];
  exported: Exported[];
  extensions: Extension[];
  extra?: ScaleType;
  /** The pallet whose static method `deposit` keeps events: System. */
  depositor?: Symbol;
}
