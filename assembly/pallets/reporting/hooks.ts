// Hooks of Reporting.
import { RECENT_BLOCKS } from '../../primitives/corejam';
import { Reporting } from './state';

@hooks(Reporting)
export class ReportingHooks {
  /** Moves the window of Recent blocks by one. */
  static onInitialize(_number: u32): u64 {
    const sets = Reporting.recentInclusions.get();
    sets.push([]);
    while (sets.length > <i32>RECENT_BLOCKS) sets.shift();
    Reporting.recentInclusions.set(sets);
    Reporting.done.remove();
    Reporting.inherentsWeight.remove();
    Reporting.progress.remove();
    return 50_000_000;
  }
}
