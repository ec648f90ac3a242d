// System, as other parts of the runtime see it.
export * from './types';
export * from './limits';
export * from './wiring';
export * from './system';
export * from './block';
