// Places for large answers: how many connections prepare or are sent one at the same time.
//
// A connection whose answers exceed LARGE_BYTES takes a place and keeps it until they are sent. While there is none, its
// tasks do not run. Without this, many clients that each ask for as much as one answer may have would take more memory
// together than their budget allows, and would be ended one after another (budget.ts).
import type { Clock } from '../node/index.js';
import type { ClientLine } from './turns.js';

/** Answers of a connection that take more need a place. */
export const LARGE_BYTES = 1 << 18;
const PLACES = 2;
/** While others wait, a client has this long to read what it asked for. Then the budget bounds what it leaves unread. */
const HELD_MS_MAX = 2_000;

/** All places, and who waits for one. */
export class Places {
  readonly #clock: Clock;
  /** In the order in which they were taken. */
  readonly #held = new Map<Place, number>();
  readonly #waiting = new Set<Place>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The place that a connection may take. While it waits for it, its line rests. */
  of(line: ClientLine): Place {
    return new Place(this, line);
  }

  /** For Place. */
  need(place: Place): void {
    if (this.#held.has(place)) return;
    if (this.#held.size < PLACES) return void this.#held.set(place, this.#clock.nowMs());
    this.#waiting.add(place);
    place.line.hold('place');
    this.#watch();
  }

  /** For Place. */
  leave(place: Place): void {
    if (this.#waiting.delete(place)) place.line.release('place');
    if (!this.#held.delete(place)) return;
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#held.set(next, this.#clock.nowMs());
      next.line.release('place');
      break;
    }
    this.#cancel?.();
    this.#watch();
  }

  /** Passes on the place that was taken first, once it is held for too long and another connection waits for it. */
  #watch(): void {
    if (this.#cancel !== undefined || this.#waiting.size === 0) return;
    const [first, sinceMs] = this.#held.entries().next().value!;
    const cancel = this.#clock.after(Math.max(0, sinceMs + HELD_MS_MAX - this.#clock.nowMs()), () => {
      this.#cancel = undefined;
      this.leave(first);
    });
    this.#cancel = () => {
      this.#cancel = undefined;
      cancel();
    };
  }
}

/** The place of one connection. */
export class Place {
  readonly #places: Places;

  /** Use `Places.of`. */
  constructor(
    places: Places,
    readonly line: ClientLine,
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
