// Basic types of the runtime. `corejam/` has those of RFC-0031, block-space.ts the limits of
// a block, which need a constant of the runtime's build.
export * from './u128';
export * from './fixed';
export * from './weights';
export * from './address';
export * from './base-weights';
export * from './era';
export * from './extrinsic';
export * from './header';
export * from './time';
export * from './token';
