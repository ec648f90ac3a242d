// System: accounts, the block being executed, events, the runtime's own code.
//
// Storage layout, calls and events are a subset of frame_system's. block.ts has the start and the end of a block; the
// balances inside accounts belong to the Balances pallet.
import { DispatchError, DispatchInfo, OptionValue, StorageMap, StorageValue } from '../../frame';
import { AccountId, BLOCK_HASH_COUNT, BlockNumber, Digest, H256, SS58_PREFIX } from '../../primitives';
import { Bytes } from '../../scale';
import {
  BlockLength,
  blockLength,
  BlockWeights,
  blockWeights,
  ConsumedWeight,
  dbWeight,
  LengthsByClass,
} from './limits';
import { AccountInfo, EventRecord, LastRuntimeUpgradeInfo, Phase, RuntimeDbWeight, RuntimeVersion } from './types';
import { Wiring } from './wiring';

/** Why a call of System is refused. */
export enum SystemError {
  /** The spec name of the new code differs. */
  InvalidSpecName,
  /** The spec version of the new code is not higher. */
  SpecVersionNeedsToIncrease,
  /** The version of the new code can't be read. */
  FailedToExtractRuntimeVersion,
}

/** Events of System. */
export class SystemEvent {
  /** An extrinsic succeeded. */
  static ExtrinsicSuccess(dispatchInfo: DispatchInfo): void {}
  /** An extrinsic failed. Its fee is still charged. */
  static ExtrinsicFailed(dispatchError: DispatchError, dispatchInfo: DispatchInfo): void {}
  /** The code changes with the next block. */
  static CodeUpdated(): void {}
  /** An account was created. */
  static NewAccount(account: AccountId): void {}
  /** An account was removed. */
  static KilledAccount(account: AccountId): void {}
  /** A remark with this hash was made. */
  static Remarked(sender: AccountId, hash: H256): void {}
}

/** Accounts, the current block, events, the runtime's code. */
@pallet('System', 0, SystemError, SystemEvent)
export class System {
  /** Each account's nonce, reference counts and balances. */
  @storage(Hasher.Blake2_128Concat) static account: StorageMap<AccountId, AccountInfo>;

  /** Number of the block's extrinsics, set after the last one. */
  @storage() static extrinsicCount: StorageValue<u32>;

  /** Whether the block's inherents are complete. */
  @storage() static inherentsApplied: StorageValue<bool>;

  /** Lowest position that the next inherent may have. */
  @storage() static inherentPlace: StorageValue<u32>;

  /** Weight of the block so far, by dispatch class. */
  @storage() static blockWeight: StorageValue<ConsumedWeight>;

  /** Length of the block's extrinsics so far, in bytes, by dispatch class. */
  @storage() static extrinsicsLen: StorageValue<LengthsByClass>;

  /** Hashes of recent blocks and of the genesis block. */
  @storage(Hasher.Twox64Concat) static blockHash: StorageMap<BlockNumber, H256>;

  /** The block's extrinsics, until it ends. */
  @storage(Hasher.Twox64Concat) static extrinsicData: StorageMap<u32, Bytes>;

  /** Number of the current block. */
  @storage() static number: StorageValue<BlockNumber>;

  /** Hash of the parent block. */
  @storage() static parentHash: StorageValue<H256>;

  /** Digest of the block's header. */
  @storage() static digest: StorageValue<Digest>;

  /** Events of the block, in order, until the next block begins. */
  @storage() static events: StorageValue<Array<EventRecord>>;

  /** Number of events. */
  @storage() static eventCount: StorageValue<u32>;

  /** The runtime version that last ran its migrations. */
  @storage() static lastRuntimeUpgrade: OptionValue<LastRuntimeUpgradeInfo>;

  /** Phase of the current block; none between blocks. */
  @storage() static executionPhase: OptionValue<Phase>;

  /** Limits of a block's weight. */
  @constant() static readonly blockWeights: BlockWeights = blockWeights();
  /** Limits of a block's length in bytes. */
  @constant() static readonly blockLength: BlockLength = blockLength();
  /** Number of block hashes kept, which limits the life of mortal extrinsics. */
  @constant() static readonly blockHashCount: BlockNumber = BLOCK_HASH_COUNT;
  /** Weight of storage reads and writes. */
  @constant() static readonly dbWeight: RuntimeDbWeight = dbWeight();
  /** Name and versions of this runtime. */
  @constant() static readonly version: RuntimeVersion = Wiring.version();
  /** SS58 prefix of addresses. */
  @constant() static readonly SS58Prefix: u16 = SS58_PREFIX;
}
