// Hooks of Reporting.
import { forgetInclusions } from './inclusions';
import { Reporting } from './state';

@hooks(Reporting)
export class ReportingHooks {
  /** Moves the window of Recent blocks by one. */
  static onInitialize(number: u32): u64 {
    forgetInclusions(number);
    Reporting.done.remove();
    Reporting.progress.remove();
    return 50_000_000;
  }
}
