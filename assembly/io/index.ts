// The host functions with types, one file per family. `env.ts` has the raw declarations; `panic.ts` is asc's `abort`.
export * from './memory';
export * from './storage';
export * from './child-storage';
export * from './hashing';
export * from './crypto';
export * from './signature';
export * from './trie';
export * from './logging';
export * from './misc';
export * from './machine';
