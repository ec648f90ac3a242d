// The decorators that this compiler reads, declared for TypeScript, which checks the same sources as asc compiles.
// They do nothing at run time; README.md here tells how they are used.

// Globals of assembly/rt/arena.ts, which asc knows as its own runtime.
declare function __new(size: usize, id: u32): usize;
declare function __renew(object: usize, size: usize): usize;
declare function __arena_mark(): usize;
declare function __arena_reset(mark: usize): void;

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

/** A decorator of anything: classes, fields, methods. */
type AnyDecorator = (target: object, key?: string, more?: unknown) => void;

/** A pallet: name, index, then its enum of errors and its class of events, if it has any. */
declare function pallet(name: string, index: i32, ...parts: object[]): AnyDecorator;
/** A storage item, with one hasher for each key. */
declare function storage(...hashers: Hasher[]): AnyDecorator;
/** A constant of the metadata. */
declare function constant(): AnyDecorator;
/** The calls of a pallet, one static method each. */
declare function calls(pallet: object): AnyDecorator;
/** What a pallet does without being called: static methods named as hook points. */
declare function hooks(pallet: object): AnyDecorator;
/** A single value that genesis documents may set by the name of its field; `fallback` is what it is otherwise. */
declare function genesis(fallback?: unknown): AnyDecorator;
/** What a value of a genesis document must be; `message` is the sentence that refuses it. */
declare function ensure(predicate: (value: never) => bool, message: string): AnyDecorator;
/** Called with each element of that array of a genesis document; returns why it refuses it, else an empty string. */
declare function genesisEach(member: string): AnyDecorator;
/** A method that runs the hooks of its name, in the order of the runtime class, and adds up the weights they return. */
declare function hookPoint(): AnyDecorator;
/** The static method that keeps encoded events. */
declare function eventSink(): AnyDecorator;
/** Of the runtime class: in which order pallets run that hook, or (`inherents`) stand in a block. All that have it. */
declare function order(name: string, ...pallets: object[]): AnyDecorator;
/** Of the runtime class: a genesis document that it carries, a JSON file by its path from the root of the repository. */
declare function preset(name: string, path: string): AnyDecorator;
/** A field of a number that is a member of that enum: the chain's TypeScript has it by name, the metadata as the number. */
declare function member(of: object): AnyDecorator;
/** A static variable of a runtime that does not outlive one call into it; `why` says why it must be one. */
declare function transient(why: string): AnyDecorator;
/** A call: index, weight in picoseconds (an expression, or a function of arguments by name), then class and fee. */
declare function call(index: i32, weight: unknown, ...options: i32[]): AnyDecorator;
/** A call that the author makes from inherent data of this identifier (eight characters); `check` compares a block's with one's own. */
declare function inherent(identifier: string, check?: unknown): AnyDecorator;
/** A runtime API. Static methods are exported, private ones not. */
declare function api(name: string, version: i32): AnyDecorator;
/** An export that the host calls for a guest: its memory is given back at its end. */
declare function hostcall(name?: string): AnyDecorator;
/** An export with Substrate's calling convention: an entry point of a guest. */
declare function entry(name?: string): AnyDecorator;
/** A struct; the path is the metadata's. */
declare function scale(path?: string): AnyDecorator;
/** An enum whose variants carry data: the base of `@variant` classes. */
declare function variants(path?: string): AnyDecorator;
/** One variant, by its index. */
declare function variant(index: i32): AnyDecorator;
/** A class of that many bytes, which extends FixedBytes. */
declare function fixed(length: i32, path?: string): AnyDecorator;
/** A class with `encodeTo(writer)` and `static decodeFrom(reader)` of its own. */
declare function custom(path: string): AnyDecorator;
/** A field that is written as a compact integer. */
declare function compact(): AnyDecorator;
/** At most that many elements or bytes. */
declare function bounded(most: i32): AnyDecorator;
/** A class that stands for a bound: `BoundedVec<T, ThisClass>`. */
declare function bound(most: i32): AnyDecorator;
/** A part that every signed extrinsic carries. */
declare function extension(identifier: string): AnyDecorator;
/** The class whose fields are the extensions, in order. */
declare function extensions(): AnyDecorator;
/** The class of a runtime: it lists all pallets, and `@wired` methods call its methods. */
declare function runtime(...pallets: object[]): AnyDecorator;
/** A method whose body is a call of the runtime class's method of the same name. */
declare function wired(): AnyDecorator;
/** A method whose body the compiler makes. */
declare function generated(): AnyDecorator;
