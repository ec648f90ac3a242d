// The state of each package in progress, from its submission to its last stage.
import { toHex } from '../bytes/index.js';
import { type Progress, RECENT_BLOCKS } from '../contract/index.js';
import type { Encoded } from '../erasure/index.js';
import type { BlockId } from '../incore/index.js';
import type { Ticket } from './queues/intake.js';
import type { Candidate } from './selection/candidates.js';
import type { Submitter } from './queues/fairness.js';

/** A package in progress: from submission to its last stage. */
export interface Flight {
  readonly ticket: Ticket;
  readonly submitter: Submitter;
  state: FlightState;
}

export type FlightState =
  | { readonly at: 'submitted' }
  /** Its core works on it. `context`: the hash of its context block. */
  | { readonly at: 'authorized'; readonly core: number; readonly context: Uint8Array }
  /** It waits to be Registered. After a restart its shards are made anew, once they are needed. */
  | { readonly at: 'attested'; readonly candidate: Candidate; readonly shards: () => Encoded }
  /** Registered in `block`. */
  | { readonly at: 'registered'; readonly core: number; readonly block: BlockId }
  /** It waits for accumulation, usually for less than a block. */
  | { readonly at: 'available'; readonly core: number; readonly block: BlockId };

/** The state of a package after `block` has taken it to `stage`; undefined if it is concluded. */
export function stateAfter({ stage, core }: Progress, state: FlightState, block: BlockId): FlightState | undefined {
  switch (stage) {
    case 'registered':
      return { at: 'registered', core, block };
    case 'available':
      return { at: 'available', core, block: 'block' in state ? state.block : block };
    case 'timedOut':
    case 'accumulated':
    case 'discarded':
      return undefined;
  }
}

/** Whether a package in progress is not on the chain yet. */
export function isUnregistered(flight: Flight | undefined): boolean {
  return flight !== undefined && flight.state.at !== 'registered' && flight.state.at !== 'available';
}

/** A package behind so many others that are not Registered has to wait for them at least as long as any may wait. */
const CHAIN_MAX = RECENT_BLOCKS;

/** Whether a package's prerequisite is neither Registered nor authorized here, or is stuck itself. */
export function isStuck(
  ticket: Ticket,
  flights: ReadonlyMap<string, Flight>,
  isRegistered: (hash: Uint8Array) => boolean,
): boolean {
  let { prerequisite } = ticket;
  for (let behind = 0; prerequisite !== undefined; behind++) {
    if (behind === CHAIN_MAX) return true;
    const flight = flights.get(toHex(prerequisite));
    if (flight === undefined) return !isRegistered(prerequisite);
    if (flight.state.at === 'submitted') return true; // it has no place yet, for which the package may have to leave
    if (!isUnregistered(flight)) return false;
    ({ prerequisite } = flight.ticket);
  }
  return false;
}

/** Whether a package's prerequisite, if it has one, is Registered, or refined and not stuck. */
export function canFollow(
  { prerequisite }: Ticket,
  flights: ReadonlyMap<string, Flight>,
  isRegistered: (hash: Uint8Array) => boolean,
): boolean {
  if (prerequisite === undefined) return true;
  const flight = flights.get(toHex(prerequisite));
  if (flight === undefined) return isRegistered(prerequisite);
  if (flight.state.at === 'attested') return !isStuck(flight.ticket, flights, isRegistered);
  return !isUnregistered(flight);
}
