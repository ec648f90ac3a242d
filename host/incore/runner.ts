// Who carries out a guest's run: `runGuest` of host/executor in this process, or a child process (children.ts). A guest's
// failure is a value; a runner that throws or rejects has failed itself, and nothing about the package follows from it.
import { Failure, ok, type Result } from '../bytes/index.js';
import type { GuestResult, GuestRun } from '../executor/index.js';
import { refuse, type Refusal } from './refusal.js';

export type { GuestResult, GuestRun } from '../executor/index.js';

/** What the host functions of a guest in-core answer from, as of its package's context block. */
export interface GuestView {
  /** What the package's authorization is over (D18). */
  message(): Uint8Array;
  /** The chain, for `refine` alone. */
  readonly chain?: {
    /** Height of the context block. */
    readonly height: number;
    /** The state root in the header of this height, the context block's or one before it. */
    stateRoot(height: number): Uint8Array | undefined;
    /** The preimage of `hash` in the Storage pallet. */
    lookup(hash: Uint8Array): Uint8Array | undefined;
  };
}

/** A run in-core. */
export interface InCoreRun extends GuestRun {
  /** What `functions` answer from, for a runner in another process, which makes them there. */
  readonly view: GuestView;
}

export type GuestRunner = (run: InCoreRun) => GuestResult | Promise<GuestResult>;

/** This machine stopped the guest, or lost it. `message` says why, and completes "the guest …". */
export class GuestStopped extends Failure {}

/** Runs a guest; where this machine stops it that is a refusal, and never a verdict: another machine may well go on. */
export async function runOrRefuse(
  runGuest: GuestRunner,
  run: InCoreRun,
  whose: string,
): Promise<Result<GuestResult, Refusal>> {
  try {
    return ok(await runGuest(run));
  } catch (error) {
    if (!(error instanceof GuestStopped)) throw error;
    return refuse(
      'hostFault',
      `${whose} ${error.message}: this says nothing about the package, which may be submitted again`,
    );
  }
}
