/**
 * System: accounts, the block being executed, events, the runtime's own code.
 *
 * The storage layout, calls and events are frame_system's, as far as they exist here. What a block does at its beginning
 * and end is in `block.ts`; balances inside accounts are Balances' alone.
 */
import {
  DispatchClass,
  DispatchError,
  DispatchInfo,
  DispatchResult,
  OK,
  Origin,
  Root,
  Signed,
  StorageMap,
  StorageValue,
  OptionValue,
} from '../../frame';
import { blake2_256, storageClear, storageClearPrefix, storageSet } from '../../io';
import { AccountId, BLOCK_HASH_COUNT, BlockNumber, Digest, DigestItem, H256 } from '../../primitives';
import { Bytes, fixed, Tuple2, Writer } from '../../scale';
import { applyCode, checkCode } from './code';
import { BlockLength, BlockWeights, blockWeights, ConsumedWeight, READ_PS, WRITE_PS } from './limits';
import { AccountInfo, EventRecord, LastRuntimeUpgradeInfo, Phase, RuntimeDbWeight, RuntimeVersion } from './types';
import { Wiring } from './wiring';

/** Half a block, for calls that replace the code: whatever follows in the block still has room. */
const SET_CODE_PS: u64 = 1_000_000_000_000;

/** What System refuses. */
export enum SystemError {
  /** The new code is of another chain: its spec name differs. */
  InvalidSpecName,
  /** The spec version of the new code is not above the present one. */
  SpecVersionNeedsToIncrease,
  /** The new code is no runtime: its version can't be read. */
  FailedToExtractRuntimeVersion,
}

/** What System reports. */
export class SystemEvent {
  /** An extrinsic did what it was asked. */
  static ExtrinsicSuccess(dispatchInfo: DispatchInfo): void {}
  /** An extrinsic failed. Its fee is paid all the same. */
  static ExtrinsicFailed(dispatchError: DispatchError, dispatchInfo: DispatchInfo): void {}
  /** The chain runs other code from the next block on. */
  static CodeUpdated(): void {}
  /** An account came to be. */
  static NewAccount(account: AccountId): void {}
  /** An account was removed. */
  static KilledAccount(account: AccountId): void {}
  /** Somebody said something; here is its hash. */
  static Remarked(sender: AccountId, hash: H256): void {}
}

@pallet('System', 0, SystemError, SystemEvent)
export class System {
  /** Every account: its nonce, the references to it, its balances. */
  @storage(Hasher.Blake2_128Concat) static account: StorageMap<AccountId, AccountInfo>;

  /** How many extrinsics the block has, between its last extrinsic and its end. */
  @storage() static extrinsicCount: StorageValue<u32>;

  /** Whether the inherents of the block are complete: set with its first ordinary extrinsic. */
  @storage() static inherentsApplied: StorageValue<bool>;

  /** How many places in the order of inherents the block has used up: the next inherent must stand behind them. */
  @storage() static inherentPlace: StorageValue<u32>;

  /** What the block weighs so far, by class. */
  @storage() static blockWeight: StorageValue<ConsumedWeight>;

  /** Bytes of all extrinsics of the block so far. */
  @storage() static allExtrinsicsLen: StorageValue<u32>;

  /** Hashes of the last blocks, and of the first. */
  @storage(Hasher.Twox64Concat) static blockHash: StorageMap<BlockNumber, H256>;

  /** The block's extrinsics, until its end. */
  @storage(Hasher.Twox64Concat) static extrinsicData: StorageMap<u32, Bytes>;

  /** Number of the block being executed, or executed last. */
  @storage() static number: StorageValue<BlockNumber>;

  /** Hash of the block before. */
  @storage() static parentHash: StorageValue<H256>;

  /** Notes for the block's header. */
  @storage() static digest: StorageValue<Digest>;

  /** What happened in the block, in order. Kept until the next one begins. */
  @storage() static events: StorageValue<Array<EventRecord>>;

  /** How many events there are. */
  @storage() static eventCount: StorageValue<u32>;

  /** Which code last ran its migrations. */
  @storage() static lastRuntimeUpgrade: OptionValue<LastRuntimeUpgradeInfo>;

  /** Which part of the block is being executed; none between blocks. */
  @storage() static executionPhase: OptionValue<Phase>;

  /** Bounds of a block's weight. */
  @constant() static readonly blockWeights: BlockWeights = blockWeights();
  /** Bounds of a block's length in bytes. */
  @constant() static readonly blockLength: BlockLength = new BlockLength();
  /** Hashes of how many blocks are kept, and so the longest life of a mortal extrinsic. */
  @constant() static readonly blockHashCount: BlockNumber = BLOCK_HASH_COUNT;
  /** What reads and writes of storage weigh. */
  @constant() static readonly dbWeight: RuntimeDbWeight = dbWeight();
  /** Name and versions of this runtime. */
  @constant() static readonly version: RuntimeVersion = Wiring.version();
  /** Prefix of this chain's addresses. */
  @constant() static readonly SS58Prefix: u16 = 42;

  /** Says something that the chain does not listen to. */
  @call(0, (_remark: Bytes): u64 => 1_000_000 + 500 * _remark.length)
  static remark(_origin: Origin, _remark: Bytes): DispatchResult {
    return OK;
  }

  /** Replaces the code of the runtime by a later version of itself, from the next block on. */
  @call(2, SET_CODE_PS, DispatchClass.Operational)
  static setCode(_origin: Root, code: Bytes): DispatchResult {
    const error = checkCode(code);
    if (error != OK) return error;
    applyCode(code);
    return OK;
  }

  /** Replaces the code of the runtime by anything at all. A mistake here ends the chain. */
  @call(3, SET_CODE_PS, DispatchClass.Operational)
  static setCodeWithoutChecks(_origin: Root, code: Bytes): DispatchResult {
    applyCode(code);
    return OK;
  }

  /** Writes some items of storage. */
  @call(4, (items: Array<Tuple2<Bytes, Bytes>>): u64 => WRITE_PS * (1 + items.length), DispatchClass.Operational)
  static setStorage(_origin: Root, items: Array<Tuple2<Bytes, Bytes>>): DispatchResult {
    for (let i = 0; i < items.length; i++) storageSet(items[i].a, items[i].b);
    return OK;
  }

  /** Removes some items of storage. */
  @call(5, (keys: Array<Bytes>): u64 => WRITE_PS * (1 + keys.length), DispatchClass.Operational)
  static killStorage(_origin: Root, keys: Array<Bytes>): DispatchResult {
    for (let i = 0; i < keys.length; i++) storageClear(keys[i]);
    return OK;
  }

  /** Removes all items of storage below a prefix; `subkeys` says how many those are at most, for the weight alone. */
  @call(6, (prefix: Bytes, _subkeys: u32): u64 => WRITE_PS * (1 + <u64>_subkeys), DispatchClass.Operational)
  static killPrefix(_origin: Root, prefix: Bytes, _subkeys: u32): DispatchResult {
    storageClearPrefix(prefix);
    return OK;
  }

  /** Says something, and has an event show that it was said. */
  @call(7, (remark: Bytes): u64 => 15_000_000 + 2_500 * remark.length)
  static remarkWithEvent(origin: Signed, remark: Bytes): DispatchResult {
    SystemEvent.Remarked(origin.account, fixed<H256>(blake2_256(remark)));
    return OK;
  }

  /** Keeps an encoded event (pallet index first) with the present phase. Events at genesis are dropped, as in Substrate. */
  static deposit(event: Bytes): void {
    const phase = System.executionPhase.raw();
    if (phase === null) return;
    const record = new Writer();
    record.raw(phase);
    record.raw(event);
    record.compact(0);
    System.events.appendEncoded(record.finish());
    System.eventCount.set(System.eventCount.get() + 1);
  }

  /** Adds a note to the block's header. */
  static depositLog(item: DigestItem): void {
    const digest = System.digest.get();
    digest.logs.push(item);
    System.digest.set(digest);
  }

  /** Charges weight to the block that no extrinsic carries: hooks. */
  static registerExtraWeight(weight: u64, dispatchClass: DispatchClass): void {
    const consumed = System.blockWeight.get();
    const part = consumed.of(dispatchClass);
    part.refTime += weight;
    System.blockWeight.set(consumed);
  }

  /** Whether the account exists. */
  static exists(who: AccountId): bool {
    return System.account.has(who);
  }
}

function dbWeight(): RuntimeDbWeight {
  const weight = new RuntimeDbWeight();
  weight.read = READ_PS;
  weight.write = WRITE_PS;
  return weight;
}
