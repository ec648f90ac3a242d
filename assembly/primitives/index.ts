// Basic types of the runtime. `corejam/` has those of RFC-0031.
export * from './u128';
export * from './fixed';
export * from './weights';
export * from './address';
export * from './era';
export * from './header';
export * from './time';
