// Execution of blocks and extrinsics, as the runtime APIs see it.
export * from './validity';
export * from './extensions';
export * from './extrinsic';
export * from './apply';
export * from './inherents';
export * from './block';
