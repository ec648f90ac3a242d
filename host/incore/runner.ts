// Running one guest: the request, the answer, and who carries it out.
//
// The node's runner is host/executor's `runGuest` in this process; a pool of child processes fits the same type. A guest's
// failure is a value; a runner that throws (or rejects) has failed itself, and nothing about the package follows.
import type { HostFunction } from '../vm/index.js';

/** One call of a guest's entry point. */
export interface GuestRequest {
  code: Uint8Array;
  /** 32 bytes: names the code, so that it is prepared once. */
  codeHash: Uint8Array;
  entry: string;
  /** SCALE of the tuple of arguments. */
  args: Uint8Array;
  /** The limit, in picoseconds. */
  weight: bigint;
  functions: Record<string, HostFunction>;
  log?(level: number, target: string, message: string): void;
}

/** How it ended. `weightUsed` is in picoseconds, at most the limit. */
export type GuestResult =
  | { outcome: 'returned'; output: Uint8Array; weightUsed: bigint }
  | { outcome: 'trapped' | 'outOfWeight' | 'stackExhausted' | 'invalid'; reason: string; weightUsed: bigint };

export type GuestRunner = (request: GuestRequest) => GuestResult | Promise<GuestResult>;
