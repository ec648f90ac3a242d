// Hooks of Reporting.
import { forgetInclusions } from './inclusions';
import { Reporting } from './state';
import { ReportingWeights } from './weights';

@hooks(Reporting)
export class ReportingHooks {
  /** Moves the window of Recent blocks by one. */
  static onInitialize(number: u32): u64 {
    forgetInclusions(number);
    Reporting.done.remove();
    Reporting.progress.remove();
    return ReportingWeights.onInitialize();
  }
}
