// System: what the rest of the runtime may import.
export { SystemCalls } from './calls';
export * from './block';
export { EventLog } from './events';
export * from './limits';
export { System, SystemEvent } from './state';
export * from './types';
export { Wiring } from './wiring';
