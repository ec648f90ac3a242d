// Coretime, as the rest of the runtime uses it.
export { assignedAt } from './assignments';
export { CoretimeCalls } from './calls';
export { isShareExhausted, noteUse, weightPerPackage } from './shares';
export { Coretime } from './state';
