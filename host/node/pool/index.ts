// The transaction pool: submitted transactions that are not in a block yet. pool.ts has the rules.
export { TransactionPool, type PoolChain } from './pool.js';
export { DEFAULT_LIMITS, isFinal } from './entry.js';
export type { Entry, Included, PoolLimits, PoolRefusal, Submission, TransactionStatus, Watcher } from './entry.js';
export type { Candidates } from './ready.js';
