// When a client has followed what it was sent: before a transaction's `finalized` is sent, its client can fetch what it
// needs of the block that it was told of by `inBlock`.
//
// Finality comes with the block here. A client such as polkadot.js fetches the block and its events when it is sent
// `inBlock`, and drops that work when `finalized` arrives, so that its user never hears of `inBlock`. How long the
// fetching takes depends on the connection's delay and on how many transactions are in flight. So it is observed, in
// rounds:
//
//   1. A ping is sent behind all that was sent before. Its pong shows that the client has received that.
//   2. The requests that were received until the pong are answered.
//   3. A round in which nothing was requested is quiet. After two in a row, the client has followed.
//
// Two, because a client's library sends the pong by itself, and often before the program has handled what came before
// the ping. For the same reason a round takes ROUND_MS_MIN at least. Submissions do not count in step 3: a client that
// submits without a pause would be told of finality late. After FOLLOWED_MS_MAX a client counts as having followed,
// whatever it does.
import type { Clock } from '../node/index.js';

/** The longest time that `finalized` waits for a client. */
const FOLLOWED_MS_MAX = 5_000;
const QUIET_ROUNDS = 2;
const ROUND_MS_MIN = 50;

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
}

/** The rounds of one connection. What is sent during a round is followed by the next one. */
export class Following {
  readonly #probe: Probe;
  readonly #clock: Clock;
  readonly #unanswered = new Set<Arrival>();
  /** Those for which the next round begins, and those of the present one, each with the quiet rounds that it has had. */
  #waiting = new Map<() => void, number>();
  #round: Map<() => void, number> | undefined;
  /** What is left to answer of the messages that step 2 waits for. */
  #barrier: Set<Arrival> | undefined;
  #arrivals = 0;
  /** The last message with a request that counts in step 3. */
  #lastRead = 0;
  /** The last message that had arrived, and the time, when the present round began. */
  #before = 0;
  #beganMs = 0;
  #cancelNext: (() => void) | undefined;
  #closed = false;

  constructor(probe: Probe, clock: Clock) {
    this.#probe = probe;
    this.#clock = clock;
  }

  /** A message arrived. Call `answered` once its answer is sent. */
  arrived(): Arrival {
    const arrival = { number: ++this.#arrivals };
    this.#unanswered.add(arrival);
    return arrival;
  }

  /** A message holds a request of this method. */
  requested(arrival: Arrival, method: string): void {
    if (!SUBMISSIONS.has(method)) this.#lastRead = Math.max(this.#lastRead, arrival.number);
  }

  answered(arrival: Arrival): void {
    this.#unanswered.delete(arrival);
    if (this.#barrier?.delete(arrival) === true && this.#barrier.size === 0) this.#finish();
  }

  /** Resolves when the client has followed what it was sent until now; never if the connection closes first. */
  followed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) return;
      const end = (): void => {
        cancel();
        this.#waiting.delete(end);
        this.#round?.delete(end);
        if (!this.#closed) resolve();
      };
      const cancel = this.#clock.after(FOLLOWED_MS_MAX, end);
      this.#waiting.set(end, 0);
      if (this.#round === undefined && this.#cancelNext === undefined) this.#begin();
    });
  }

  close(): void {
    this.#closed = true;
    this.#barrier = undefined;
    this.#cancelNext?.();
    for (const end of [...this.#waiting.keys(), ...(this.#round?.keys() ?? [])]) end();
  }

  #begin(): void {
    this.#cancelNext = undefined;
    this.#round = this.#waiting;
    this.#waiting = new Map();
    this.#before = this.#arrivals;
    this.#beganMs = this.#clock.nowMs();
    this.#probe(() => {
      if (this.#closed) return;
      this.#barrier = new Set(this.#unanswered);
      if (this.#barrier.size === 0) this.#finish();
    });
  }

  #finish(): void {
    const round = this.#round ?? new Map<() => void, number>();
    const isQuiet = this.#lastRead <= this.#before;
    this.#barrier = undefined;
    this.#round = undefined;
    for (const [end, quietRounds] of round) {
      if (!isQuiet) this.#waiting.set(end, 0);
      else if (quietRounds + 1 < QUIET_ROUNDS) this.#waiting.set(end, quietRounds + 1);
      else end();
    }
    if (this.#waiting.size === 0) return;
    const restMs = ROUND_MS_MIN - (this.#clock.nowMs() - this.#beganMs);
    this.#cancelNext = this.#clock.after(Math.max(restMs, 0), () => this.#begin());
  }
}
