// The harness of tests of pallets.
export * from './accounts.js';
export * from './chain.js';
export * from './expect.js';
export * from './extrinsic.js';
export type * from './names.js';
