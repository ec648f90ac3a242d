// Requests of preimages by accounts and by trusted code. Spec: RFC-0031 § Relay-chain Storage Pallet; D21.
import { DispatchResult, OK } from '../../frame';
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { none, some } from '../../scale';
import { doHold, RuntimeHoldReason } from '../balances';
import { System } from '../system';
import { Requester } from './requester';
import { Storage, StorageError, StorageEvent } from './state';
import { PreimageStatus, Request } from './status';
import { noteUnheld } from './unheld';

/** Trusted `request`. The length must equal that of earlier requests of this hash by the same holder. */
export function doRequest(holder: Requester, hash: H256, len: u32): DispatchResult {
  if (len > Storage.maxPreimageSize) return StorageError.TooLong;
  let request = Storage.requests.get(hash, holder);
  if (request != null && request.len != len) return StorageError.AlreadyRequested;
  if (request == null) {
    request = new Request();
    request.len = len;
    beginRequest(hash, len);
  }
  request.count++;
  Storage.requests.set(hash, holder, request);
  StorageEvent.Requested(hash, len, holder);
  return OK;
}

/** Trusted `unrequest`, of the holder's own request. */
export function doUnrequest(holder: Requester, hash: H256): DispatchResult {
  const request = Storage.requests.get(hash, holder);
  if (request == null) return StorageError.NotRequested;
  let wait: bool = false;
  request.count--;
  if (request.count > 0) {
    Storage.requests.set(hash, holder, request);
  } else {
    wait = endRequest(hash, request.len);
    Storage.requests.remove(hash, holder);
    if (wait && !holder.keepsDeposit) noteUnheld(hash, request.len);
  }
  StorageEvent.Unrequested(hash, holder, wait);
  return OK;
}

/** `request_untrusted`: holds the deposit. */
export function doRequestUntrusted(depositor: AccountId, hash: H256, len: u32): DispatchResult {
  if (len > Storage.maxPreimageSize) return StorageError.TooLong;
  const requester = Requester.account(depositor);
  let request = Storage.requests.get(hash, requester);
  if (request != null) {
    // An ended request whose deposit was not returned may become active again.
    if (request.count > 0 || request.len != len) return StorageError.AlreadyRequested;
  } else {
    request = new Request();
    request.len = len;
    request.deposit = depositFor(len);
    const held = doHold(depositor, RuntimeHoldReason.storageRequest(), request.deposit);
    if (held != OK) return held;
  }
  request.count = 1;
  request.waitsFrom = none<u32>();
  Storage.requests.set(hash, requester, request);
  beginRequest(hash, len);
  StorageEvent.Requested(hash, len, requester);
  return OK;
}

/** `unrequest_untrusted`. */
export function doUnrequestUntrusted(depositor: AccountId, hash: H256): DispatchResult {
  const requester = Requester.account(depositor);
  const request = Storage.requests.get(hash, requester);
  if (request == null || request.count == 0) return StorageError.NotRequested;
  const wait = endRequest(hash, request.len);
  request.count = 0;
  // D21: the deposit has a clock of its own, which requests of others don't change.
  if (wait) request.waitsFrom = some<u32>(System.number.get());
  Storage.requests.set(hash, requester, request);
  StorageEvent.Unrequested(hash, requester, wait);
  return OK;
}

/** Whether `expunge_untrusted` of an ended request is possible only `expungeDelay` blocks after its end. */
export function isRefundDelayed(depositor: AccountId, hash: H256): bool {
  const request = Storage.requests.get(hash, Requester.account(depositor));
  return request != null && request.waitsFrom.isSome;
}

/** Whether no request holds the preimage of `hash` and `len`, which is stored. */
export function isUnrequested(hash: H256, len: u32): bool {
  const status = Storage.statuses.get(hash, len);
  return status != null && status.provided && status.requests == 0;
}

/** The deposit for a request of `len` bytes (D21). */
export function depositFor(len: u32): Balance {
  return Storage.depositBase.add(Storage.depositPerByte.mul(U128.from(<u64>len)));
}

function beginRequest(hash: H256, len: u32): void {
  let status = Storage.statuses.get(hash, len);
  if (status == null) status = new PreimageStatus();
  status.begin(System.number.get());
  Storage.statuses.set(hash, len, status);
}

/** Ends the request of one requester. Returns whether it was the last of a stored preimage. */
function endRequest(hash: H256, len: u32): bool {
  const status = Storage.statuses.get(hash, len);
  if (status == null) throw new Error('storage: a request without a status');
  const wait = status.end(System.number.get(), Storage.expungeDelay.get());
  if (status.requests == 0 && !status.provided) Storage.statuses.remove(hash, len);
  else Storage.statuses.set(hash, len, status);
  return wait;
}
