// Reporting: what the rest of the runtime may import.
export { ReportingCalls } from './calls';
export { attestationsError } from './genesis';
export { ReportingHooks } from './hooks';
export { isRecentlyRegistered, recentlyRegistered } from './inclusions';
export { joinClasses, joinTerms } from './join';
export { enqueue, noteStage } from './queues';
export { quorum } from './registrar';
export { screenReports, validateReports } from './report';
export { Reporting } from './state';
export { Progress, Stage, TrackedPackage } from './tracked';
