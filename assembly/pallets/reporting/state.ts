// Reporting: brings Work Reports on-chain, and keeps them until they are available and taken for accumulation.
//
// Spec: RFC-0031 § Reporting and Integration, § Initial Validation, § Join and `prune`; D5, D15. Which reports are available is
// decided by the Availability pallet; what is taken from the queues and run, by the Accumulation pallet. Hard ordering (D31) is
// not implemented.
import { OptionMap, StorageMap, StorageValue } from '../../frame';
import { H256 } from '../../primitives';
import { Option } from '../../scale';
import { Occupation, Progress, TrackedReport } from './tracked';

/** Why a report can't be Registered. A block that tries is invalid. The order is that of `CoreJamApi.validate_reports`. */
export enum ReportingError {
  /** 0: the chain has no core of this index. */
  NoSuchCore,
  /** 1: Instantaneous Coretime is not offered yet. */
  InstantaneousNotOffered,
  /** 2: the core was not assigned to this AuthId at the context block (D7). */
  WrongAuthorizer,
  /** 3: this AuthId is not registered. */
  UnknownAuthorizer,
  /** 4: the encoded authorization is longer than 4,096 bytes (D1). */
  AuthorizationTooLong,
  /** 5: the encoded package is longer than 5 MiB. */
  PackageTooLong,
  /** 6: the context block is not one of the last 15 of this chain (D11). */
  ContextNotRecent,
  /** 7: the context block belongs to an earlier validator set (D32). */
  ContextOfEarlierSet,
  /** 8: the core has a report that waits for availability (D15). */
  CoreOccupied,
  /** 9: the core has no validators (D8). */
  GroupEmpty,
  /** 10: the group has a report in this block already. */
  GroupReported,
  /** 11: the package was Registered within Recent blocks. */
  AlreadyRegistered,
  /** 12: the package's prerequisite was not Registered within Recent blocks. */
  PrerequisiteMissing,
  /** 13: the assignment's share of the last 16 blocks is used up (D7). */
  ShareExhausted,
  /** 14: there is no such Work Class. */
  UnknownClass,
  /** 15: the items' weight requirements exceed what a core may use of a block. */
  LiabilityTooHigh,
  /** 16: too much waits for accumulation on this core. */
  CoreBusy,
  /** 17: the block's reports would be longer than 3.5 MiB together (D34). */
  ReportsTooLong,
  /** 18: checking the block's inherents would weigh more than 15 % of a block. */
  InherentsTooHeavy,
  /** 19: `validators` does not have one bit for each member of the group. */
  WrongGroupSize,
  /** 20: the number of signatures is not the number of set bits. */
  SignatureCountMismatch,
  /** 21: fewer signatures than the quorum (D8). */
  TooFewSignatures,
  /** 22: a signature is not that of its validator. */
  BadSignature,
}

/** Events of Reporting. */
export class ReportingEvent {
  /** A package's report is on-chain; its `liability` is the weight that its items may use on-chain, in picoseconds. */
  static Registered(
    packageHash: H256,
    core: u16,
    authId: Option<u32>,
    contextBlock: u32,
    items: u8,
    refineWeight: u64,
    liability: u64,
    signatures: u32,
  ): void {}
}

/** Work Reports, from Registered to taken for accumulation. */
@pallet('Reporting', 15, ReportingError, ReportingEvent)
export class Reporting {
  /** Report of each core that waits for availability (D15: one per core). */
  @storage(Hasher.Twox64Concat) static pending: OptionMap<u16, TrackedReport>;

  /** Cores of `pending`, ascending, with the facts that every block needs about them. */
  @storage() static occupied: StorageValue<Array<Occupation>>;

  /** Available reports of each core that wait for accumulation, in the order in which they became available. */
  @storage(Hasher.Twox64Concat) static ready: StorageMap<u16, Array<TrackedReport>>;

  /** Cores of `ready`, ascending. */
  @storage() static readyCores: StorageValue<Array<u16>>;

  /** Hashes of the packages Registered in each of the last RECENT_BLOCKS blocks: oldest block first, each block's sorted. */
  @storage() static recentInclusions: StorageValue<Array<Array<H256>>>;

  /** Number of reports ever Registered. */
  @storage() static count: StorageValue<u64>;

  /** Least number of signatures of a group that has as many members (D8). */
  @genesis(2)
  @ensure((signatures: u32): bool => signatures > 0, 'must be at least 1')
  @storage() static minimumAttestations: StorageValue<u32>;

  /** Whether this block's reports have been Registered. */
  @storage() static done: StorageValue<bool>;

  /** Weight of this block's inherents so far, in picoseconds. */
  @storage() static inherentsWeight: StorageValue<u64>;

  /** What happened to packages in this block, in order. */
  @storage() static progress: StorageValue<Array<Progress>>;
}
