// Which host functions the running entry point may call: the columns of the table "Entry points and host functions".
import { refuseHostcall } from '../../frame';
import { Running, RunningEntry } from '../work-classes';

/** Whether a reading function may be called: only by `prune` and `accumulate`. If not, the guest traps. */
export function mayRead(): bool {
  if (Running.entry != RunningEntry.Nothing) return true;
  refuseHostcall();
  return false;
}

/** Whether a function that only `accumulate` has may be called. If not, the guest traps. */
export function mayWrite(): bool {
  if (Running.entry == RunningEntry.Accumulate) return true;
  refuseHostcall();
  return false;
}
