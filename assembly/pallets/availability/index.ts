// Availability: what the rest of the runtime may import.
export { AvailabilityCalls } from './calls';
export { AvailabilityHooks } from './hooks';
export { timeOutError } from './genesis';
export { pendingVotes } from './bitfields';
export { Availability, CoreVotes } from './state';
export { bitfieldsMax } from './turns';
