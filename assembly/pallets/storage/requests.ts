// Requests of preimages by trusted code and by accounts; storing and removing preimages.
// Spec: RFC-0031 § Relay-chain Storage Pallet; D21 (deposits, the clock), D27 (intervals).
import { DispatchError, DispatchResult, OK, Origin } from '../../frame';
import { blake2_256 } from '../../io';
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { Bytes, fixed } from '../../scale';
import { doReserve, doUnreserve } from '../balances';
import { System } from '../system';
import { statusOf } from './lookup';
import { Storage, StorageError, StorageEvent } from './state';
import { Deposit, MAX_ENDED_INTERVALS, PreimageStatus, TrustedRequest } from './status';

/** Trusted `request`. The length must equal that of other trusted requests of this hash. */
export function doRequest(hash: H256, len: u32): DispatchResult {
  if (len > Storage.maxPreimageSize) return StorageError.TooLong;
  let request = Storage.trusted.get(hash);
  if (request != null && request.len != len) return StorageError.AlreadyRequested;
  if (request == null) {
    request = new TrustedRequest();
    request.len = len;
    beginRequest(hash, len);
  }
  request.count++;
  Storage.trusted.set(hash, request);
  StorageEvent.Requested(hash, len, null);
  return OK;
}

/** Trusted `unrequest`. */
export function doUnrequest(hash: H256): DispatchResult {
  const request = Storage.trusted.get(hash);
  if (request == null) return StorageError.NotRequested;
  let wait: bool = false;
  if (request.count > 1) {
    request.count--;
    Storage.trusted.set(hash, request);
  } else {
    if (!canEnd(hash, request.len)) return StorageError.TooManyIntervals;
    wait = endRequest(hash, request.len);
    Storage.trusted.remove(hash);
  }
  StorageEvent.Unrequested(hash, null, wait);
  return OK;
}

/** `request_untrusted`: reserves the deposit. */
export function doRequestUntrusted(depositor: AccountId, hash: H256, len: u32): DispatchResult {
  if (len > Storage.maxPreimageSize) return StorageError.TooLong;
  let deposit = Storage.deposits.get(hash, depositor);
  if (deposit != null) {
    // An ended request whose deposit was not returned may become active again.
    if (deposit.active || deposit.len != len) return StorageError.AlreadyRequested;
  } else {
    deposit = new Deposit();
    deposit.len = len;
    deposit.amount = depositFor(len);
    const reserved = doReserve(depositor, deposit.amount);
    if (reserved != OK) return reserved;
  }
  deposit.active = true;
  Storage.deposits.set(hash, depositor, deposit);
  beginRequest(hash, len);
  StorageEvent.Requested(hash, len, depositor);
  return OK;
}

/** `unrequest_untrusted`. */
export function doUnrequestUntrusted(depositor: AccountId, hash: H256): DispatchResult {
  const deposit = Storage.deposits.get(hash, depositor);
  if (deposit == null || !deposit.active) return StorageError.NotRequested;
  if (!canEnd(hash, deposit.len)) return StorageError.TooManyIntervals;
  deposit.active = false;
  Storage.deposits.set(hash, depositor, deposit);
  StorageEvent.Unrequested(hash, depositor, endRequest(hash, deposit.len));
  return OK;
}

/** `provide`. */
export function doProvide(preimage: Bytes): DispatchResult {
  const len = <u32>preimage.length;
  const hash = fixed<H256>(blake2_256(preimage));
  const status = Storage.statuses.get(hash, len);
  if (status == null || status.requests == 0) return StorageError.NotRequested;
  if (status.provided) return StorageError.AlreadyProvided;
  status.provided = true;
  status.open(System.number.get());
  Storage.statuses.set(hash, len, status);
  Storage.lengths.set(hash, len);
  Storage.preimages.set(hash, preimage);
  StorageEvent.Provided(hash, len);
  return OK;
}

/** `expunge`. */
export function doExpunge(hash: H256): DispatchResult {
  const status = statusOf(hash);
  if (status == null) return StorageError.NotRequested;
  if (status.requests > 0) return StorageError.StillRequested;
  if (isTooEarly(status)) return StorageError.TooEarly;
  removePreimage(hash);
  return OK;
}

/** `expunge_untrusted`: returns the deposit. */
export function doExpungeUntrusted(depositor: AccountId, hash: H256): DispatchResult {
  const deposit = Storage.deposits.get(hash, depositor);
  if (deposit == null) return StorageError.NotRequested;
  if (deposit.active) return StorageError.StillRequested;
  const status = Storage.statuses.get(hash, deposit.len);
  if (status != null && status.provided && status.requests == 0) {
    if (isTooEarly(status)) return StorageError.TooEarly;
    removePreimage(hash);
  }
  Storage.deposits.remove(hash, depositor);
  doUnreserve(depositor, deposit.amount);
  StorageEvent.Refunded(hash, depositor, deposit.amount);
  return OK;
}

/** Requests a preimage and provides it at once: with a deposit, or as root without one. */
export function doStore(origin: Origin, data: Bytes): DispatchResult {
  const who = origin.signer;
  if (who == null && !origin.isRoot) return DispatchError.BadOrigin;
  const hash = fixed<H256>(blake2_256(data));
  const result = who == null ? doRequest(hash, data.length) : doRequestUntrusted(who, hash, data.length);
  if (result != OK || Storage.lengths.has(hash)) return result;
  return doProvide(data);
}

/** The deposit for a request of `len` bytes (D21). */
function depositFor(len: u32): Balance {
  return Storage.depositBase.add(Storage.depositPerByte.mul(U128.from(<u64>len)));
}

function beginRequest(hash: H256, len: u32): void {
  let status = Storage.statuses.get(hash, len);
  if (status == null) status = new PreimageStatus();
  // D21: a new request stops the clock.
  if (status.requests++ == 0 && status.provided) status.open(System.number.get());
  Storage.statuses.set(hash, len, status);
}

/** Whether the end of one request can be recorded (D27). */
function canEnd(hash: H256, len: u32): bool {
  const status = Storage.statuses.get(hash, len);
  return (
    status == null ||
    status.requests != 1 ||
    status.endedWithin(System.number.get(), Storage.expungeDelay.get()) < MAX_ENDED_INTERVALS
  );
}

/**
 * Ends one request. Returns whether the preimage can now be expunged after the delay. There is one clock per preimage, an
 * earlier form of D21 (docs/spec.md, last section).
 */
function endRequest(hash: H256, len: u32): bool {
  const status = Storage.statuses.get(hash, len);
  if (status == null || status.requests == 0) throw new Error('storage: a request without a status');
  status.requests--;
  if (status.requests == 0 && !status.provided) {
    Storage.statuses.remove(hash, len);
    return false;
  }
  const wait: boolean = status.requests == 0;
  if (wait) status.close(System.number.get(), Storage.expungeDelay.get());
  Storage.statuses.set(hash, len, status);
  return wait;
}

function isTooEarly(status: PreimageStatus): bool {
  return System.number.get() - status.endedAt() < Storage.expungeDelay.get();
}

function removePreimage(hash: H256): void {
  const length = Storage.lengths.tryGet(hash);
  Storage.statuses.remove(hash, length.value);
  Storage.lengths.remove(hash);
  Storage.preimages.remove(hash);
  StorageEvent.Expunged(hash);
}
