// Storage: large immutable preimages, found by their BLAKE2b-256 hash, on-chain and in-core.
//
// Spec: RFC-0031 § Relay-chain Storage Pallet; D21 (deposits, the clock), D27 (what in-core code may look up).
// Life of a preimage: request -> provide -> unrequest -> 24 hours -> expunge.
//
// A request names a hash and a length. A request with a wrong length locks only the requester's own deposit.
import { OptionDoubleMap, OptionMap, StorageValue } from '../../frame';
import { AccountId, Balance, DAYS, H256, U128 } from '../../primitives';
import { Bytes } from '../../scale';
import { Deposit, PreimageStatus, TrustedRequest } from './status';

/** Why a call of Storage is refused. */
export enum StorageError {
  /** The preimage is longer than `maxPreimageSize`. */
  TooLong,
  /** This account already requests this hash. */
  AlreadyRequested,
  /** There is no such request. */
  NotRequested,
  /** The preimage has already been provided. */
  AlreadyProvided,
  /** Requests still hold the preimage. */
  StillRequested,
  /** Fewer than `expungeDelay` blocks have passed since the last request ended. */
  TooEarly,
  /** Requests of this preimage ended too often in the last `expungeDelay` blocks. */
  TooManyIntervals,
}

/** Events of Storage. */
export class StorageEvent {
  /** A preimage was requested by an account with a deposit, or by trusted code (none). */
  static Requested(hash: H256, len: u32, depositor: AccountId | null): void {}
  /** A request ended. `wait`: `expunge` is possible only after `expungeDelay` blocks. */
  static Unrequested(hash: H256, depositor: AccountId | null, wait: bool): void {}
  /** A preimage was provided. Lookups find it from this block on. */
  static Provided(hash: H256, len: u32): void {}
  /** A preimage was removed. */
  static Expunged(hash: H256): void {}
  /** A deposit was returned. */
  static Refunded(hash: H256, depositor: AccountId, amount: Balance): void {}
}

/** Large immutable preimages, found by their BLAKE2b-256 hash. */
@pallet('Storage', 12, StorageError, StorageEvent)
export class Storage {
  /** The preimages. */
  @storage(Hasher.Identity) static preimages: OptionMap<H256, Bytes>;

  /** Length of each stored preimage, in bytes. */
  @storage(Hasher.Identity) static lengths: OptionMap<H256, u32>;

  /** Requests by hash and length, and blocks in which lookups find the preimage. */
  @storage(Hasher.Identity, Hasher.Identity) static statuses: OptionDoubleMap<H256, u32, PreimageStatus>;

  /** Requests of accounts, with deposits. */
  @storage(Hasher.Identity, Hasher.Blake2_128Concat) static deposits: OptionDoubleMap<H256, AccountId, Deposit>;

  /** Requests of trusted code. */
  @storage(Hasher.Identity) static trusted: OptionMap<H256, TrustedRequest>;

  /** Blocks from the end of the last request to the earliest `expunge`: 24 hours (D21). */
  @genesis(DAYS) @storage() static expungeDelay: StorageValue<u32>;

  /** Maximum length of a preimage in bytes, so that it fits a block. */
  @constant() static readonly maxPreimageSize: u32 = 3_800_000;

  /** Deposit per request of an account. */
  @constant() static readonly depositBase: Balance = U128.from(100_000_000_000);

  /** Additional deposit per byte of the preimage. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);
}
