// Which host functions the running entry point may call: the gates of `@hostcall`. They are the columns of the table
// "Entry points and host functions"; host/executor/guest-table.ts maps each gate to its entry points.
import { Running, RunningEntry } from '../work-classes';

/** Of reading functions: `prune` and `accumulate` may call them. */
export function mayRead(): bool {
  return Running.entry != RunningEntry.Nothing;
}

/** Of functions that only `accumulate` has. */
export function mayWrite(): bool {
  return Running.entry == RunningEntry.Accumulate;
}
