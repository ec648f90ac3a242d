// Timestamp: the time of a block, set by its author.
import { StorageValue } from '../../frame';
import { SLOT_DURATION_MS } from '../../primitives';

/** The time of a block in milliseconds since the Unix epoch, set by its author. */
@pallet('Timestamp', 1)
export class Timestamp {
  /** Time of the block in milliseconds since the Unix epoch. */
  @storage() static now: StorageValue<u64>;

  /** Whether the block's time has been set; removed at its end. */
  @storage() static didUpdate: StorageValue<bool>;

  /** Least time between two blocks, in milliseconds. */
  @constant() static readonly minimumPeriod: u64 = SLOT_DURATION_MS / 2;
}
