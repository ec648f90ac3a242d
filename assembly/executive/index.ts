// Execution of blocks and extrinsics: exports for the runtime APIs.
export * from './validity';
export * from './extensions';
export * from './extrinsic';
export * from './apply';
export * from './inherents';
export * from './block';
