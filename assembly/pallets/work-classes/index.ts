// Work Classes, as the rest of the runtime uses them.
export { classAccount } from './account';
export { WorkClassesCalls } from './calls';
export { ClassRun, runClass, Running, RunningEntry } from './run';
export { WorkClasses } from './state';
