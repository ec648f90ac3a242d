// Storage: large immutable preimages, found by their BLAKE2b-256 hash, on-chain and in-core.
//
// Spec: RFC-0031 § Relay-chain Storage Pallet; D21 (deposits, the clock), D27 (what in-core code may look up).
// Life of a preimage: request -> provide -> unrequest -> 24 hours -> expunge.
//
// A request names a hash and a length. A request with a wrong length locks only the requester's own deposit. What one
// requester does changes neither the requests nor the deposits of another (D21). A preimage whose last request was a trusted
// one has no deposit; the chain removes it.
import { OptionDoubleMap, OptionMap, StorageValue } from '../../frame';
import { AccountId, Balance, DAYS, H256, U128 } from '../../primitives';
import { Bytes } from '../../scale';
import { Requester } from './requester';
import { PreimageStatus, Request, Unheld, UnheldQueue } from './status';

/** Why a call of Storage is refused. */
export enum StorageError {
  /** The preimage is longer than `maxPreimageSize`. */
  TooLong,
  /** This requester already requests this hash: an account at all, trusted code with another length. */
  AlreadyRequested,
  /** There is no such request. */
  NotRequested,
  /** The preimage has already been provided. */
  AlreadyProvided,
  /** Requests still hold the preimage. */
  StillRequested,
  /** Fewer than `expungeDelay` blocks have passed since the end of the request, or of the last one. */
  TooEarly,
}

/** Events of Storage. */
export class StorageEvent {
  /** A preimage was requested. */
  static Requested(hash: H256, len: u32, requester: Requester): void {}
  /** A request ended. `wait`: `expunge` is possible only after `expungeDelay` blocks. */
  static Unrequested(hash: H256, requester: Requester, wait: bool): void {}
  /** A preimage was provided. Lookups find it from this block on. */
  static Provided(hash: H256, len: u32): void {}
  /** Lookups no longer find a preimage whose last request ended earlier. It is kept for `expungeDelay` blocks. */
  static LookupsEnded(hash: H256): void {}
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

  /**
   * Number of requesters by hash and length, and blocks in which lookups find the preimage. Requesters choose the hash, here
   * and in `requests`, so these keys are hashed: whoever chooses keys could make a deep trie of them. The maps above have
   * only hashes of data.
   */
  @storage(Hasher.Blake2_128Concat, Hasher.Identity) static statuses: OptionDoubleMap<H256, u32, PreimageStatus>;

  /** Requests by hash and requester; of accounts also ended ones, until their deposits return. */
  @storage(Hasher.Blake2_128Concat, Hasher.Blake2_128Concat) static requests: OptionDoubleMap<H256, Requester, Request>;

  /** Preimages whose last request was a trusted one, by position in the order of its end: the chain removes them (D21). */
  @storage(Hasher.Twox64Concat) static unheld: OptionMap<u32, Unheld>;

  /** Positions in `unheld`. */
  @storage() static unheldQueue: StorageValue<UnheldQueue>;

  /** Blocks from the end of a request to the earliest `expunge`: 24 hours (D21). */
  @genesis(DAYS) @storage() static expungeDelay: StorageValue<u32>;

  /** Maximum length of a preimage in bytes, so that it fits a block. */
  @constant() static readonly maxPreimageSize: u32 = 3_800_000;

  /** Deposit per request of an account. */
  @constant() static readonly depositBase: Balance = U128.from(100_000_000_000);

  /** Additional deposit per byte of the preimage. */
  @constant() static readonly depositPerByte: Balance = U128.from(1_000_000);
}
