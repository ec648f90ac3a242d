// Availability: counts the validators that hold their shard of each reported package; the package becomes available or
// times out.
//
// Spec: RFC-0031 § Availability; D8 (threshold), D14 (what a validator signs), D15 (order within a block, time-out).
// The validator that signs for a shard checks off-chain that it is genuine.
import { StorageValue } from '../../frame';
import { DAYS, H256 } from '../../primitives';
import { BitVec } from '../../scale';
import { defaultTimeOut } from './turns';

/** The votes for a core's pending package. */
@scale()
export class CoreVotes {
  core: u16 = 0;
  /** Validators that hold their shard. */
  validators: BitVec = new BitVec();
}

/** Events of Availability. */
export class AvailabilityEvent {
  /** A package became available: it can be accumulated. */
  static Available(packageHash: H256, core: u16, votes: u32): void {}
  /** A package timed out and was dropped. */
  static TimedOut(packageHash: H256, core: u16, votes: u32): void {}
}

/** Availability of reported packages. */
@pallet('Availability', 16, AvailabilityEvent)
export class Availability {
  /** Votes for pending packages that have any, ascending by core. */
  @storage() static votes: StorageValue<Array<CoreVotes>>;

  /**
   * Blocks after which a pending report times out (D15): at least two turns of all validators, by default four; at most a
   * day, because a report whose shards are withheld occupies its core for so long.
   */
  @genesis(defaultTimeOut())
  @ensure((blocks: u32): bool => blocks > 0 && blocks <= DAYS, 'must be from 1 to 14400 blocks')
  @storage() static timeOut: StorageValue<u32>;

  /** Whether this block's bitfields were counted. */
  @storage() static done: StorageValue<bool>;
}
