// Validators, as the rest of the runtime uses it.
export { availabilityThreshold, groupAt, groupIndexAt, validatorCount } from './membership';
export { Validators } from './state';
