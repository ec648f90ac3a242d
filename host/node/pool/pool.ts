// The transaction pool: submitted transactions that are not in a block yet.
//
// A transaction is validated once, when it arrives, on the state of the best block. Then its tags decide. It is *ready*
// if each tag it requires is provided by another ready transaction, else it is *future*. A block removes every
// transaction that provides a tag which a transaction of the block provided. After each block, a few of the
// transactions that were validated longest ago are validated again, so that none becomes stale and the cost per block
// is bounded. A full half drops the tail of a chain of nonces (tails.ts). Only one transaction provides a tag: a new one must have
// a higher priority than the sum of those it replaces, and provide all their tags. The dependents of a removed transaction
// become future. validity.ts decodes the runtime's verdicts;
// author.ts fills blocks.
import { blake2_256, err, fromHex, ok, toHex, type Result } from '../../bytes/index.js';
import { isWholeExtrinsic } from '../header.js';
import type { Validity } from '../validity.js';
import { Banned } from './banned.js';
import { DEFAULT_LIMITS, validTill } from './entry.js';
import type { Entry, Included, Limit, PoolLimits, PoolRefusal, Submission, Watcher } from './entry.js';
import { FutureSet } from './future.js';
import { ReadySet, type Candidates } from './ready.js';
import { compareRanks } from './tails.js';
import { Watchers } from './watchers.js';

/** What the pool needs of the chain. */
export interface PoolChain {
  /** validate_transaction on the best block. Throws when the runtime traps. */
  validate(bytes: Uint8Array): Validity;
  /** The same with every signature presumed valid, which is much cheaper. */
  estimate(bytes: Uint8Array): Validity;
  bestNumber(): number;
  nowMs(): number;
  /** Calls after a delay in which clients can fetch the block that they were notified of. */
  later(call: () => void): void;
  /** Reports an exception of a watcher. */
  onFault(error: unknown): void;
}

/** How many transactions are validated again after a block. */
const REVALIDATED_PER_BLOCK = 16;
/** No transaction is validated again before this many blocks have passed. */
const REVALIDATE_AFTER_BLOCKS = 8;

/** Whether a half of the pool would exceed its bound with one more transaction of so many bytes; 0: as it is. */
function exceeds(set: ReadySet | FutureSet, { count, bytes }: Limit, moreBytes = 0): boolean {
  return set.size + (moreBytes > 0 ? 1 : 0) > count || set.bytes + moreBytes > bytes;
}

export class TransactionPool {
  readonly #chain: PoolChain;
  readonly #limits: PoolLimits;
  readonly #ready = new ReadySet();
  readonly #future = new FutureSet();
  readonly #banned: Banned;
  readonly #watchers: Watchers;
  readonly #onReady = new Set<() => void>();
  #arrivals = 0;

  constructor(chain: PoolChain, limits: Partial<PoolLimits> = {}) {
    this.#chain = chain;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#banned = new Banned(this.#limits.bannedMax, this.#limits.banMs, () => chain.nowMs());
    this.#watchers = new Watchers(this.#limits.watchers, (error) => chain.onFault(error));
  }

  get readyCount(): number {
    return this.#ready.size;
  }

  get futureCount(): number {
    return this.#future.size;
  }

  get isEmpty(): boolean {
    return this.#ready.size === 0 && this.#future.size === 0;
  }

  /** Whether a ready transaction provides this tag, in hex. */
  provides(tag: string): boolean {
    return this.#ready.provider(tag) !== undefined;
  }

  /** Ready transactions in order of arrival. */
  ready(): Entry[] {
    return [...this.#ready.values()];
  }

  /** Future transactions in order of arrival. */
  future(): Entry[] {
    return [...this.#future.values()];
  }

  /** The ready transactions in the order a block takes them. */
  candidates(): Candidates {
    return this.#ready.candidates();
  }

  /** Calls `listener` whenever a transaction becomes ready. */
  onReady(listener: () => void): void {
    this.#onReady.add(listener);
  }

  /** Submits a transaction. `watcher` is called with each of its statuses, with the first one before this returns. */
  submit(bytes: Uint8Array, watcher?: Watcher): Result<Submission, PoolRefusal> {
    if (!isWholeExtrinsic(bytes)) {
      const message = 'the bytes are no extrinsic: their length prefix does not match their length';
      return err({ kind: 'malformed', message });
    }
    const hash = blake2_256(bytes);
    const key = toHex(hash);
    const ban = this.#banned.get(key);
    if (ban !== undefined) return err({ kind: 'banned', ...(ban.reason === undefined ? {} : { reason: ban.reason }) });
    if (this.#ready.get(key) !== undefined || this.#future.get(key) !== undefined) {
      return err({ kind: 'alreadyImported', hash: key });
    }
    if (watcher !== undefined && this.#watchers.full) return err({ kind: 'full' });

    if (this.#isFull(bytes.length)) {
      // What would be dropped at once, whoever signed it, is not worth the verification of its signature.
      const presumed = this.#validated(key, bytes, (given) => this.#chain.estimate(given));
      if (!presumed.ok) return presumed;
      if (!this.#hasRoomFor(presumed.value)) return err({ kind: 'full' });
    }
    const entry = this.#validated(key, bytes);
    if (!entry.ok) return entry;
    const unwatch = watcher === undefined ? (): void => undefined : this.#watchers.add(key, watcher);
    const admitted = this.#admit(entry.value);
    if (admitted.ok) return ok({ hash, unwatch });
    unwatch();
    return admitted;
  }

  /** After a new block: removes its transactions, promotes those that waited for them, and revalidates a few others. */
  onBlock(number: number, blockHash: Uint8Array, included: readonly Included[]): void {
    for (const { hash, provides } of included) {
      const known = this.#ready.get(hash);
      if (known !== undefined) this.#ready.remove(known);
      this.#future.remove(hash);
      for (const tag of provides) {
        const rival = this.#ready.provider(tag);
        if (rival !== undefined) this.#drop(rival, { usurped: fromHex(hash) });
      }
      for (const tag of provides) this.#promote(tag);
    }
    const watched = included.filter(({ hash }) => this.#watchers.has(hash));
    for (const { hash } of watched) this.#watchers.notify(hash, { inBlock: blockHash });
    // The block is final already. But a client that is notified of finality at once cancels what it fetches for
    // `inBlock`, and so never reports that status to its user.
    if (watched.length > 0) {
      this.#chain.later(() => {
        for (const { hash } of watched) this.#watchers.notify(hash, { finalized: blockHash });
      });
    }
    this.#expire(number);
    this.#revalidate(number);
    this.#enforceLimits();
  }

  /** The tags that a transaction in the pool provides. */
  providesOf(hash: string): readonly string[] | undefined {
    return (this.#ready.get(hash) ?? this.#future.get(hash))?.provides;
  }

  /** Removes and bans a transaction that the author found invalid. `reason` is given to who submits it again. */
  reject(hash: string, reason?: string): void {
    const entry = this.#ready.get(hash) ?? this.#future.get(hash);
    if (entry === undefined) return;
    this.#banned.add(hash, reason);
    this.#drop(entry, 'invalid');
    this.#enforceLimits();
  }

  /** The author found that a ready transaction is not ready: it is the first to be validated after the block. */
  suspect(hash: string): void {
    const entry = this.#ready.get(hash);
    if (entry !== undefined) entry.validatedAt = -REVALIDATE_AFTER_BLOCKS;
  }

  /** Removes a valid transaction that found no room for long. It may be submitted again. */
  drop(hash: string): void {
    const entry = this.#ready.get(hash);
    if (entry === undefined) return;
    this.#drop(entry, 'dropped');
    this.#enforceLimits();
  }

  /** Removes and bans these transactions. Returns the hashes of those that were in the pool. */
  remove(hashes: readonly string[]): string[] {
    const removed = hashes.filter((hash) => {
      const entry = this.#ready.get(hash) ?? this.#future.get(hash);
      if (entry === undefined) return false;
      this.#banned.add(hash);
      this.#drop(entry, 'dropped');
      return true;
    });
    this.#enforceLimits();
    return removed;
  }

  #validated(
    hash: string,
    bytes: Uint8Array,
    validate: PoolChain['validate'] = (given) => this.#chain.validate(given),
  ): Result<Entry, PoolRefusal> {
    let validity: Validity;
    try {
      validity = validate(bytes);
    } catch (error) {
      return err({ kind: 'trapped', message: (error as Error).message });
    }
    if (!validity.ok) return err({ kind: 'validity', error: validity.error });
    const transaction = validity.value;
    const number = this.#chain.bestNumber();
    const entry: Entry = {
      hash,
      bytes,
      priority: transaction.priority,
      requires: transaction.requires.map(toHex),
      provides: transaction.provides.map(toHex),
      validTill: validTill(number, transaction),
      validatedAt: number,
      arrival: this.#arrivals++,
      misfitsOfOne: 0,
      misfits: 0,
    };
    if (entry.provides.length === 0) return err({ kind: 'noTags' });
    if (entry.requires.some((tag) => entry.provides.includes(tag))) return err({ kind: 'cycle' });
    return ok(entry);
  }

  /** The half of the pool that a transaction would be in, its bound, and the tags that it would wait for. */
  #halfFor(entry: Entry): { set: ReadySet | FutureSet; limit: Limit; missing: string[] } {
    const missing = this.#missing(entry);
    const [set, limit] = missing.length > 0 ? [this.#future, this.#limits.future] : [this.#ready, this.#limits.ready];
    return { set, limit, missing };
  }

  #missing({ requires }: Entry): string[] {
    return requires.filter((tag) => this.#ready.provider(tag) === undefined);
  }

  #rivals({ provides }: Entry): Set<Entry> {
    return new Set(provides.map((tag) => this.#ready.provider(tag)).filter((rival) => rival !== undefined));
  }

  /** Whether a transaction of so many bytes may find no room, in either half. */
  #isFull(bytes: number): boolean {
    const { ready, future } = this.#limits;
    return exceeds(this.#ready, ready, bytes) || exceeds(this.#future, future, bytes);
  }

  /** Whether a transaction stays in the pool: it replaces another, or there is room, or one that ranks lower. */
  #hasRoomFor(entry: Entry): boolean {
    const { set, limit } = this.#halfFor(entry);
    if (set === this.#ready && this.#rivals(entry).size > 0) return true;
    const worst = set.worst();
    if (!exceeds(set, limit, entry.bytes.length) || worst === undefined) return true;
    return compareRanks(set.rankOf(entry), worst.rank) > 0;
  }

  /** Puts a validated transaction into the ready or the future set. */
  #admit(entry: Entry): Result<void, PoolRefusal> {
    if (!this.#hasRoomFor(entry)) return err({ kind: 'full' });
    const { missing } = this.#halfFor(entry);
    if (missing.length > 0) {
      this.#future.insert(entry, missing);
      this.#watchers.notify(entry.hash, 'future');
    } else {
      const made = this.#makeReady(entry);
      if (!made.ok) return made;
    }
    this.#enforceLimits();
    const stays = this.#ready.get(entry.hash) !== undefined || this.#future.get(entry.hash) !== undefined;
    return stays ? ok(undefined) : err({ kind: 'full' });
  }

  /** Inserts into the ready set, replaces rivals of lower priority, and promotes those that waited for its tags. */
  #makeReady(entry: Entry): Result<void, PoolRefusal> {
    const rivals = this.#rivals(entry);
    if (rivals.size > 0) {
      const old = [...rivals].reduce((sum, { priority }) => sum + priority, 0n);
      if (old >= entry.priority) return err({ kind: 'tooLowPriority', old, new: entry.priority });
      // D42: others may have been refused because of the tag, which would be left without a provider.
      if ([...rivals].some(({ provides }) => !provides.every((tag) => entry.provides.includes(tag))))
        return err({ kind: 'abandonsTag' });
    }
    for (const rival of rivals) this.#ready.remove(rival);
    this.#ready.insert(entry);
    for (const rival of rivals) this.#watchers.notify(rival.hash, { usurped: fromHex(entry.hash) });
    this.#watchers.notify(entry.hash, 'ready');
    for (const tag of entry.provides) this.#promote(tag);
    for (const listener of this.#onReady) listener();
    return ok(undefined);
  }

  /** Promotes the future transactions that waited only for this tag, which is provided now. */
  #promote(tag: string): void {
    const freed = this.#future.satisfy(tag);
    for (const entry of freed) {
      if (!this.#makeReady(entry).ok) this.#watchers.notify(entry.hash, 'invalid');
    }
  }

  /** Removes a transaction from the pool. Its dependents become future. */
  #drop(entry: Entry, status: Parameters<Watchers['notify']>[1]): void {
    this.#ready.remove(entry);
    this.#future.remove(entry.hash);
    this.#watchers.notify(entry.hash, status);
    this.#demoteDependents(entry);
  }

  #demoteDependents(gone: Entry): void {
    const queue = [gone];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const tag of next.provides) {
        if (this.#ready.provider(tag) !== undefined) continue;
        for (const dependent of this.#ready.dependents(tag)) {
          this.#ready.remove(dependent);
          queue.push(dependent);
          this.#future.insert(dependent, this.#missing(dependent));
          this.#watchers.notify(dependent.hash, 'future');
        }
      }
    }
  }

  /** Drops the worst tails while a bound is exceeded. */
  #enforceLimits(): void {
    for (const [set, limit] of [
      [this.#ready, this.#limits.ready],
      [this.#future, this.#limits.future],
    ] as const) {
      while (exceeds(set, limit)) this.#drop(set.worst()!.entry, 'dropped');
    }
  }

  /** Removes mortal transactions whose last block has passed. */
  #expire(number: number): void {
    for (const entry of [...this.#ready.values(), ...this.#future.values()]) {
      if (entry.validTill > number) continue;
      this.#banned.add(entry.hash);
      this.#drop(entry, 'invalid');
    }
  }

  #revalidate(number: number): void {
    const due: Entry[] = [];
    for (const entry of [...this.#ready.values(), ...this.#future.values()]) {
      if (number - entry.validatedAt >= REVALIDATE_AFTER_BLOCKS) due.push(entry);
    }
    due.sort((a, b) => a.validatedAt - b.validatedAt);
    for (const entry of due.slice(0, REVALIDATED_PER_BLOCK)) this.#revalidateOne(entry);
  }

  /**
   * Updates its validity, and its place: a ready transaction whose required tags nothing provides any more waits for
   * them. One that keeps its place keeps its priority and tags.
   */
  #revalidateOne(old: Entry): void {
    const validated = this.#validated(old.hash, old.bytes);
    if (!validated.ok) {
      const { error } = validated;
      // `unknown` is no verdict: the transaction stays.
      if (error.kind === 'validity' && error.error.kind === 'unknown') return;
      this.#banned.add(old.hash);
      this.#drop(old, 'invalid');
      return;
    }
    const fresh = validated.value;
    old.validatedAt = fresh.validatedAt;
    old.validTill = fresh.validTill;
    const missing = this.#missing(fresh);
    const isFuture = this.#future.get(old.hash) !== undefined;
    if (isFuture === missing.length > 0) return;
    const { arrival, misfits, misfitsOfOne } = old;
    const entry = { ...fresh, arrival, misfits, misfitsOfOne };
    if (isFuture) {
      this.#future.remove(old.hash);
      if (!this.#makeReady(entry).ok) this.#watchers.notify(old.hash, 'invalid');
      return;
    }
    // The nonce of its account went back.
    this.#ready.remove(old);
    this.#future.insert(entry, missing);
    this.#watchers.notify(old.hash, 'future');
    this.#demoteDependents(old);
  }
}
