// Lookups of preimages, in the current and in recent states. Spec: RFC-0031 § Relay-chain Storage Pallet; D27.
import { H256 } from '../../primitives';
import { Bytes } from '../../scale';
import { Storage } from './state';
import { PreimageStatus } from './status';

/** The preimage of `hash`, if stored and requested; else null. */
export function lookupPreimage(hash: H256): Bytes | null {
  return isPreimageAvailable(hash) ? Storage.preimages.get(hash) : null;
}

/** The length of that preimage; −1 if lookups don't find it. */
export function lookupLength(hash: H256): i64 {
  return isPreimageAvailable(hash) ? <i64>Storage.lengths.tryGet(hash).value : -1;
}

/** The preimage of `hash`, if lookups found it in the state of block `number`, at most 24 hours ago (D27). */
export function lookupPreimageAt(hash: H256, number: u32): Bytes | null {
  const status = statusOf(hash);
  return status != null && status.covers(number) ? Storage.preimages.get(hash) : null;
}

/** Whether lookups find the preimage of `hash`: it is stored and requested, or its last interval was left open (D21). */
function isPreimageAvailable(hash: H256): bool {
  const status = statusOf(hash);
  return status != null && status.isOpen;
}

/** The status of a stored preimage, or null. */
export function statusOf(hash: H256): PreimageStatus | null {
  const length = Storage.lengths.tryGet(hash);
  return length.isSome ? Storage.statuses.get(hash, length.value) : null;
}
