// The validators of a dev chain: what they keep and sign, and the way of each package among them.
//
// Spec: RFC-0031 § Processing stages of a Work Package, § Availability. Stands above the node, which gives it the chain.
export { AvailabilityInherent } from './availability.js';
export { join, joinOn } from './join.js';
export type { AskClasses, JoinAnswer, Joined } from './join.js';
export { Validators } from './validators.js';
export type { ValidatorsOptions } from './validators.js';
export { OnChain } from './on-chain.js';
export type { BlockProgress, ClassProgress, PackageProgress, PendingReport } from './on-chain.js';
export { recoverPackage } from './recovery.js';
export type { Recovery } from './recovery.js';
export { verdictOf } from './report-errors.js';
export type { Verdict } from './report-errors.js';
export { ReportingInherent } from './reporting.js';
export type { Candidate, Findings } from './reporting.js';
export { SHARDS_COLUMN, ShardStore } from './shard-store.js';
export type { ShardParcel } from './shard-store.js';
export { isLast, Tracker } from './tracker.js';
export type { AccumulateOutcome, ItemOutcome, StageDetail, StageEvent, StageListener } from './tracker.js';
export type { Surroundings } from './surroundings.js';
export { Validator } from './validator.js';
