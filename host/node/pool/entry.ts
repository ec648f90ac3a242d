// A transaction in the pool, the pool's limits, its refusals and what it tells watchers. Types and small helpers alone.
import type { ValidTransaction, ValidityError } from '../validity.js';

/** A transaction that the runtime accepted, with what it said of it. Tags are hex, so that they can be map keys. */
export interface Entry {
  /** BLAKE2b-256 of the bytes, in hex. */
  hash: string;
  bytes: Uint8Array;
  priority: bigint;
  requires: string[];
  provides: string[];
  /** The last block number it may wait for; Infinity for an immortal one. */
  validTill: number;
  /** The best block's number when it was last validated. */
  validatedAt: number;
  /** Rises with each arrival: among equals, who came first goes first. */
  arrival: number;
  /** How often it did not fit a block that had no other transaction. */
  misfits: number;
}

/** A transaction that a block holds: its hash and the tags it provides, both in hex. */
export interface Included {
  hash: string;
  provides: readonly string[];
}

/** Bounds of one half of the pool: ready transactions, or future ones. */
export interface Limit {
  count: number;
  bytes: number;
}

/** What the pool may hold. */
export interface PoolLimits {
  ready: Limit;
  future: Limit;
  /** Watchers of one transaction's progress, over all transactions. */
  watchers: number;
  /** How long a transaction that proved invalid is refused unseen, and how many such are remembered. */
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

/** What becomes of a transaction, in Substrate's words. */
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

/** Hears each status of one transaction, in order. */
export type Watcher = (status: TransactionStatus) => void;

/** Why the pool refused a transaction. */
export type PoolRefusal =
  | { kind: 'malformed'; message: string }
  | { kind: 'validity'; error: ValidityError }
  | { kind: 'trapped'; message: string }
  | { kind: 'banned' }
  | { kind: 'alreadyImported'; hash: string }
  | { kind: 'tooLowPriority'; old: bigint; new: bigint }
  | { kind: 'cycle' }
  | { kind: 'noTags' }
  | { kind: 'full' };

/** A transaction that the pool took. */
export interface Submission {
  /** BLAKE2b-256 of the bytes. */
  readonly hash: Uint8Array;
  /** Removes the watcher that was given with the transaction, if there is one. */
  readonly unwatch: () => void;
}

const FOREVER = BigInt(Number.MAX_SAFE_INTEGER);

/** The last block number at which a transaction validated at block `number` still stands. */
export function validTill(number: number, transaction: ValidTransaction): number {
  return transaction.longevity >= FOREVER ? Infinity : number + Number(transaction.longevity);
}

/** Best first: higher priority, then the one that expires first, then the one that came first. */
export function compareEntries(a: Entry, b: Entry): number {
  if (a.priority !== b.priority) return a.priority > b.priority ? -1 : 1;
  if (a.validTill !== b.validTill) return a.validTill < b.validTill ? -1 : 1;
  return a.arrival - b.arrival;
}

/** The entry that a block would take last, and the pool gives up first. */
export function worstOf(entries: Iterable<Entry>): Entry | undefined {
  let worst: Entry | undefined;
  for (const entry of entries) {
    if (worst === undefined || compareEntries(entry, worst) > 0) worst = entry;
  }
  return worst;
}
