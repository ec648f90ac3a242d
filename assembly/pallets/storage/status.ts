// What the Storage pallet knows of a preimage, and since when. Spec: RFC-0031 § Relay-chain Storage Pallet; D21, D27.
import { Balance, U128 } from '../../primitives';
import { Option, none, some } from '../../scale';

/** Most ended intervals that are kept of one preimage. */
export const MAX_ENDED_INTERVALS: i32 = 16;

/** Blocks in whose state a preimage could be looked up: from `from`, before `to`. */
@scale() export class Interval {
  /** The first block whose state had it. */
  from: u32 = 0;
  /** The first block whose state had it no more; none while it is there. */
  to: Option<u32> = none<u32>();
}

/** A hash and a length that somebody asked for, or that is still there. */
@scale() export class PreimageStatus {
  /** How many requests are active; all those of trusted code count as one. */
  requests: u32 = 0;
  /** Whether the preimage is there. */
  provided: bool = false;
  /** When it was there and requested, oldest first; empty until it is provided. */
  intervals: Array<Interval> = [];

  /** It can be looked up from block `now` on. */
  open(now: u32): void {
    const last = this.intervals.length - 1;
    if (last >= 0 && this.intervals[last].to.isSome && this.intervals[last].to.value == now) {
      this.intervals[last].to = none<u32>(); // it ended in this very block: no state was without it
      return;
    }
    const interval = new Interval();
    interval.from = now;
    this.intervals.push(interval);
  }

  /** It can't be looked up from block `now` on; what ended `delay` or more blocks ago is forgotten. */
  close(now: u32, delay: u32): void {
    const kept = new Array<Interval>();
    for (let i = 0; i < this.intervals.length; i++) {
      const interval = this.intervals[i];
      if (interval.to.isNone || now - interval.to.value < delay) kept.push(interval);
    }
    kept[kept.length - 1].to = some<u32>(now);
    this.intervals = kept;
  }

  /** How many intervals would still be remembered at `now`, ended ones alone. */
  endedWithin(now: u32, delay: u32): i32 {
    let count = 0;
    for (let i = 0; i < this.intervals.length; i++) {
      const to = this.intervals[i].to;
      if (to.isSome && now - to.value < delay) count++;
    }
    return count;
  }

  /** When the last request ended, of a preimage that is there and that nobody requests. */
  endedAt(): u32 {
    return this.intervals[this.intervals.length - 1].to.value;
  }

  /** Whether it could be looked up in the state of block `number`. */
  covers(number: u32): bool {
    for (let i = 0; i < this.intervals.length; i++) {
      const interval = this.intervals[i];
      if (interval.from <= number && (interval.to.isNone || number < interval.to.value)) return true;
    }
    return false;
  }
}

/** One account's request of one hash. */
@scale() export class Deposit {
  /** Length of the preimage that was asked for. */
  len: u32 = 0;
  /** What is reserved of the account's balance. */
  amount: Balance = U128.zero();
  /** Whether it still asks; the deposit is returned by expunging after it no longer does. */
  active: bool = true;
}

/** What trusted code asks for: root, and other pallets. */
@scale() export class TrustedRequest {
  /** Length of the preimage. */
  len: u32 = 0;
  /** How many times it was requested and not unrequested. */
  count: u32 = 0;
}
