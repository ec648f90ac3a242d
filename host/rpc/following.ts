// When a client has followed what it was sent: before a transaction's `finalized` is sent, its client can fetch what it
// needs of the block that it was told of by `inBlock`.
//
// Finality comes with the block here. A client such as polkadot.js fetches the block and its events when it is sent
// `inBlock`, and drops that work when `finalized` arrives, so that its user never hears of `inBlock`. How long the
// fetching takes depends on the connection's delay and on how many transactions are in flight. So it is observed, in
// rounds:
//
//   1. A ping is sent behind all that was sent before. Its pong shows that the client has received that.
//   2. The client has time to act on it: as long as the pong took, and ACTING_MS_MIN at least. A program that is busy, as with
//      the metadata of a new runtime, is slow to send the pong, too.
//   3. The requests that were received until then are answered.
//   4. A round in which nothing was requested is quiet. After two in a row, the client has followed.
//
// Two, because a client's library sends the pong by itself, and often before the program has handled what came before
// the ping. Submissions do not count in step 4: a client that
// submits without a pause would be told of finality late.
//
// A client that never rests, because it polls something else, has followed at the end of a round once it has not named the
// block in a request for UNNAMED_MS_MAX. Nothing is lost by waiting for the pong of a busy client, which would
// not read `finalized` either. But some clients send no pongs: until the first one came, the wait ends after UNNAMED_MS_MAX
// within a round, too. After FOLLOWED_MS_MAX a client counts as having followed, whatever it does.
import { isObject, type Clock } from '../node/index.js';

/** How long `finalized` waits for a client that sends other requests, or no pongs. */
const UNNAMED_MS_MAX = 5_000;
/** The longest time that `finalized` waits for a client. */
const FOLLOWED_MS_MAX = 30_000;
const QUIET_ROUNDS = 2;
const ACTING_MS_MIN = 50;
const ACTING_MS_MAX = 1_000;

/** Methods that a client does not follow a block with. */
const SUBMISSIONS: ReadonlySet<string> = new Set([
  'author_submitExtrinsic',
  'author_submitAndWatchExtrinsic',
  'author_unwatchExtrinsic',
  'corejam_submitPackage',
]);

/** Calls back once the client has received everything that was sent before. */
export type Probe = (received: () => void) => void;

/** A message of the client that is not answered yet. */
export interface Arrival {
  readonly number: number;
  /** The blocks that its requests name, of those that are being followed. */
  readonly about: Set<string>;
}

/** What `finalized` of one transaction waits for. */
interface Follower {
  /** The hash of its block, in hex. */
  readonly block: string;
  quietRounds: number;
  end(): void;
}

/** The rounds of one connection. What is sent during a round is followed by the next one. */
export class Following {
  readonly #probe: Probe;
  readonly #clock: Clock;
  readonly #unanswered = new Set<Arrival>();
  /** Those for which the next round begins, and those of the present one. */
  #waiting = new Set<Follower>();
  #round: Set<Follower> | undefined;
  /** When each of the blocks was last sent to the client, named by it, or part of an answer to it; and its followers. */
  readonly #blocks = new Map<string, { namedMs: number; followers: number }>();
  #hasPonged = false;
  /** What is left to answer of the messages that step 3 waits for. */
  #barrier: Set<Arrival> | undefined;
  #arrivals = 0;
  /** The last message with a request that counts in step 4. */
  #lastRead = 0;
  /** The last message that had arrived when the present round began. */
  #before = 0;
  #cancelActing: (() => void) | undefined;
  #closed = false;

  constructor(probe: Probe, clock: Clock) {
    this.#probe = probe;
    this.#clock = clock;
  }

  /** A message arrived. Call `answered` once its answer is sent. */
  arrived(): Arrival {
    const arrival = { number: ++this.#arrivals, about: new Set<string>() };
    this.#unanswered.add(arrival);
    return arrival;
  }

  /** A message holds a request of this method. */
  requested(arrival: Arrival, method: string, params?: unknown): void {
    if (SUBMISSIONS.has(method)) return;
    this.#lastRead = Math.max(this.#lastRead, arrival.number);
    if (this.#blocks.size === 0) return;
    for (const value of isObject(params) || Array.isArray(params) ? Object.values(params) : []) {
      if (typeof value !== 'string' || !this.#blocks.has(value)) continue;
      arrival.about.add(value);
      this.#named(value);
    }
  }

  answered(arrival: Arrival): void {
    this.#unanswered.delete(arrival);
    for (const block of arrival.about) this.#named(block);
    if (this.#barrier?.delete(arrival) === true && this.#barrier.size === 0) this.#finish();
  }

  /** Resolves when the client has followed this block, of which it has just been told; never if the connection closes first. */
  followed(block: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) return;
      const end = (): void => {
        cancel();
        this.#waiting.delete(follower);
        this.#round?.delete(follower);
        this.#forget(block);
        if (!this.#closed) resolve();
      };
      const follower = { block, quietRounds: 0, end };
      let cancel = this.#clock.after(UNNAMED_MS_MAX, () => {
        if (!this.#hasPonged) return end();
        cancel = this.#clock.after(FOLLOWED_MS_MAX - UNNAMED_MS_MAX, end);
      });
      const { followers } = this.#blocks.get(block) ?? { followers: 0 };
      this.#blocks.set(block, { namedMs: this.#clock.nowMs(), followers: followers + 1 });
      this.#waiting.add(follower);
      if (this.#round === undefined) this.#begin();
    });
  }

  close(): void {
    this.#closed = true;
    this.#barrier = undefined;
    this.#cancelActing?.();
    for (const { end } of [...this.#waiting, ...(this.#round ?? [])]) end();
  }

  #begin(): void {
    this.#round = this.#waiting;
    this.#waiting = new Set();
    this.#before = this.#arrivals;
    const beganMs = this.#clock.nowMs();
    this.#probe(() => {
      if (this.#closed) return;
      this.#hasPonged = true;
      const tookMs = this.#clock.nowMs() - beganMs;
      const actingMs = Math.min(Math.max(tookMs, ACTING_MS_MIN), ACTING_MS_MAX);
      this.#cancelActing = this.#clock.after(actingMs, () => {
        this.#barrier = new Set(this.#unanswered);
        if (this.#barrier.size === 0) this.#finish();
      });
    });
  }

  #finish(): void {
    const round = this.#round ?? new Set<Follower>();
    const isQuiet = this.#lastRead <= this.#before;
    const nowMs = this.#clock.nowMs();
    this.#barrier = undefined;
    this.#round = undefined;
    for (const follower of round) {
      follower.quietRounds = isQuiet ? follower.quietRounds + 1 : 0;
      const { namedMs } = this.#blocks.get(follower.block)!;
      if (follower.quietRounds === QUIET_ROUNDS || nowMs - namedMs >= UNNAMED_MS_MAX) follower.end();
      else this.#waiting.add(follower);
    }
    if (this.#waiting.size > 0) this.#begin();
  }

  #named(block: string): void {
    const known = this.#blocks.get(block);
    if (known !== undefined) known.namedMs = this.#clock.nowMs();
  }

  #forget(block: string): void {
    const known = this.#blocks.get(block)!;
    if (--known.followers === 0) this.#blocks.delete(block);
  }
}
