// What crosses between the node and the child processes that run its guests: plain data, by structured clone.
import type { GuestResult } from '../executor/index.js';
import type { InFile } from './scratch.js';

/** Where a child finds things. The same for every job of one runner. */
export interface ChildSettings {
  /** The folder of the node's database, which the child reads; without it `lookup` can't be served. */
  readonly database?: string;
  /** Where instrumented modules are kept for all children, and the bytes that they may take. */
  readonly modules?: { readonly folder: string; readonly bytesMax: number };
}

/** One run. Of the view there is only what the guest's code can ask for. */
export interface GuestJob {
  readonly settings: ChildSettings;
  readonly code: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly entry: string;
  readonly args: Uint8Array | InFile;
  readonly weight: bigint;
  readonly message?: Uint8Array;
  readonly chain?: {
    readonly height: number;
    /** State roots of the context block and those before it, from there downwards. */
    readonly stateRoots?: readonly (Uint8Array | undefined)[];
    /** The state in which `lookup` looks. */
    readonly stateRoot?: Uint8Array;
  };
}

/** How it ended, and the last lines that the guest logged. */
export interface GuestAnswer {
  readonly result: GuestResult;
  readonly log: readonly (readonly [level: number, target: string, message: string])[];
}
