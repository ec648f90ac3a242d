// Hooks of Timestamp.
import { Timestamp } from './state';

@hooks(Timestamp)
export class TimestampHooks {
  /** Panics if the block has no time. */
  static onFinalize(_number: u32): void {
    if (!Timestamp.didUpdate.take()) throw new Error('timestamp: the block has no time');
  }
}
