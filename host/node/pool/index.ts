// The transaction pool: submitted transactions that are not in a block yet. pool.ts has the rules.
export { TransactionPool } from './pool.js';
export { isFinal } from './entry.js';
export type { Candidates } from './ready.js';
export type { Entry, Included, PoolLimits, PoolRefusal, TransactionStatus } from './entry.js';
