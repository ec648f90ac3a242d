/**
 * Timestamp: the time of a block, in milliseconds since 1970, set by its author.
 *
 * Aura's part is here too, since there is no more of it: the time must lie in the slot that the header claims, and slots
 * only grow. Whether the author of that slot signed the header is the importer's to check (AuraApi).
 */
import { DispatchResult, None, OK, StorageValue } from '../../frame';
import { DigestItemPreRuntime, MICROSECOND_PS, SLOT_DURATION_MS } from '../../primitives';
import { Compact } from '../../scale';
import { System } from '../system';

@pallet('Timestamp', 1)
export class Timestamp {
  /** The block's time: milliseconds since 1970. */
  @storage() static now: StorageValue<u64>;

  /** Whether the block's time was set; gone at its end. */
  @storage() static didUpdate: StorageValue<bool>;

  /** The least time between two blocks, in milliseconds. */
  @constant() static readonly minimumPeriod: u64 = SLOT_DURATION_MS / 2;

  /** Sets the time: once a block, by its author. */
  @inherent('timstap0')
  @call(0, 50 * MICROSECOND_PS)
  static set(_origin: None, now: Compact<u64>): DispatchResult {
    if (Timestamp.didUpdate.get()) throw new Error('timestamp: the time is set once a block');
    const before = Timestamp.now.get();
    if (before != 0 && (now < before || now - before < Timestamp.minimumPeriod)) {
      const period = Timestamp.minimumPeriod.toString();
      throw new Error(`timestamp: ${now.toString()} is less than ${period} ms after ${before.toString()}`);
    }
    const slot = claimedSlot();
    if (now / SLOT_DURATION_MS != slot) {
      throw new Error(`timestamp: ${now.toString()} does not lie in slot ${slot.toString()}, which the header claims`);
    }
    if (before != 0 && before / SLOT_DURATION_MS >= slot) throw new Error('timestamp: slots only grow');
    Timestamp.now.set(now);
    Timestamp.didUpdate.set(true);
    return OK;
  }

  /** Runs at the end of a block: one without a time is no block. */
  static onFinalize(_number: u32): void {
    if (!Timestamp.didUpdate.take()) throw new Error('timestamp: the block has no time');
  }
}

/** The slot in the header's Aura item. */
function claimedSlot(): u64 {
  const logs = System.digest.get().logs;
  for (let i = 0; i < logs.length; i++) {
    const item = logs[i];
    if (!(item instanceof DigestItemPreRuntime)) continue;
    const claim = item as DigestItemPreRuntime;
    // 'aura', little-endian
    if (load<u32>(claim.value0.address) == 0x61727561 && claim.value1.length == 8) {
      return load<u64>(changetype<usize>(claim.value1));
    }
  }
  throw new Error('timestamp: the header claims no Aura slot');
}
