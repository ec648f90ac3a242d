// The stages of packages: clients learn of a stage only once it is on disk, so that no restart takes it back.
//
// What a block does to packages is written in the transaction of that block (`join`). What happens between blocks is
// collected and written in one transaction for each turn of the event loop, because each takes the disk's time; at the
// latest with the next block. A full disk delays what is told, and loses nothing.
import { equal, Failure } from '../bytes/index.js';
import { Batch, type Database } from '../db/index.js';
import { keyOf } from './key-of.js';
import type { PackageStore } from './package-store.js';
import { type StageEvent, storyAfter, type Tracker } from './tracker.js';

export class Journal {
  readonly #database: Pick<Database, 'write'>;
  readonly #store: PackageStore;
  readonly #tracker: Tracker;
  readonly #warn: (message: string) => void;
  /** What is not on disk yet. */
  #events: StageEvent[] = [];
  #writes = new Batch();
  /** Called after the next try to write all that waits. */
  #waiting: ((failure: string | undefined) => void)[] = [];
  #isScheduled = false;
  #isFailing = false;
  #isClosed = false;

  constructor(
    database: Pick<Database, 'write'>,
    store: PackageStore,
    tracker: Tracker,
    warn: (message: string) => void,
  ) {
    this.#database = database;
    this.#store = store;
    this.#tracker = tracker;
    this.#warn = warn;
  }

  /** Takes a stage that was reached between blocks, and the writes of `change` that belong to it. */
  record(event: StageEvent, change: (batch: Batch) => void = () => undefined): void {
    this.#events.push(event);
    change(this.#writes);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.tryToWrite();
    });
  }

  /** Whether the last try to write failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Calls once what was recorded last is on disk, or, with the reason, once it could not be written. */
  whenWritten(call: (failure: string | undefined) => void): void {
    this.#waiting.push(call);
  }

  /** The story is forgotten: it is removed with the next writes. */
  forget(hash: Uint8Array): void {
    this.#store.removeStory(this.#writes, hash);
  }

  /** The last stage of a package, told or not. */
  last(hash: Uint8Array): StageEvent | undefined {
    const waiting = this.#events.findLast((event) => equal(event.package, hash));
    return waiting ?? this.#tracker.told(hash)?.at(-1);
  }

  /**
   * Adds all that waits, and then these stages, to the batch of a block. Returns what tells them, to be called once the
   * batch is written.
   */
  join(batch: Batch, events: readonly StageEvent[]): () => void {
    const all = [...this.#events, ...events];
    for (const write of this.#writes.writes) batch.writes.push(write);
    const stories = new Map<string, StageEvent[]>();
    for (const event of all) {
      const key = keyOf(event.package);
      stories.set(key, storyAfter(stories.get(key) ?? this.#tracker.told(event.package) ?? [], event));
    }
    for (const story of stories.values()) this.#store.putStory(batch, story[0]!.package, story);
    return () => {
      this.#events = [];
      this.#writes = new Batch();
      this.#isFailing = false;
      const waiting = this.#waiting.splice(0);
      for (const event of all) this.#tracker.record(event);
      for (const call of waiting) call(undefined);
    };
  }

  /** Writes all that waits, and tells it. Throws a Failure if the database can't be written. */
  write(): void {
    if (this.#isClosed || (this.#events.length === 0 && this.#writes.writes.length === 0)) return;
    const batch = new Batch();
    const durable = this.join(batch, []);
    try {
      this.#database.write(batch);
    } catch (error) {
      if (!this.#isFailing) this.#warn(`the stages of packages are told later: ${reasonOf(error)}`);
      this.#isFailing = true;
      throw error;
    }
    durable();
  }

  /** The same; if the database can't be written, all goes on waiting. */
  tryToWrite(): void {
    try {
      this.write();
    } catch (error) {
      for (const call of this.#waiting.splice(0)) call(reasonOf(error));
    }
  }

  /** Writes what it can. Nothing is written afterwards. */
  close(): void {
    this.tryToWrite();
    this.#isClosed = true;
  }
}

/** A Failure's sentence; of anything else, which is a bug, its stack. */
function reasonOf(error: unknown): string {
  return error instanceof Failure ? error.message : String((error as Error).stack);
}
