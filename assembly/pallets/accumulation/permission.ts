// Which host functions the running entry point may call: the columns of the table "Entry points and host functions".
import { refuseHostcall } from '../../frame';
import { Running, RunningEntry } from '../work-classes';

/** Whether a reading function may be called now: by `prune` and by `accumulate`. If not, the guest traps. */
export function mayRead(): bool {
  if (Running.entry != RunningEntry.Nothing) return true;
  refuseHostcall();
  return false;
}

/** Whether a function of `accumulate` alone may be called now. If not, the guest traps. */
export function mayWrite(): bool {
  if (Running.entry == RunningEntry.Accumulate) return true;
  refuseHostcall();
  return false;
}
