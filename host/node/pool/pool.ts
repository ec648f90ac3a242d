// The transaction pool: what clients submitted and no block holds yet.
//
// A transaction is validated once, when it arrives, on the best block's state. From then on its tags decide: it is
// *ready* when every tag it requires is provided by another ready transaction, else it waits as *future*; a block
// prunes whatever provides a tag that the block's transactions provided. After each block a few of the transactions
// validated longest ago are validated again, so that nothing rots here and no block pays for the whole pool.
// One transaction provides a tag: a newcomer must outbid the sum of those it replaces. What depended on one that left
// becomes future again. What the runtime makes of a transaction is validity.ts; which go in a block is the author's.
import { blake2_256, err, fromHex, ok, toHex, type Result } from '../../bytes/index.js';
import { isWholeExtrinsic } from '../header.js';
import type { Validity } from '../validity.js';
import { Banned } from './banned.js';
import { DEFAULT_LIMITS, validTill } from './entry.js';
import type { Entry, Included, PoolLimits, PoolRefusal, Submission, Watcher } from './entry.js';
import { FutureSet } from './future.js';
import { ReadySet, type Candidates } from './ready.js';
import { Watchers } from './watchers.js';

/** What the pool needs of the chain. */
export interface PoolChain {
  /** validate_transaction on the best block. Throws when the runtime traps. */
  validate(bytes: Uint8Array): Validity;
  bestNumber(): number;
  nowMs(): number;
  /** Call a little later, when clients have had time to look at the block they were told of. */
  later(call: () => void): void;
  /** An exception in someone else's callback. */
  onFault(error: unknown): void;
}

/** How many of the longest-waiting transactions are validated again after a block. */
const REVALIDATED_PER_BLOCK = 16;
/** No transaction is validated again before this many blocks have passed. */
const REVALIDATE_AFTER_BLOCKS = 8;

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

  /** Hear whenever a transaction becomes ready. */
  onReady(listener: () => void): void {
    this.#onReady.add(listener);
  }

  /** Take a transaction in, or say why not. A watcher given hears its statuses, the first one before this returns. */
  submit(bytes: Uint8Array, watcher?: Watcher): Result<Submission, PoolRefusal> {
    if (!isWholeExtrinsic(bytes)) {
      const message = 'the bytes are no extrinsic: their length prefix does not match their length';
      return err({ kind: 'malformed', message });
    }
    const hash = blake2_256(bytes);
    const key = toHex(hash);
    if (this.#banned.has(key)) return err({ kind: 'banned' });
    if (this.#ready.get(key) !== undefined || this.#future.get(key) !== undefined) {
      return err({ kind: 'alreadyImported', hash: key });
    }
    if (watcher !== undefined && this.#watchers.full) return err({ kind: 'full' });

    const entry = this.#validated(key, bytes);
    if (!entry.ok) return entry;
    const unwatch = watcher === undefined ? (): void => undefined : this.#watchers.add(key, watcher);
    const admitted = this.#admit(entry.value);
    if (admitted.ok) return ok({ hash, unwatch });
    unwatch();
    return admitted;
  }

  /** A new block stands: forget what it holds, free what waited for it, and look again at what has waited longest. */
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
    for (const { hash } of watched) this.#watchers.tell(hash, { inBlock: blockHash });
    // Final it is already. But clients that are told at once drop what they were fetching for the status before, and
    // those that wait for a transaction to be in a block would never hear of it.
    if (watched.length > 0) {
      this.#chain.later(() => {
        for (const { hash } of watched) this.#watchers.tell(hash, { finalized: blockHash });
      });
    }
    this.#expire(number);
    this.#revalidate(number);
  }

  /** The tags that a transaction in the pool provides. */
  providesOf(hash: string): readonly string[] | undefined {
    return (this.#ready.get(hash) ?? this.#future.get(hash))?.provides;
  }

  /** The author found this one invalid: out with it, and don't come back soon. */
  reject(hash: string): void {
    const entry = this.#ready.get(hash) ?? this.#future.get(hash);
    if (entry === undefined) return;
    this.#banned.add(hash);
    this.#drop(entry, 'invalid');
  }

  /** Take these out on request, and refuse them for a while. Answers those that were there. */
  remove(hashes: readonly string[]): string[] {
    return hashes.filter((hash) => {
      const entry = this.#ready.get(hash) ?? this.#future.get(hash);
      if (entry === undefined) return false;
      this.#banned.add(hash);
      this.#drop(entry, 'dropped');
      return true;
    });
  }

  #validated(hash: string, bytes: Uint8Array): Result<Entry, PoolRefusal> {
    let validity: Validity;
    try {
      validity = this.#chain.validate(bytes);
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
      misfits: 0,
    };
    if (entry.provides.length === 0) return err({ kind: 'noTags' });
    if (entry.requires.some((tag) => entry.provides.includes(tag))) return err({ kind: 'cycle' });
    return ok(entry);
  }

  /** Put a validated transaction where it belongs. */
  #admit(entry: Entry): Result<void, PoolRefusal> {
    const missing = entry.requires.filter((tag) => this.#ready.provider(tag) === undefined);
    if (missing.length > 0) {
      this.#future.insert(entry, missing);
      this.#watchers.tell(entry.hash, 'future');
    } else {
      const made = this.#makeReady(entry);
      if (!made.ok) return made;
    }
    return this.#enforceLimits(entry) ? ok(undefined) : err({ kind: 'full' });
  }

  /** Insert into the ready set, replacing those it outbids and freeing those that waited for it. */
  #makeReady(entry: Entry): Result<void, PoolRefusal> {
    const rivals = new Set(
      entry.provides.map((tag) => this.#ready.provider(tag)).filter((rival) => rival !== undefined),
    );
    if (rivals.size > 0) {
      const old = [...rivals].reduce((sum, { priority }) => sum + priority, 0n);
      if (old >= entry.priority) return err({ kind: 'tooLowPriority', old, new: entry.priority });
      if ([...rivals].some(({ provides }) => provides.some((tag) => entry.requires.includes(tag))))
        return err({ kind: 'cycle' });
    }
    for (const rival of rivals) this.#ready.remove(rival);
    this.#ready.insert(entry);
    for (const rival of rivals) {
      this.#watchers.tell(rival.hash, { usurped: fromHex(entry.hash) });
      this.#demoteDependents(rival);
    }
    this.#watchers.tell(entry.hash, 'ready');
    for (const tag of entry.provides) this.#promote(tag);
    for (const listener of this.#onReady) listener();
    return ok(undefined);
  }

  /** A tag is provided now, by the chain or by a ready transaction. */
  #promote(tag: string): void {
    const freed = this.#future.satisfy(tag);
    for (const entry of freed) {
      if (!this.#makeReady(entry).ok) this.#watchers.tell(entry.hash, 'invalid');
    }
  }

  /** Take one out of either half; what depended on it waits again. */
  #drop(entry: Entry, status: Parameters<Watchers['tell']>[1]): void {
    this.#ready.remove(entry);
    this.#future.remove(entry.hash);
    this.#watchers.tell(entry.hash, status);
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
          this.#future.insert(
            dependent,
            dependent.requires.filter((required) => this.#ready.provider(required) === undefined),
          );
          this.#watchers.tell(dependent.hash, 'future');
        }
      }
    }
  }

  /** Give up the worst while there is too much; answers whether `newcomer` is still here. */
  #enforceLimits(newcomer: Entry): boolean {
    for (const [set, limit] of [
      [this.#ready, this.#limits.ready],
      [this.#future, this.#limits.future],
    ] as const) {
      while (set.size > limit.count || set.bytes > limit.bytes) this.#drop(set.worst()!, 'dropped');
    }
    return this.#ready.get(newcomer.hash) !== undefined || this.#future.get(newcomer.hash) !== undefined;
  }

  /** Mortal transactions whose last block has passed. */
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

  /** Only its own verdict is read anew: the order of the pool must not change under a transaction that stays valid. */
  #revalidateOne(old: Entry): void {
    const validated = this.#validated(old.hash, old.bytes);
    if (!validated.ok) {
      const { error } = validated;
      // Without information nothing is decided; everything else is a verdict.
      if (error.kind === 'validity' && error.error.kind === 'unknown') return;
      this.#banned.add(old.hash);
      this.#drop(old, 'invalid');
      return;
    }
    const fresh = validated.value;
    old.validatedAt = fresh.validatedAt;
    old.validTill = fresh.validTill;
    const wasFuture = this.#future.get(old.hash) !== undefined;
    if (!wasFuture) return;
    const missing = fresh.requires.filter((tag) => this.#ready.provider(tag) === undefined);
    if (missing.length > 0) return;
    this.#future.remove(old.hash);
    if (!this.#makeReady({ ...fresh, arrival: old.arrival }).ok) this.#watchers.tell(old.hash, 'invalid');
  }
}
