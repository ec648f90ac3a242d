// Hooks of Availability.
import { settle, settlingWeight } from './bitfields';
import { Availability } from './state';
import { AvailabilityWeights } from './weights';

@hooks(Availability)
export class AvailabilityHooks {
  static onInitialize(_number: u32): u64 {
    Availability.done.remove();
    return AvailabilityWeights.onInitialize();
  }

  /** Reserves the weight of settling the reports of a block without bitfields. */
  static afterInherents(_number: u32): u64 {
    return Availability.done.get() ? 0 : settlingWeight();
  }

  /** Settles the reports of a block without bitfields. */
  static onFinalize(_number: u32): void {
    if (!Availability.done.get()) settle([]);
  }
}
