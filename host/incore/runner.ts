// The interface that runs a guest: implemented by `runGuest` of host/executor in this process, and by children.ts in a
// child process. A guest's failure is a value. A runner throws or rejects only if this machine failed, which says
// nothing about the package.
import { Failure, ok, type Result } from '../bytes/index.js';
import type { GuestResult, GuestRun } from '../executor/index.js';
import { refuse, type Refusal } from './refusal.js';

export type { GuestResult, GuestRun } from '../executor/index.js';

/** A preimage whose length is known before it is read. */
interface Preimage {
  readonly length: number;
  read(): Uint8Array;
}

/** The data that host functions of an in-core guest read, as of its package's context block. */
export interface GuestView {
  /** The package message (D18). */
  message(): Uint8Array;
  /** The chain, for `refine` only. */
  readonly chain?: {
    /** Height of the context block. */
    readonly height: number;
    /** The state root in the header at this height, at most that of the context block. */
    stateRoot(height: number): Uint8Array | undefined;
    /** The preimage of `hash` in the Storage pallet, which is read only when it is asked for. */
    lookup(hash: Uint8Array): Preimage | undefined;
  };
}

/** A run in-core. */
export interface InCoreRun extends GuestRun {
  /** The data behind `functions`. A runner in another process makes `functions` there from this. */
  readonly view: GuestView;
}

export type GuestRunner = (run: InCoreRun) => GuestResult | Promise<GuestResult>;

/** This machine stopped or lost the guest. `message` is the rest of a sentence that begins "the guest". */
export class GuestStopped extends Failure {}

/** Runs a guest. Returns a refusal if this machine stops it; another machine may finish the run. */
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
