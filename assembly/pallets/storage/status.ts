// Records about preimages and requests. Spec: RFC-0031 § Relay-chain Storage Pallet; D21, D27.
import { Balance, U128 } from '../../primitives';
import { Option, none, some } from '../../scale';

/** Maximum number of ended intervals kept per preimage. */
export const MAX_ENDED_INTERVALS: i32 = 16;

/** Blocks in which lookups find a preimage. */
@scale() export class Interval {
  /** First block. */
  from: u32 = 0;
  /** First block after the interval; none if it has not ended. */
  to: Option<u32> = none<u32>();
}

/** Status of a preimage. */
@scale() export class PreimageStatus {
  /** Number of active requests; all of trusted code count as one. */
  requests: u32 = 0;
  /** Whether the preimage is stored. */
  provided: bool = false;
  /** When it was stored and requested, oldest first. */
  intervals: Array<Interval> = [];

  /** Starts an interval at block `now`. */
  open(now: u32): void {
    const last = this.intervals.length - 1;
    if (last >= 0 && this.intervals[last].to.isSome && this.intervals[last].to.value == now) {
      this.intervals[last].to = none<u32>(); // it ended in this block: every state has the preimage
      return;
    }
    const interval = new Interval();
    interval.from = now;
    this.intervals.push(interval);
  }

  /** Ends the interval at block `now`, and removes those that ended `delay` or more blocks ago. */
  close(now: u32, delay: u32): void {
    const kept = new Array<Interval>();
    for (let i = 0; i < this.intervals.length; i++) {
      const interval = this.intervals[i];
      if (interval.to.isNone || now - interval.to.value < delay) kept.push(interval);
    }
    kept[kept.length - 1].to = some<u32>(now);
    this.intervals = kept;
  }

  /** Number of ended intervals that `close` would keep at `now`. */
  endedWithin(now: u32, delay: u32): i32 {
    let count = 0;
    for (let i = 0; i < this.intervals.length; i++) {
      const to = this.intervals[i].to;
      if (to.isSome && now - to.value < delay) count++;
    }
    return count;
  }

  /** The block in which the last request of a stored preimage ended. */
  endedAt(): u32 {
    return this.intervals[this.intervals.length - 1].to.value;
  }

  /** Whether lookups find the preimage in the state of block `number`. */
  covers(number: u32): bool {
    for (let i = 0; i < this.intervals.length; i++) {
      const interval = this.intervals[i];
      if (interval.from <= number && (interval.to.isNone || number < interval.to.value)) return true;
    }
    return false;
  }
}

/** An account's request of a hash. */
@scale() export class Deposit {
  /** Requested length. */
  len: u32 = 0;
  /** Reserved balance. */
  amount: Balance = U128.zero();
  /** Whether the request is active; if not, expunging returns the deposit. */
  active: bool = true;
}

/** Requests of a hash by root and pallets. */
@scale() export class TrustedRequest {
  /** Requested length. */
  len: u32 = 0;
  /** Number of requests. */
  count: u32 = 0;
}
