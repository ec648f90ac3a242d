// The model of a runtime, read from its decorators. Dispatch, exports and metadata are all generated from it.
import type {
  ClassDeclaration,
  EnumDeclaration,
  Expression,
  MethodDeclaration,
  Range,
  Source,
  TypeNode,
} from './asc.js';
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
  range: Range;
}

export interface StorageEntry {
  /** As the metadata has it: PascalCase. */
  name: string;
  field: string;
  docs: string[];
  /** Its base class in frame. */
  base: string;
  baseSymbol: Symbol;
  hashers: number[];
  keys: ScaleType[];
  value: ScaleType;
  /** The value's type as written in the source. */
  valueNode: TypeNode;
  /** Whether an absent entry has no value instead of the default. */
  optional: boolean;
  range: Range;
}

export interface Constant {
  name: string;
  field: string;
  type: ScaleType;
  docs: string[];
  range: Range;
}

export interface Call {
  /** As the metadata has it: snake_case. */
  name: string;
  /** Its `@calls` class. */
  owner: Symbol;
  method: string;
  index: number;
  docs: string[];
  /** The class of its origin parameter. */
  origin: Symbol;
  arguments: Parameter[];
  /** Names of the arguments that the weight depends on. */
  weighed: string[];
  /** The method that has its weight, if the declaration has no expression for it. */
  measured?: Measured;
  dispatchClass: number;
  /** If the class is a function: names of the arguments that it depends on. */
  classified?: string[];
  pays: boolean;
  /** Whether an origin of the accepted type may send the call: a function of the origin, and of these arguments. */
  senders?: { allowed: Symbol; arguments: string[] };
  /** Whether an extrinsic with the call is invalid if the call fails. */
  mustSucceed: boolean;
  /** If it is an inherent: the identifier of its data (eight characters), and the function that checks it. */
  inherent?: { identifier: string; check?: Symbol };
  range: Range;
}

/** A method of a pallet's table of weights, and its arguments: numbers among the call's, or their lengths. */
export interface Measured {
  table: Symbol;
  method: string;
  components: { argument: string; isLength: boolean }[];
}

export interface Event {
  name: string;
  index: number;
  docs: string[];
  fields: Parameter[];
}

/** A member of the pallet's object in a genesis document. */
export type GenesisMember =
  /** The value of a storage item; `fallback` if the document omits it, refused with `rule.message` if `rule` fails. */
  | { kind: 'item'; name: string; entry: StorageEntry; fallback?: Expression; rule?: GenesisRule }
  /** An array; `method` of `owner` is called with each element's values, and returns an error or an empty string. */
  | { kind: 'each'; name: string; owner: Symbol; method: string; arguments: Parameter[] };

export interface GenesisRule {
  /** A function of the value that returns a bool. */
  predicate: Expression;
  message: string;
}

/** A method that the hook point of its name runs. */
export interface Hook {
  name: string;
  pallet: Pallet;
  owner: Symbol;
  node: MethodDeclaration;
}

export interface Pallet {
  name: string;
  index: number;
  docs: string[];
  symbol: Symbol;
  node: ClassDeclaration;
  source: Source;
  /** `@storageVersion`, or 0. */
  storageVersion: number;
  storage: StorageEntry[];
  constants: Constant[];
  /** Its `@calls` classes. */
  callClasses: ClassDeclaration[];
  calls: Call[];
  genesis: GenesisMember[];
  events: Event[];
  eventClass?: Symbol;
  errors: { name: string; index: number; docs: string[] }[];
  errorEnum?: { node: EnumDeclaration; source: Source };
}

interface ApiMethod {
  /** As the metadata has it: snake_case. */
  name: string;
  method: string;
  docs: string[];
  arguments: Parameter[];
  result: ScaleType;
  range: Range;
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
  /** The function that generated code calls. */
  callee: string;
  docs: string[];
  arguments: Parameter[];
  result: ScaleType;
  /** Of a host call: the function that decides whether the running entry point may make it. */
  gate: { name: string; callee: string } | undefined;
}

/** A signed extension. */
export interface Extension {
  identifier: string;
  explicit: ScaleType;
  implicit: ScaleType;
}

/** The static method that stores encoded events. */
export interface EventSink {
  owner: Symbol;
  method: string;
}

export interface Runtime {
  pallets: Pallet[];
  apis: Api[];
  exported: Exported[];
  extensions: Extension[];
  extra?: ScaleType;
  hooks: Hook[];
  /** The class marked `@runtime()`. */
  runtime?: Symbol;
  orders: Map<string, Pallet[]>;
  /** Genesis presets by name: JSON. */
  presets: Map<string, string>;
  eventSink?: EventSink;
}
