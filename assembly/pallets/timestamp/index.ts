// Timestamp: what the rest of the runtime may import.
export { TimestampCalls } from './calls';
export { TimestampHooks } from './hooks';
export { Timestamp } from './state';
