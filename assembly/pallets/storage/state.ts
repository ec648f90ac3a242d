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
  /** Requests of this preimage ended too often in the last `expungeDelay` blocks for one more end to be recorded. */
  TooManyIntervals,
}

/** Events of Storage. */
export class StorageEvent {
  /** A preimage was requested, by an account with a deposit or (none) by trusted code. */
  static Requested(hash: H256, len: u32, depositor: AccountId | null): void {}
  /** A request ended. `wait`: the preimage can be expunged only after `expungeDelay` blocks. */
  static Unrequested(hash: H256, depositor: AccountId | null, wait: bool): void {}
  /** A preimage was provided: lookups find it from this block's state on. */
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

  /** Length of each preimage that is provided. */
  @storage(Hasher.Identity) static lengths: OptionMap<H256, u32>;

  /** For each requested hash and length: how many requests there are, and when lookups found the preimage. */
  @storage(Hasher.Identity, Hasher.Identity) static statuses: OptionDoubleMap<H256, u32, PreimageStatus>;

  /** Requests of accounts, each with its deposit. */
  @storage(Hasher.Identity, Hasher.Blake2_128Concat) static deposits: OptionDoubleMap<H256, AccountId, Deposit>;

  /** Requests of trusted code, counted. */
  @storage(Hasher.Identity) static trusted: OptionMap<H256, TrustedRequest>;

  /** Blocks between the end of the last request and the earliest `expunge`: 24 hours (D21). */
  @genesis(DAYS) @storage() static expungeDelay: StorageValue<u32>;

  /** Greatest length of a preimage in bytes: with its envelope it must fit the length that a block leaves to extrinsics. */
  @constant() static readonly maxPreimageSize: u32 = 3_800_000;

  /** Deposit of every request of an account. */
  @constant() static readonly depositBase: Balance = U128.from(100_000_000_000);

  /** Additional deposit for each byte of the preimage. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);
}
