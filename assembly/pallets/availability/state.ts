// Availability: counts which validators hold their shard of each reported package, and declares it available or timed out.
//
// Spec: RFC-0031 § Availability; D8 (threshold), D14 (what a validator signs), D15 (order within a block, time-out). Whether a
// shard is genuine is checked off-chain by the validator that signs for it.
import { StorageMap, StorageValue } from '../../frame';
import { H256 } from '../../primitives';
import { BitVec } from '../../scale';

/** Events of Availability. */
export class AvailabilityEvent {
  /** Enough validators hold their shard: the package may be accumulated. */
  static Available(packageHash: H256, core: u16, votes: u32): void {}
  /** Too few validators held their shard in time: the package is dropped. */
  static TimedOut(packageHash: H256, core: u16, votes: u32): void {}
}

/** Which validators hold their shard of each reported package. */
@pallet('Availability', 16, AvailabilityEvent)
export class Availability {
  /** For each core with a pending report: which validators hold their shard of it. */
  @storage(Hasher.Twox64Concat) static votes: StorageMap<u16, BitVec>;

  /** Blocks after which a pending report times out (D15). */
  @genesis(10)
  @ensure((blocks: u32): bool => blocks > 0, 'must be at least 1')
  @storage() static timeOut: StorageValue<u32>;

  /** Whether this block's bitfields have been counted, and its time-outs done. */
  @storage() static done: StorageValue<bool>;
}
