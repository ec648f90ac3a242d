// Availability: what the rest of the runtime may import.
export { AvailabilityCalls } from './calls';
export { AvailabilityHooks } from './hooks';
export { Availability } from './state';
