// Timestamp: the time of a block, set by its author.
import { StorageValue } from '../../frame';
import { SLOT_DURATION_MS } from '../../primitives';

/** The block's time, set by its author. */
@pallet('Timestamp', 1)
export class Timestamp {
  /** The block's time in milliseconds since the Unix epoch. */
  @storage() static now: StorageValue<u64>;

  /** Whether the block's time was set. */
  @storage() static didUpdate: StorageValue<bool>;

  /** Minimum time between two blocks, in milliseconds. */
  @constant() static readonly minimumPeriod: u64 = SLOT_DURATION_MS / 2;
}
