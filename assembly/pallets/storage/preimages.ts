// Storing and removing preimages. Spec: RFC-0031 § Relay-chain Storage Pallet; D21, D27.
import { DispatchError, DispatchResult, OK, Origin } from '../../frame';
import { blake2_256 } from '../../io';
import { AccountId, H256 } from '../../primitives';
import { Bytes, fixed, Option } from '../../scale';
import { doRelease, RuntimeHoldReason } from '../balances';
import { System } from '../system';
import { statusOf } from './lookup';
import { Requester } from './requester';
import { doRequest, doRequestUntrusted } from './requests';
import { Storage, StorageError, StorageEvent } from './state';
import { PreimageStatus } from './status';
import { enqueueUnheld, firstUnheld, removeFirstUnheld } from './unheld';

/** `provide`. */
export function doProvide(preimage: Bytes): DispatchResult {
  const len = <u32>preimage.length;
  const hash = fixed<H256>(blake2_256(preimage));
  const status = Storage.statuses.get(hash, len);
  if (status == null || status.requests == 0) return StorageError.NotRequested;
  if (status.provided) return StorageError.AlreadyProvided;
  status.provide(System.number.get());
  Storage.statuses.set(hash, len, status);
  Storage.lengths.set(hash, len);
  Storage.preimages.set(hash, preimage);
  StorageEvent.Provided(hash, len);
  return OK;
}

/** Requests a preimage and provides it at once: with a deposit, or as root without one. */
export function doStore(origin: Origin, data: Bytes): DispatchResult {
  const who = origin.signer;
  if (who == null && !origin.isRoot) return DispatchError.BadOrigin;
  const hash = fixed<H256>(blake2_256(data));
  const result =
    who == null ? doRequest(Requester.root(), hash, data.length) : doRequestUntrusted(who, hash, data.length);
  if (result != OK || Storage.lengths.has(hash)) return result;
  return doProvide(data);
}

/** `expunge`. */
export function doExpunge(hash: H256): DispatchResult {
  const status = statusOf(hash);
  if (status == null) return StorageError.NotRequested;
  if (status.requests > 0) return StorageError.StillRequested;
  if (status.isTooEarly(System.number.get(), Storage.expungeDelay.get())) return StorageError.TooEarly;
  removeOrEnd(hash, status);
  return OK;
}

/**
 * `expunge_untrusted`: does what `expunge` would if that is possible, and returns the deposit, unless the preimage stays
 * because of this request.
 */
export function doExpungeUntrusted(depositor: AccountId, hash: H256): DispatchResult {
  const requester = Requester.account(depositor);
  const request = Storage.requests.get(hash, requester);
  if (request == null) return StorageError.NotRequested;
  if (request.count > 0) return StorageError.StillRequested;
  const ended = settleEnded(hash, request.len, request.waitsFrom);
  if (ended == Settled.TooEarly) return StorageError.TooEarly;
  if (ended == Settled.StillKept) return OK;
  Storage.requests.remove(hash, requester);
  const amount = doRelease(depositor, RuntimeHoldReason.storageRequest(), request.deposit);
  StorageEvent.Refunded(hash, depositor, amount);
  return OK;
}

/** What a deposit for a preimage waits for. */
export enum Settled {
  /** Nothing: it returns. */
  Over,
  /** For the removal of the preimage, whose lookups have just been ended. */
  StillKept,
  /** For the end of 24 hours. */
  TooEarly,
}

/**
 * Does what `expunge` would, if that is possible now, on behalf of a requester whose request has ended (D21). `waitsFrom`: the
 * block of that end, if it was the last of a stored preimage. Then the preimage stays because of this request, and the
 * deposit with it, until it is removed or another request comes: the requester of the last end always has a deposit.
 */
export function settleEnded(hash: H256, len: u32, waitsFrom: Option<u32>): Settled {
  const now = System.number.get();
  const delay = Storage.expungeDelay.get();
  if (waitsFrom.isSome && now - waitsFrom.value < delay) return Settled.TooEarly;
  const status = Storage.statuses.get(hash, len);
  if (status == null || !status.provided || status.requests > 0) return Settled.Over;
  const isLast = waitsFrom.isSome && waitsFrom.value == status.endedAt;
  if (status.isTooEarly(now, delay)) return isLast ? Settled.TooEarly : Settled.Over;
  const leftOpen = status.isOpen;
  removeOrEnd(hash, status);
  return leftOpen && isLast ? Settled.StillKept : Settled.Over;
}

/**
 * Does what `expunge` would for the first preimage in the queue of those that no deposit keeps, if 24 hours have passed
 * (D21). Returns how many were due: at most one, so that a block has a bounded weight.
 */
export function doRemoveDue(now: u32): u32 {
  const delay = Storage.expungeDelay.get();
  const entry = firstUnheld();
  if (entry == null || now - entry.since < delay) return 0;
  removeFirstUnheld();
  const status = Storage.statuses.get(entry.hash, entry.len);
  const isOver = status == null || !status.provided || status.requests > 0;
  // After a later end there is a deposit, or another entry.
  if (isOver || status!.endedAt != entry.endedAt) return 1;
  const ended = status!.lookupsEndedAt;
  if (status!.isTooEarly(now, delay)) {
    entry.since = ended.value; // an `expunge` has ended lookups
    enqueueUnheld(entry);
    return 1;
  }
  const leftOpen = status!.isOpen;
  removeOrEnd(entry.hash, status!);
  if (leftOpen) {
    entry.since = now;
    enqueueUnheld(entry);
  }
  return 1;
}

/**
 * Removes a preimage that was not requested for `expungeDelay` blocks. If its last interval was left open, that ends
 * first: code that runs in-core on a recent context block may still look the preimage up (D27).
 */
function removeOrEnd(hash: H256, status: PreimageStatus): void {
  const len = Storage.lengths.tryGet(hash).value;
  if (status.isOpen) {
    status.endLeftOpen(System.number.get(), Storage.expungeDelay.get());
    Storage.statuses.set(hash, len, status);
    StorageEvent.LookupsEnded(hash);
    return;
  }
  Storage.statuses.remove(hash, len);
  Storage.lengths.remove(hash);
  Storage.preimages.remove(hash);
  StorageEvent.Expunged(hash);
}
