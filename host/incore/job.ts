// Messages between the node and the child processes that run its guests: plain data, copied by structured clone.
import type { GuestResult } from '../executor/index.js';
import type { InFile } from './scratch.js';

/** Settings of a child, the same for every job of one runner. */
export interface ChildSettings {
  /** The folder of the node's database, which the child reads; without it `lookup` fails. */
  readonly database?: string;
  /** The folder of instrumented modules, shared by all children, and the most bytes it may take. */
  readonly modules?: { readonly folder: string; readonly bytesMax: number };
}

/** One run, with the part of its view that the guest's code can request. */
export interface GuestJob {
  readonly settings: ChildSettings;
  readonly code: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly entry: string;
  readonly args: Uint8Array | InFile;
  readonly weight: bigint;
  readonly outputBytesMax: number | undefined;
  readonly message?: Uint8Array;
  readonly chain?: {
    readonly height: number;
    /** State roots of the context block and of those before it, in descending order of height. */
    readonly stateRoots?: readonly (Uint8Array | undefined)[];
    /** The root of the state that `lookup` reads. */
    readonly stateRoot?: Uint8Array;
  };
}

/** The result, and the last lines that the guest logged. */
export interface GuestAnswer {
  readonly result: GuestResult;
  readonly log: readonly (readonly [level: number, target: string, message: string])[];
}
