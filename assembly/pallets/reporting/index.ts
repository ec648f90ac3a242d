// Reporting: what the rest of the runtime may import.
export { ReportingCalls } from './calls';
export { ReportingHooks } from './hooks';
export { joinReports } from './join';
export { enqueue, noteStage } from './queues';
export { quorum } from './registrar';
export { validateReports } from './report';
export { Reporting } from './state';
export { Progress, Stage, TrackedItem, TrackedPackage } from './tracked';
export { noteInherent, SIGNATURE_PS } from './weights';
