/**
 * Storage: large immutable preimages, found by their Blake2-256 hash, on-chain and in-core.
 *
 * Spec: RFC-0031 § Relay-chain Storage Pallet; D21 (deposits, the clock), D27 (what in-core code may look up).
 * Life of a preimage: request -> provide -> unrequest -> 24 hours -> expunge.
 *
 * A request names a hash and a length: who asks for a hash with a length that nothing has only binds his own deposit.
 */
import { AccountId, Balance, DAYS, H256, U128 } from '../../primitives';
import { Bytes, fixed } from '../../scale';
import { blake2_256 } from '../../io';
import {
  DispatchError,
  DispatchResult,
  OK,
  OptionDoubleMap,
  OptionMap,
  Origin,
  Root,
  Signed,
  StorageValue,
  waiveFee,
} from '../../frame';
import { JsonReader } from '../../json';
import { System } from '../system';
import { Balances } from '../balances';
import { Deposit, MAX_ENDED_INTERVALS, PreimageStatus, TrustedRequest } from './status';

export { Deposit, Interval, PreimageStatus, TrustedRequest } from './status';

/** What Storage refuses. */
export enum StorageError {
  /** The preimage is longer than `maxPreimageSize`. */
  TooLong,
  /** This account has a request of this hash already. */
  AlreadyRequested,
  /** There is no such request. */
  NotRequested,
  /** The preimage is there already. */
  AlreadyProvided,
  /** Requests still hold the preimage. */
  StillRequested,
  /** Fewer than `expungeDelay` blocks since the last request ended. */
  TooEarly,
  /** Requests of this preimage ended too often in the last `expungeDelay` blocks for one more end to be remembered. */
  TooManyIntervals,
}

export class StorageEvent {
  /** A preimage is asked for, by an account with a deposit or (none) by trusted code. */
  static Requested(hash: H256, len: u32, depositor: AccountId | null): void {}
  /** A request ended. `wait`: it can be expunged only after `expungeDelay` blocks. */
  static Unrequested(hash: H256, depositor: AccountId | null, wait: bool): void {}
  /** A preimage is there from this block's state on. */
  static Provided(hash: H256, len: u32): void {}
  /** A preimage is gone. */
  static Expunged(hash: H256): void {}
  /** An account has its deposit back. */
  static Refunded(hash: H256, depositor: AccountId, amount: Balance): void {}
}

@pallet('Storage', 12, StorageError, StorageEvent)
export class Storage {
  /** The preimages. */
  @storage(Hasher.Identity) static preimages: OptionMap<H256, Bytes>;

  /** The length of each preimage that is there. */
  @storage(Hasher.Identity) static lengths: OptionMap<H256, u32>;

  /** What was asked for, by hash and length: how many ask, and when it could be looked up. */
  @storage(Hasher.Identity, Hasher.Identity) static statuses: OptionDoubleMap<H256, u32, PreimageStatus>;

  /** The requests of accounts, each with its deposit. */
  @storage(Hasher.Identity, Hasher.Blake2_128Concat) static deposits: OptionDoubleMap<H256, AccountId, Deposit>;

  /** The requests of trusted code, counted. */
  @storage(Hasher.Identity) static trusted: OptionMap<H256, TrustedRequest>;

  /** Blocks between the end of the last request and the earliest `expunge`: 24 hours unless genesis says otherwise. */
  @storage() static expungeDelay: StorageValue<u32>;

  /** Most bytes of a preimage: with its envelope it must fit the length that a block leaves to extrinsics. */
  @constant() static readonly maxPreimageSize: u32 = 3_800_000;

  /** What every request of an account reserves. */
  @constant() static readonly depositBase: Balance = U128.from(100_000_000_000);

  /** What it reserves besides for each byte of the preimage. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);

  /** Ask for a preimage, as root. */
  @call(0, 80_000_000)
  static request(_origin: Root, hash: H256, len: u32): DispatchResult {
    return Storage.doRequest(hash, len);
  }

  /** End a request of root. */
  @call(1, 80_000_000)
  static unrequest(_origin: Root, hash: H256): DispatchResult {
    return Storage.doUnrequest(hash);
  }

  /** Ask for a preimage with a deposit, which `expunge_untrusted` returns. */
  @call(2, 100_000_000)
  static requestUntrusted(origin: Signed, hash: H256, len: u32): DispatchResult {
    return Storage.doRequestUntrusted(origin.account, hash, len);
  }

  /** End one's request; the deposit stays until it is expunged. */
  @call(3, 80_000_000)
  static unrequestUntrusted(origin: Signed, hash: H256): DispatchResult {
    return Storage.doUnrequestUntrusted(origin.account, hash);
  }

  /** Bring a preimage that somebody asked for. Free when it succeeds. */
  @call(4, (preimage: Bytes): u64 => 100_000_000 + 2_000 * <u64>preimage.length)
  static provide(_origin: Signed, preimage: Bytes): DispatchResult {
    const result = Storage.doProvide(preimage);
    if (result == OK) waiveFee();
    return result;
  }

  /** Remove a preimage that nobody has requested for `expungeDelay` blocks. Free when it succeeds. */
  @call(5, 100_000_000)
  static expunge(_origin: Signed, hash: H256): DispatchResult {
    const result = Storage.doExpunge(hash);
    if (result == OK) waiveFee();
    return result;
  }

  /** Return the deposit of an ended request, and remove the preimage if this was what held it. Free when it succeeds. */
  @call(6, 120_000_000)
  static expungeUntrusted(_origin: Signed, depositor: AccountId, hash: H256): DispatchResult {
    const result = Storage.doExpungeUntrusted(depositor, hash);
    if (result == OK) waiveFee();
    return result;
  }

  /** Ask for a preimage and bring it, at once: with a deposit, or as root without one. */
  @call(7, (data: Bytes): u64 => 200_000_000 + 2_000 * <u64>data.length)
  static store(origin: Origin, data: Bytes): DispatchResult {
    const who = origin.signer;
    if (who == null && !origin.isRoot) return DispatchError.BadOrigin;
    const hash = fixed<H256>(blake2_256(data));
    const result =
      who == null ? Storage.doRequest(hash, data.length) : Storage.doRequestUntrusted(who, hash, data.length);
    if (result != OK || Storage.lengths.has(hash)) return result;
    return Storage.doProvide(data);
  }

  /** The preimage of `hash`, while it is there and requested. */
  static lookup(hash: H256): Bytes | null {
    return Storage.isAvailable(hash) ? Storage.preimages.get(hash) : null;
  }

  /** The preimage of `hash`, if it was there and requested in the state of block `number`, at most 24 hours ago (D27). */
  static lookupAt(hash: H256, number: u32): Bytes | null {
    const status = statusOf(hash);
    return status != null && status.covers(number) ? Storage.preimages.get(hash) : null;
  }

  /** Whether `lookup` finds the preimage of `hash`. */
  static isAvailable(hash: H256): bool {
    const status = statusOf(hash);
    return status != null && status.requests > 0;
  }

  /** Whether the preimage of `hash` is there, and nobody requests it. */
  static isWaiting(hash: H256): bool {
    const status = statusOf(hash);
    return status != null && status.requests == 0;
  }

  /** What a request of `len` bytes reserves (D21). */
  static depositFor(len: u32): Balance {
    return Storage.depositBase.add(Storage.depositPerByte.mul(U128.from(<u64>len)));
  }

  /** Trusted `request`. The length must be that of the other trusted requests of this hash. */
  static doRequest(hash: H256, len: u32): DispatchResult {
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
  static doUnrequest(hash: H256): DispatchResult {
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
  static doRequestUntrusted(depositor: AccountId, hash: H256, len: u32): DispatchResult {
    if (len > Storage.maxPreimageSize) return StorageError.TooLong;
    let deposit = Storage.deposits.get(hash, depositor);
    if (deposit != null) {
      // An ended request whose deposit is still here may be taken up again.
      if (deposit.active || deposit.len != len) return StorageError.AlreadyRequested;
    } else {
      deposit = new Deposit();
      deposit.len = len;
      deposit.amount = Storage.depositFor(len);
      const reserved = Balances.reserve(depositor, deposit.amount);
      if (reserved != OK) return reserved;
    }
    deposit.active = true;
    Storage.deposits.set(hash, depositor, deposit);
    beginRequest(hash, len);
    StorageEvent.Requested(hash, len, depositor);
    return OK;
  }

  /** `unrequest_untrusted`. */
  static doUnrequestUntrusted(depositor: AccountId, hash: H256): DispatchResult {
    const deposit = Storage.deposits.get(hash, depositor);
    if (deposit == null || !deposit.active) return StorageError.NotRequested;
    if (!canEnd(hash, deposit.len)) return StorageError.TooManyIntervals;
    deposit.active = false;
    Storage.deposits.set(hash, depositor, deposit);
    StorageEvent.Unrequested(hash, depositor, endRequest(hash, deposit.len));
    return OK;
  }

  /** `provide`. */
  static doProvide(preimage: Bytes): DispatchResult {
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
  static doExpunge(hash: H256): DispatchResult {
    const status = statusOf(hash);
    if (status == null) return StorageError.NotRequested;
    if (status.requests > 0) return StorageError.StillRequested;
    if (isTooEarly(status)) return StorageError.TooEarly;
    removePreimage(hash);
    return OK;
  }

  /** `expunge_untrusted`: returns the deposit. */
  static doExpungeUntrusted(depositor: AccountId, hash: H256): DispatchResult {
    const deposit = Storage.deposits.get(hash, depositor);
    if (deposit == null) return StorageError.NotRequested;
    if (deposit.active) return StorageError.StillRequested;
    const status = Storage.statuses.get(hash, deposit.len);
    if (status != null && status.provided && status.requests == 0) {
      if (isTooEarly(status)) return StorageError.TooEarly;
      removePreimage(hash);
    }
    Storage.deposits.remove(hash, depositor);
    Balances.unreserve(depositor, deposit.amount);
    StorageEvent.Refunded(hash, depositor, deposit.amount);
    return OK;
  }

  /** Reads `{ "expungeDelay": 14400 }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'expungeDelay') return json.fail('unknown; expected "expungeDelay"');
      const value = json.readU32();
      Storage.expungeDelay.set(value);
    }
  }

  /** 24 hours (D21), where genesis said nothing. */
  static afterGenesis(): void {
    if (!Storage.expungeDelay.has()) Storage.expungeDelay.set(DAYS);
  }
}

/** The status of a preimage that is there. */
function statusOf(hash: H256): PreimageStatus | null {
  const length = Storage.lengths.tryGet(hash);
  return length.isSome ? Storage.statuses.get(hash, length.value) : null;
}

function beginRequest(hash: H256, len: u32): void {
  let status = Storage.statuses.get(hash, len);
  if (status == null) status = new PreimageStatus();
  // D21: a new request stops the clock.
  if (status.requests++ == 0 && status.provided) status.open(System.number.get());
  Storage.statuses.set(hash, len, status);
}

/** Whether the end of one request can be remembered (D27). */
function canEnd(hash: H256, len: u32): bool {
  const status = Storage.statuses.get(hash, len);
  return (
    status == null ||
    status.requests != 1 ||
    status.endedWithin(System.number.get(), Storage.expungeDelay.get()) < MAX_ENDED_INTERVALS
  );
}

/** Ends one request; answers whether the preimage now waits for its removal (D21: the clock is the preimage's). */
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
