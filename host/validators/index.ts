// The validators of a dev chain: what they store and sign, and how they process packages.
//
// Spec: RFC-0031 § Processing stages of a Work Package, § Availability. Above host/node, which
// provides the chain.
export type { PendingReport } from './on-chain.js';
export { recoverPackage } from './recovery.js';
export { verdictOf } from './selection/report-errors.js';
export type { Candidate } from './selection/candidates.js';
export { SHARDS_COLUMN, ShardStore, type ShardParcel } from './shard-store.js';
export { isLast, type StageEvent, Tracker } from './tracker.js';
export { Validators, type ValidatorsOptions } from './validators.js';
