// WorkClasses: what the rest of the runtime may import.
export { classAccount } from './account';
export { WorkClassesCalls } from './calls';
export { ClassRun, runClass, Running, RunningEntry } from './run';
export { WorkClasses } from './state';
