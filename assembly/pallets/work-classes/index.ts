// WorkClasses: what the rest of the runtime may import.
export { classAccount } from './account';
export { requirementBounds } from './bounds';
export { WorkClassesCalls } from './calls';
export { RunningEntry } from './entry';
export { ClassCode, ClassRun, loadCode, runClass, runCode, Running } from './run';
export { WorkClasses } from './state';
