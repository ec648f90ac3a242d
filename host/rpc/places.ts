// Places: how many connections have a large message or a large answer in work at the same time. Others wait, without being
// read or without working on, so that many of them together don't take more memory than their budget allows, for which they
// would be ended one after another (budget.ts), and none be served.
//
// For answers: a connection whose answers exceed LARGE_BYTES takes a place and keeps it until they are sent. For messages:
// one whose unanswered messages exceed LARGE_BYTES.
import type { Clock } from '../node/index.js';

/** What takes more needs a place. */
export const LARGE_BYTES = 1 << 18;
export const ANSWER_PLACES = 2;
/** The longest message is counted as 30 MiB: two would be more than the budget. */
export const MESSAGE_PLACES = 1;
/** While others wait, a place is passed on after this time. */
const HELD_MS_MAX = 2_000;
const LOOK_MS = 250;

/** What may take a place. */
export interface Holder {
  /** It rests from now on. */
  hold(): void;
  /** It works on. */
  release(): void;
  /** Whether it waits for its client: to send the rest of a message, or to read an answer. */
  isIdle(): boolean;
}

/** All places of a kind, and who waits for one. */
export class Places {
  readonly #clock: Clock;
  readonly #count: number;
  readonly #hasRoom: () => boolean;
  /** In the order in which they were taken. */
  readonly #held = new Map<Place, number>();
  readonly #waiting = new Set<Place>();
  #cancel: (() => void) | undefined;

  /** `hasRoom`: whether there is memory for one more than `count`. */
  constructor(clock: Clock, count: number, hasRoom: () => boolean) {
    this.#clock = clock;
    this.#count = count;
    this.#hasRoom = hasRoom;
  }

  /** The place that `holder` may take. */
  of(holder: Holder): Place {
    return new Place(this, holder);
  }

  /** For Place. */
  need(place: Place): void {
    if (this.#held.has(place) || this.#waiting.has(place)) return;
    if (this.#held.size < this.#count) return void this.#held.set(place, this.#clock.nowMs());
    this.#waiting.add(place);
    place.holder.hold();
    this.#watch();
  }

  /** For Place. */
  leave(place: Place): void {
    if (this.#waiting.delete(place)) place.holder.release();
    if (!this.#held.delete(place)) return;
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#held.set(next, this.#clock.nowMs());
      next.holder.release();
      break;
    }
  }

  /**
   * While any wait, looks for places that are held for too long. Of those who wait for their clients, what they leave is
   * the budget's. Those that this node works for share it with others only while there is memory for more.
   */
  #watch(): void {
    if (this.#cancel !== undefined || this.#waiting.size === 0) return;
    this.#cancel = this.#clock.after(LOOK_MS, () => {
      this.#cancel = undefined;
      const beforeMs = this.#clock.nowMs() - HELD_MS_MAX;
      for (const [place, sinceMs] of [...this.#held]) {
        if (sinceMs <= beforeMs && this.#waiting.size > 0 && (place.holder.isIdle() || this.#hasRoom()))
          this.leave(place);
      }
      this.#watch();
    });
  }
}

/** The place of one connection. */
export class Place {
  readonly #places: Places;

  /** Use `Places.of`. */
  constructor(
    places: Places,
    readonly holder: Holder,
  ) {
    this.#places = places;
  }

  /** Takes a place, or waits for one. */
  need(): void {
    this.#places.need(this);
  }

  /** Gives it back, if it has one, or waits no more. */
  leave(): void {
    this.#places.leave(this);
  }
}
