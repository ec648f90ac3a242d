// Records about preimages and requests. Spec: RFC-0031 § Relay-chain Storage Pallet; D21, D27.
import { Balance, H256, U128 } from '../../primitives';
import { Option, none, some } from '../../scale';

/** Maximum number of ended intervals kept per preimage (D21). */
const MAX_ENDED_INTERVALS: i32 = 16;

/** Blocks in which lookups find a preimage. */
@scale() export class Interval {
  /** First block. */
  from: u32 = 0;
  /** First block after the interval; none if it has not ended. */
  to: Option<u32> = none<u32>();
}

/**
 * Status of a preimage. Only the last interval may be open: while there are requests, and also without requests if the
 * limit of ended intervals did not allow it to end with the last of them.
 */
@scale() export class PreimageStatus {
  /** Number of requesters. */
  requests: u32 = 0;
  /** Whether the preimage is stored. */
  provided: bool = false;
  /** Block in which the last request ended. */
  endedAt: u32 = 0;
  /** Block in which, after that, `expunge` ended an interval that was left open. */
  lookupsEndedAt: Option<u32> = none<u32>();
  /** When lookups found it, oldest first. */
  intervals: Array<Interval> = [];

  /** Whether lookups find the preimage. */
  get isOpen(): bool {
    const last = this.intervals.length - 1;
    return last >= 0 && this.intervals[last].to.isNone;
  }

  /** Adds a requester at block `now`. */
  begin(now: u32): void {
    if (this.requests++ > 0) return;
    this.lookupsEndedAt = none<u32>();
    if (this.provided) this.open(now);
  }

  /** Removes a requester at block `now`. Returns whether the stored preimage has no other. */
  end(now: u32, delay: u32): bool {
    if (this.requests == 0) throw new Error('storage: a request without a status');
    this.requests--;
    if (this.requests > 0 || !this.provided) return false;
    this.endedAt = now;
    this.close(now, delay);
    return true;
  }

  /** The preimage, which has a requester, is stored at block `now`. */
  provide(now: u32): void {
    this.provided = true;
    this.open(now);
  }

  /** Whether fewer than `delay` blocks have passed since the last end, or since `expunge` ended lookups. */
  isTooEarly(now: u32, delay: u32): bool {
    return now - (this.lookupsEndedAt.isSome ? this.lookupsEndedAt.value : this.endedAt) < delay;
  }

  /** Ends, `delay` or more blocks after the last request, the interval that was left open then. */
  endLeftOpen(now: u32, delay: u32): void {
    this.close(now, delay); // all others ended before the last request, so there is room
    this.lookupsEndedAt = some<u32>(now);
  }

  /** Whether lookups find the preimage in the state of block `number`. */
  covers(number: u32): bool {
    for (let i = 0; i < this.intervals.length; i++) {
      const interval = this.intervals[i];
      if (interval.from <= number && (interval.to.isNone || number < interval.to.value)) return true;
    }
    return false;
  }

  private open(now: u32): void {
    if (this.isOpen) return; // left open
    const last = this.intervals.length - 1;
    if (last >= 0 && this.intervals[last].to.value == now) {
      this.intervals[last].to = none<u32>(); // it ended in this block: every state has the preimage
      return;
    }
    const interval = new Interval();
    interval.from = now;
    this.intervals.push(interval);
  }

  /** Removes intervals that ended `delay` or more blocks ago. Ends the open one, if there is room for it. */
  private close(now: u32, delay: u32): void {
    const kept = new Array<Interval>();
    for (let i = 0; i < this.intervals.length; i++) {
      const to = this.intervals[i].to;
      if (to.isNone || now - to.value < delay) kept.push(this.intervals[i]);
    }
    const ended = kept.length - 1;
    if (kept[ended].from == now)
      kept.pop(); // no state has the preimage
    else if (ended < MAX_ENDED_INTERVALS) kept[ended].to = some<u32>(now);
    this.intervals = kept;
  }
}

/** The requests of a hash by one requester. */
@scale() export class Request {
  /** Requested length in bytes. */
  len: u32 = 0;
  /** Number of active requests: any for trusted code, 0 or 1 for an account. */
  count: u32 = 0;
  /** Deposit of an account; kept until `expunge_untrusted` returns it. */
  deposit: Balance = U128.zero();
  /** Block in which an account's request ended, if its deposit returns only `expungeDelay` blocks later. */
  waitsFrom: Option<u32> = none<u32>();
}

/** A preimage whose last request was a trusted one, and ended. */
@scale() export class Unheld {
  /** Hash of the preimage. */
  hash: H256 = new H256();
  /** Its length in bytes. */
  len: u32 = 0;
  /** Block of that end. */
  endedAt: u32 = 0;
  /** Block from which `expungeDelay` counts: that end, or when lookups were ended. */
  since: u32 = 0;
}

/** The positions of a queue's entries. */
@scale() export class UnheldQueue {
  /** The first. */
  first: u32 = 0;
  /** The position after the last. */
  end: u32 = 0;
}
