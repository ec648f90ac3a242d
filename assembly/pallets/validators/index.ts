// Validators: what the rest of the runtime may import.
export { availabilityThreshold, groupAt, groupIndexAt, validatorCount } from './membership';
export { Validators } from './state';
