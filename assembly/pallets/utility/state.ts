// Utility: several calls in one, and calls of accounts derived from the sender's. Calls, events and errors are
// pallet_utility's, at its indices; of its calls, dispatch_as, if_else and dispatch_as_fallible are left out.
import { DispatchError } from '../../frame';

/** The most calls in one batch. */
export const BATCHED_CALLS_MAX: u32 = 1024;

/** Why a call of Utility is refused. */
export enum UtilityError {
  /** More calls than a batch may have. */
  TooManyCalls,
}

/** Events of Utility. */
export class UtilityEvent {
  /** A batch ended at the call number `index`, which failed. The calls before it were made. */
  static BatchInterrupted(index: u32, error: DispatchError): void {}
  /** All calls of a batch were made. */
  static BatchCompleted(): void {}
  /** A batch came to its end, but some of its calls failed. */
  static BatchCompletedWithErrors(): void {}
  /** One call of a batch was made. */
  static ItemCompleted(): void {}
  /** One call of a batch failed. */
  static ItemFailed(error: DispatchError): void {}
}

/** Several calls in one, and derived accounts. */
@pallet('Utility', 5, UtilityError, UtilityEvent)
export class Utility {
  /** The most calls in one batch. */
  @constant('batched_calls_limit') static readonly batchedCallsLimit: u32 = BATCHED_CALLS_MAX;
}
