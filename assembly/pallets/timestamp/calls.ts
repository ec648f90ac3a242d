// Calls of Timestamp.
import { DispatchResult, None, OK } from '../../frame';
import { MICROSECOND_PS } from '../../primitives';
import { Compact } from '../../scale';
import { Timestamp } from './state';
import { checkTime, doSet } from './time';

@calls(Timestamp)
export class TimestampCalls {
  /** Set the block's time, once per block. */
  @inherent('timstap0', checkTime)
  @call(0, 50 * MICROSECOND_PS)
  static set(_origin: None, now: Compact<u64>): DispatchResult {
    doSet(now);
    return OK;
  }
}
