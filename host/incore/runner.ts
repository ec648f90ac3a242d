// Who carries out a guest's run: `runGuest` of host/executor in this process, or anything of the same shape (a pool of
// child processes). A guest's failure is a value; a runner that throws or rejects has failed itself, and nothing about the
// package follows from it.
import type { GuestResult, GuestRun } from '../executor/index.js';

export type { GuestResult, GuestRun } from '../executor/index.js';

export type GuestRunner = (run: GuestRun) => GuestResult | Promise<GuestResult>;
