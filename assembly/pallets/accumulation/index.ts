// Accumulation, as the rest of the runtime uses it.
export { AccumulationHooks } from './hooks';
export { GuestCalls } from './hostcalls';
export { ServiceCalls } from './service-calls';
export { Accumulation, RunRecord } from './state';
