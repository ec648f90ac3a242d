// A transaction in the pool, the pool's limits, refusals and statuses: types and small helpers.
import type { ValidTransaction, ValidityError } from '../validity.js';

/**
 * A transaction that the runtime found valid, with its ValidTransaction. Tags are hex, so that they can be map keys.
 */
export interface Entry {
  /** BLAKE2b-256 of the bytes, in hex. */
  hash: string;
  bytes: Uint8Array;
  priority: bigint;
  requires: string[];
  provides: string[];
  /** The last block number at which it may be in the pool; Infinity for an immortal one. */
  validTill: number;
  /** The best block's number when it was last validated. */
  validatedAt: number;
  /** Grows with each arrival. Ties in order go to the earlier one. */
  arrival: number;
  /** How many successive blocks without other transactions and packages it did not fit. */
  misfitsOfOne: number;
  /** How many blocks had no room for it. */
  misfits: number;
}

/** A transaction in a block: its hash and the tags it provides, all in hex. */
export interface Included {
  hash: string;
  provides: readonly string[];
}

/** Bounds of one half of the pool: ready transactions, or future ones. */
export interface Limit {
  count: number;
  bytes: number;
}

/** Bounds of the pool. */
export interface PoolLimits {
  ready: Limit;
  future: Limit;
  /** Watchers of one transaction's progress, over all transactions. */
  watchers: number;
  /** How long a transaction that became invalid is refused without validation, and how many such hashes are kept. */
  banMs: number;
  bannedMax: number;
}

/** Substrate's own defaults. */
export const DEFAULT_LIMITS: PoolLimits = {
  ready: { count: 8192, bytes: 20 << 20 },
  future: { count: 2048, bytes: 4 << 20 },
  watchers: 16_384,
  banMs: 30 * 60 * 1000,
  bannedMax: 2048,
};

/** The status of a transaction, as Substrate names it. */
export type TransactionStatus =
  | 'future'
  | 'ready'
  | 'dropped'
  | 'invalid'
  | { inBlock: Uint8Array }
  | { finalized: Uint8Array }
  | { usurped: Uint8Array };

type KeyOf<T> = T extends string ? T : keyof T;

const FINAL: Readonly<Record<KeyOf<TransactionStatus>, boolean>> = {
  future: false,
  ready: false,
  inBlock: false,
  finalized: true,
  usurped: true,
  dropped: true,
  invalid: true,
};

/** Whether nothing can follow this status. */
export function isFinal(status: TransactionStatus): boolean {
  return FINAL[typeof status === 'string' ? status : (Object.keys(status)[0] as KeyOf<TransactionStatus>)];
}

/** Called with each status of one transaction, in order. */
export type Watcher = (status: TransactionStatus) => void;

/** Why the pool refused a transaction. */
export type PoolRefusal =
  | { kind: 'malformed'; message: string }
  | { kind: 'validity'; error: ValidityError }
  | { kind: 'trapped'; message: string }
  | { kind: 'banned'; reason?: string }
  | { kind: 'alreadyImported'; hash: string }
  | { kind: 'tooLowPriority'; old: bigint; new: bigint }
  | { kind: 'abandonsTag' }
  | { kind: 'cycle' }
  | { kind: 'noTags' }
  | { kind: 'full' };

/** A transaction that the pool took. */
export interface Submission {
  /** BLAKE2b-256 of the bytes. */
  readonly hash: Uint8Array;
  /** Removes the watcher that was submitted with the transaction, if any. */
  readonly unwatch: () => void;
}

const FOREVER = BigInt(Number.MAX_SAFE_INTEGER);

/** The last block number at which a transaction that was validated at block `number` is valid. */
export function validTill(number: number, transaction: ValidTransaction): number {
  return transaction.longevity >= FOREVER ? Infinity : number + Number(transaction.longevity);
}

/** Best first: higher priority, then earlier expiry, then earlier arrival. */
export function compareEntries(a: Entry, b: Entry): number {
  if (a.priority !== b.priority) return a.priority > b.priority ? -1 : 1;
  if (a.validTill !== b.validTill) return a.validTill < b.validTill ? -1 : 1;
  return a.arrival - b.arrival;
}
