// The decorators that this compiler reads, declared for TypeScript, which type-checks the sources that asc compiles.
// They have no effect at run time. README.md in this folder describes them.

// Globals of assembly/rt/arena.ts, which replaces asc's runtime.
declare function __new(size: usize, id: u32): usize;
declare function __renew(object: usize, size: usize): usize;
declare function __arena_mark(): usize;
declare function __arena_reset(mark: usize): void;

/** Constants of the build: see `use` in asconfig.json. */
declare const BLOCK_SECONDS: i32;

/** How a map's key becomes part of a storage key. */
declare enum Hasher {
  Blake2_128,
  Blake2_256,
  Blake2_128Concat,
  Twox128,
  Twox256,
  Twox64Concat,
  Identity,
}

/** A decorator of classes, fields or methods. */
type AnyDecorator = (target: object, key?: string, more?: unknown) => void;

/** A pallet: name, index, then its enum of errors and its class of events, if any. */
declare function pallet(name: string, index: i32, ...parts: object[]): AnyDecorator;
/** Beside `@pallet`: the version of the pallet's storage, which migrations raise; 0 without it. */
declare function storageVersion(version: i32): AnyDecorator;
/** A storage item, with one hasher per key. */
declare function storage(...hashers: Hasher[]): AnyDecorator;
/** A constant of the metadata; its name there, if not the field's in PascalCase. */
declare function constant(name?: string): AnyDecorator;
/** The calls of a pallet: one static method per call. `weights`: the class of their measured weights. */
declare function calls(pallet: object, weights?: object): AnyDecorator;
/** The hooks of a pallet: static methods named as hook points. */
declare function hooks(pallet: object): AnyDecorator;
/** A storage value that genesis documents may set by the name of its field; `fallback` is the value otherwise. */
declare function genesis(fallback?: unknown): AnyDecorator;
/** A condition on a value of a genesis document; `message` is the error if it is false. */
declare function ensure(predicate: (value: never) => bool, message: string): AnyDecorator;
/** Called with each element of an array of a genesis document; returns an error, or an empty string. */
declare function genesisEach(member: string): AnyDecorator;
/** A method that runs the hooks of its name, in the order of the runtime class, and returns their total weight. */
declare function hookPoint(): AnyDecorator;
/** The static method that stores encoded events. */
declare function eventSink(): AnyDecorator;
/** Of the runtime class: the order of a hook's pallets, or of the `inherents`. Must name all pallets that have one. */
declare function order(name: string, ...pallets: object[]): AnyDecorator;
/** Of the runtime class: what the metadata hash covers beside types (RFC-78). Without it the runtime has none. */
declare function metadataHash(
  specName: string,
  specVersion: number,
  ss58Prefix: number,
  decimals: number,
  symbol: string,
): AnyDecorator;
/** Of the runtime class: a genesis preset, by the path of its JSON file from the root; of one build target, or of all. */
declare function preset(name: string, path: string, target?: string): AnyDecorator;
/** A number field whose values are members of an enum: names in the chain's TypeScript, numbers in the metadata. */
declare function member(of: object): AnyDecorator;
/** A static variable of a runtime that does not outlive one call into it; `why` is the reason for it. */
declare function transient(why: string): AnyDecorator;
/**
 * A call: index, weight in picoseconds, then class and fee. Weight and class are expressions, or functions of arguments
 * by name. Where `@calls` names a table of weights, the method of the call's name has the weight, and it is left out.
 */
declare function call(index: i32, ...weightClassAndFee: unknown[]): AnyDecorator;
/** Which senders a call accepts: a function of its origin and of arguments. From any other, an extrinsic with it is invalid. */
declare function senders(allowed: unknown): AnyDecorator;
/** A call that is in no block if it fails: the extrinsic is invalid then, and its sender pays nothing. */
declare function mustSucceed(): AnyDecorator;
/** A call that the author creates from the inherent data `identifier` (eight characters); importers call `check`. */
declare function inherent(identifier: string, check?: unknown): AnyDecorator;
/** A runtime API. Static methods are exported, except private ones. */
declare function api(name: string, version: i32): AnyDecorator;
/** An export that the host calls for a guest if `gate()` returns true; its memory is freed when it returns. */
declare function hostcall(name: string, gate: () => bool): AnyDecorator;
/** An export with Substrate's calling convention: an entry point of a guest. */
declare function entry(name?: string): AnyDecorator;
/** A struct; the path is the metadata's. */
declare function scale(path?: string): AnyDecorator;
/** An enum with data: the base of `@variant` classes. */
declare function variants(path?: string): AnyDecorator;
/** One variant, by its index. */
declare function variant(index: i32): AnyDecorator;
/** A class of `length` bytes, which extends FixedBytes. */
declare function fixed(length: i32, path?: string): AnyDecorator;
/** A class with its own `encodeTo(writer)` and `static decodeFrom(reader)`. */
declare function custom(path: string): AnyDecorator;
/** A field that is encoded as a compact integer. */
declare function compact(): AnyDecorator;
/** At most `most` elements or bytes. */
declare function bounded(most: i32): AnyDecorator;
/** A class that represents a bound: `BoundedVec<T, ThisClass>`. */
declare function bound(most: i32): AnyDecorator;
/** A signed extension. */
declare function extension(identifier: string): AnyDecorator;
/** The class whose fields are the signed extensions, in order. */
declare function extensions(): AnyDecorator;
/** The class of a runtime: it lists all pallets, and `@wired` methods call its methods. */
declare function runtime(...pallets: object[]): AnyDecorator;
/** A method that calls the runtime class's method of the same name. */
declare function wired(): AnyDecorator;
/** A method whose body the compiler generates. */
declare function generated(): AnyDecorator;
