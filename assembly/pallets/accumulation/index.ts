// Accumulation: what the rest of the runtime may import.
export { AccumulationHooks } from './hooks';
export { GuestCalls } from './hostcalls';
export { ServiceCalls } from './service-calls';
export { Accumulation, RunRecord } from './state';
