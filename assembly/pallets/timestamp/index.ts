// Timestamp, as the rest of the runtime uses it.
export { TimestampCalls } from './calls';
export { TimestampHooks } from './hooks';
export { Timestamp } from './state';
