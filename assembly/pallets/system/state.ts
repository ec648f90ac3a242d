// System: accounts, the block being executed, events, the runtime's own code.
//
// Storage layout, calls and events are frame_system's, as far as they exist here. block.ts has the start and the end of a block;
// the balances inside accounts belong to the Balances pallet.
import { DispatchError, DispatchInfo, OptionValue, StorageMap, StorageValue } from '../../frame';
import { AccountId, BLOCK_HASH_COUNT, BlockNumber, Digest, H256 } from '../../primitives';
import { Bytes } from '../../scale';
import { BlockLength, BlockWeights, blockWeights, ConsumedWeight, dbWeight } from './limits';
import { AccountInfo, EventRecord, LastRuntimeUpgradeInfo, Phase, RuntimeDbWeight, RuntimeVersion } from './types';
import { Wiring } from './wiring';

/** Why a call of System is refused. */
export enum SystemError {
  /** The new code belongs to another chain: its spec name differs. */
  InvalidSpecName,
  /** The spec version of the new code is not higher than the current one. */
  SpecVersionNeedsToIncrease,
  /** The new code is not a runtime: its version can't be read. */
  FailedToExtractRuntimeVersion,
}

/** Events of System. */
export class SystemEvent {
  /** An extrinsic succeeded. */
  static ExtrinsicSuccess(dispatchInfo: DispatchInfo): void {}
  /** An extrinsic failed. Its fee is paid all the same. */
  static ExtrinsicFailed(dispatchError: DispatchError, dispatchInfo: DispatchInfo): void {}
  /** The runtime's code changes with the next block. */
  static CodeUpdated(): void {}
  /** An account was created. */
  static NewAccount(account: AccountId): void {}
  /** An account was removed. */
  static KilledAccount(account: AccountId): void {}
  /** A remark was made; its hash. */
  static Remarked(sender: AccountId, hash: H256): void {}
}

/** Accounts, the block being executed, events, the runtime's code. */
@pallet('System', 0, SystemError, SystemEvent)
export class System {
  /** Each account: its nonce, its reference counts, its balances. */
  @storage(Hasher.Blake2_128Concat) static account: StorageMap<AccountId, AccountInfo>;

  /** Number of extrinsics of the block, between its last extrinsic and its end. */
  @storage() static extrinsicCount: StorageValue<u32>;

  /** Whether the inherents of the block are complete: set with its first ordinary extrinsic. */
  @storage() static inherentsApplied: StorageValue<bool>;

  /** How many places in the order of inherents are used up: the next inherent must come after them. */
  @storage() static inherentPlace: StorageValue<u32>;

  /** Weight of the block so far, by dispatch class. */
  @storage() static blockWeight: StorageValue<ConsumedWeight>;

  /** Length in bytes of all extrinsics of the block so far. */
  @storage() static allExtrinsicsLen: StorageValue<u32>;

  /** Hashes of the last blocks, and of the genesis block. */
  @storage(Hasher.Twox64Concat) static blockHash: StorageMap<BlockNumber, H256>;

  /** The block's extrinsics, until its end. */
  @storage(Hasher.Twox64Concat) static extrinsicData: StorageMap<u32, Bytes>;

  /** Number of the block being executed, or executed last. */
  @storage() static number: StorageValue<BlockNumber>;

  /** Hash of the parent block. */
  @storage() static parentHash: StorageValue<H256>;

  /** Digest items for the block's header. */
  @storage() static digest: StorageValue<Digest>;

  /** Events of the block, in order. Kept until the next block begins. */
  @storage() static events: StorageValue<Array<EventRecord>>;

  /** Number of events. */
  @storage() static eventCount: StorageValue<u32>;

  /** The runtime version that last ran its migrations. */
  @storage() static lastRuntimeUpgrade: OptionValue<LastRuntimeUpgradeInfo>;

  /** Phase of the block being executed; none between blocks. */
  @storage() static executionPhase: OptionValue<Phase>;

  /** Limits of a block's weight. */
  @constant() static readonly blockWeights: BlockWeights = blockWeights();
  /** Limits of a block's length in bytes. */
  @constant() static readonly blockLength: BlockLength = new BlockLength();
  /** How many block hashes are kept, and so the longest life of a mortal extrinsic. */
  @constant() static readonly blockHashCount: BlockNumber = BLOCK_HASH_COUNT;
  /** Weight of a read and of a write of storage. */
  @constant() static readonly dbWeight: RuntimeDbWeight = dbWeight();
  /** Name and versions of this runtime. */
  @constant() static readonly version: RuntimeVersion = Wiring.version();
  /** SS58 prefix of this chain's addresses. */
  @constant() static readonly SS58Prefix: u16 = 42;
}
