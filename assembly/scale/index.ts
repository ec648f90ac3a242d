// SCALE: what bytes mean. Bounds-checked reading, growing writing, the shapes that have no type in AssemblyScript.
// Codecs of classes and enums are made by the compiler from `@scale`, `@variants` and `@fixed`.
export * from './bytes';
export * from './reader';
export * from './writer';
export * from './fixed';
export * from './containers';
export * from './bit-vec';
export * from './btree-map';
export * from './codec';
