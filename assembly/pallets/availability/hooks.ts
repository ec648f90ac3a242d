// Hooks of Availability.
import { settle } from './bitfields';
import { Availability } from './state';

@hooks(Availability)
export class AvailabilityHooks {
  static onInitialize(_number: u32): u64 {
    Availability.done.remove();
    return 10_000_000;
  }

  /** Settles the reports of a block without bitfields. */
  static onFinalize(_number: u32): void {
    if (!Availability.done.get()) settle([]);
  }
}
