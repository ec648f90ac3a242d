// Availability, as the rest of the runtime uses it.
export { AvailabilityCalls } from './calls';
export { AvailabilityHooks } from './hooks';
export { Availability } from './state';
