// The vocabulary of the runtime. Those of RFC-0031 are in `corejam/`.
export * from './u128';
export * from './fixed';
export * from './weights';
export * from './address';
export * from './era';
export * from './header';
export * from './time';
