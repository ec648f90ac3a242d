// Validators: what the rest of the runtime may import.
export { validatorsError } from './genesis';
export { availabilityThreshold, groupAt, groupIndexAt, validatorCount } from './membership';
export { Validators } from './state';
