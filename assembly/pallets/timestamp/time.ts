// Rules of a block's time, including those of pallet_aura: the time must be in the slot that the header claims, and
// slots must increase. The importer checks that the slot's author sealed the header (AuraApi).
import { InherentError } from '../../frame';
import { DigestItemPreRuntime, SLOT_DURATION_MS } from '../../primitives';
import { Bytes, Writer } from '../../scale';
import { System } from '../system';
import { Timestamp } from './state';

/** Maximum lead of a block's time over the node's, in milliseconds. */
const MAX_DRIFT_MS: u64 = 5 * SLOT_DURATION_MS;

/** Sets the block's time. Panics if it is too early after the parent's, or not in the claimed slot. */
export function doSet(now: u64): void {
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

/** Checks a block's time against the node's time `now`; an error is sp_timestamp::InherentError. */
export function checkTime(time: u64, now: u64): InherentError | null {
  if (time > now + MAX_DRIFT_MS) return new InherentError(true, [1]); // TooFarInFuture
  const earliest = Timestamp.now.get() + Timestamp.minimumPeriod;
  return earliest > time ? new InherentError(false, validAt(earliest)) : null;
}

/** ValidAtTimestamp(earliest). */
function validAt(earliest: u64): Bytes {
  const writer = new Writer(9);
  writer.u8(0);
  writer.u64(earliest);
  return writer.finish();
}
