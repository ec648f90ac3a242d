// Coretime: what the rest of the runtime may import.
export { assignedAt } from './assignments';
export { CoretimeCalls } from './calls';
export { isShareExhausted, lastUse, noteUse, shareLeft, weightPerPackage } from './shares';
export { Coretime } from './state';
