// SCALE: reader, writer, and the types that AssemblyScript lacks. The compiler generates the codecs of classes and
// enums from `@scale`, `@variants` and `@fixed`.
export * from './bytes';
export * from './reader';
export * from './writer';
export * from './fixed';
export * from './containers';
export * from './bit-vec';
export * from './btree-map';
export * from './codec';
