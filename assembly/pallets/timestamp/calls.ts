// Calls of Timestamp.
import { DispatchResult, None, OK } from '../../frame';
import { Compact } from '../../scale';
import { Timestamp } from './state';
import { checkTime, doSet } from './time';
import { TimestampWeights } from './weights';

@calls(Timestamp, TimestampWeights)
export class TimestampCalls {
  /** Set the block's time, once per block. */
  @inherent('timstap0', checkTime)
  @call(0)
  static set(_origin: None, now: Compact<u64>): DispatchResult {
    doSet(now);
    return OK;
  }
}
