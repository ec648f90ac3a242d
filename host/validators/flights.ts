// The state of each package in progress, from its submission to its last stage.
import type { Progress } from '../contract/index.js';
import type { Encoded } from '../erasure/index.js';
import type { BlockId } from '../incore/index.js';
import type { Ticket } from './intake.js';
import type { Candidate } from './candidates.js';

/** A package in progress: from submission to its last stage. */
export interface Flight {
  readonly ticket: Ticket;
  state: FlightState;
}

type FlightState =
  | { readonly at: 'submitted' }
  /** Its core works on it. */
  | { readonly at: 'authorized' }
  /** It waits to be Registered. */
  | { readonly at: 'attested'; readonly candidate: Candidate; readonly shards: Encoded }
  /** Registered in `block`. The shards are kept until they are sent. */
  | { readonly at: 'registered'; readonly core: number; readonly block: BlockId; readonly shards: Encoded | undefined }
  /** It waits for accumulation, usually for less than a block. */
  | { readonly at: 'available'; readonly core: number; readonly block: BlockId };

/** The state of a package after `block` has taken it to `stage`; undefined if it is concluded. */
export function stateAfter({ stage, core }: Progress, state: FlightState, block: BlockId): FlightState | undefined {
  switch (stage) {
    case 'registered':
      return { at: 'registered', core, block, shards: state.at === 'attested' ? state.shards : undefined };
    case 'available':
      return { at: 'available', core, block: 'block' in state ? state.block : block };
    case 'timedOut':
    case 'accumulated':
    case 'discarded':
      return undefined;
  }
}
