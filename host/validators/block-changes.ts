// What a block does to the packages in progress: found out before the block is written, and done once it is.
import { toHex } from '../bytes/index.js';
import type { Batch } from '../db/index.js';
import type { Candidate } from './selection/candidates.js';
import type { Flight, FlightState } from './flights.js';
import type { PackageStore } from './package-store.js';
import type { StageDetail } from './tracker.js';

/** A stage that a package reached with the block. */
interface Reached {
  readonly hash: Uint8Array;
  readonly core: number | undefined;
  readonly detail: StageDetail;
}

export class BlockChanges {
  readonly #flights: ReadonlyMap<string, Flight>;
  /** The new states; undefined for packages that are concluded. */
  readonly #states = new Map<string, FlightState | undefined>();
  readonly #reached: Reached[] = [];

  constructor(flights: ReadonlyMap<string, Flight>) {
    this.#flights = flights;
  }

  /** The stages in the order in which packages reached them. */
  get reached(): readonly Reached[] {
    return this.#reached;
  }

  /** The state of a package after what is known so far; undefined if it is not in progress. */
  stateOf(hash: Uint8Array): FlightState | undefined {
    const key = toHex(hash);
    return this.#states.has(key) ? this.#states.get(key) : this.#flights.get(key)?.state;
  }

  /** The packages in progress after what is known so far, with their states. */
  inProgress(): [Flight, FlightState][] {
    const there: [Flight, FlightState][] = [];
    for (const [key, flight] of this.#flights) {
      const state = this.#states.has(key) ? this.#states.get(key) : flight.state;
      if (state !== undefined) there.push([flight, state]);
    }
    return there;
  }

  /** A package in progress reaches a stage. */
  reach(hash: Uint8Array, core: number | undefined, detail: StageDetail): void {
    this.#reached.push({ hash, core, detail });
  }

  /** A package in progress has another state; undefined: it is concluded. */
  move(hash: Uint8Array, state: FlightState | undefined): void {
    this.#states.set(toHex(hash), state);
  }

  /** A package reaches its last stage. */
  conclude(hash: Uint8Array, core: number | undefined, detail: StageDetail): void {
    this.reach(hash, core, detail);
    this.move(hash, undefined);
  }

  /** The last stage that the package reached with the block. */
  last(hash: Uint8Array): StageDetail | undefined {
    const key = toHex(hash);
    return this.#reached.findLast((one) => toHex(one.hash) === key)?.detail;
  }

  /** What is not needed any more on disk. */
  write(store: PackageStore, batch: Batch): void {
    for (const [key, state] of this.#states) {
      const { hash } = this.#flights.get(key)!.ticket;
      if (state === undefined) store.removePackage(batch, hash);
      else if (state.at !== 'attested') store.removeAttestation(batch, hash);
    }
  }

  /**
   * The block is durable: changes the packages. `conclude` is called for those that are concluded, `leave` for candidates
   * that wait to be Registered no longer.
   */
  done(conclude: (flight: Flight) => void, leave: (candidate: Candidate) => void): void {
    for (const [key, state] of this.#states) {
      const flight = this.#flights.get(key)!;
      if (flight.state.at === 'attested' && state?.at !== 'attested') leave(flight.state.candidate);
      if (state === undefined) conclude(flight);
      else flight.state = state;
    }
  }
}
