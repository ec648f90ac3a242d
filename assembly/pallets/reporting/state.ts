// Reporting: registers Work Reports, and keeps them until they are available and taken for accumulation.
//
// Spec: RFC-0031 § Reporting and Integration, § Initial Validation, § Join and `prune`; D5, D15. The Availability
// pallet decides which reports are available, the Accumulation pallet which are taken. Hard ordering (D31) is not
// implemented.
import { OptionMap, StorageMap, StorageValue } from '../../frame';
import { H256 } from '../../primitives';
import { Option } from '../../scale';
import { WorkReport } from '../../primitives/corejam';
import { Progress, TrackedPackage } from './tracked';

/** Why a report can't be Registered. A block that contains it is invalid. */
export enum ReportingError {
  /** 0: no core has this index. */
  NoSuchCore,
  /** 1: Instantaneous Coretime is not implemented. */
  InstantaneousNotOffered,
  /** 2: the core had another AuthId at the context block (D7). */
  WrongAuthorizer,
  /** 3: this AuthId is not registered. */
  UnknownAuthorizer,
  /** 4: the encoded authorization is longer than 4,096 bytes (D1). */
  AuthorizationTooLong,
  /** 5: the encoded package is longer than 5 MiB. */
  PackageTooLong,
  /** 6: the context block is not one of the last 15 (D11). */
  ContextNotRecent,
  /** 7: the context block belongs to an earlier validator set (D32). */
  ContextOfEarlierSet,
  /** 8: the core has a pending report (D15). */
  CoreOccupied,
  /** 9: the core has no validators (D8). */
  GroupEmpty,
  /** 10: the group already has a report in this block. */
  GroupReported,
  /** 11: the package was Registered in a Recent block. */
  AlreadyRegistered,
  /** 12: the prerequisite was not Registered in a Recent block. */
  PrerequisiteMissing,
  /** 13: the assignment's share of the last 16 blocks is used up (D7). */
  ShareExhausted,
  /** 14: an item's Work Class is not registered. */
  UnknownClass,
  /** 15: the weight requirements exceed a core's share of a block, or those of `prune` a third of it (D5a). */
  LiabilityTooHigh,
  /** 16: the core's queue for accumulation has no room. */
  CoreBusy,
  /** 17: the block's reports exceed 3 MiB with their signatures (D34). */
  ReportsTooLong,
  /** 18: the block's reports exceed 9 % of its weight. */
  ReportsTooHeavy,
  /** 19: `validators` does not have one bit per group member. */
  WrongGroupSize,
  /** 20: the numbers of signatures and set bits differ. */
  SignatureCountMismatch,
  /** 21: fewer signatures than required (D8). */
  TooFewSignatures,
  /** 22: a signature is wrong. */
  BadSignature,
  /** 23: with it, the arguments of a class's `prune` exceed 1 MiB (D37). */
  PruneTooLong,
  /** 24: the weights of the results exceed what `refine` has for a package (D39). */
  RefineWeightTooHigh,
}

/** Events of Reporting. */
export class ReportingEvent {
  /** A report was Registered. Its items, and the end of the block that takes it, may use `liability` picoseconds on-chain. */
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

/** Work Reports, from Registered to accumulation. */
@pallet('Reporting', 15, ReportingError, ReportingEvent)
export class Reporting {
  /** The reports of tracked packages, by their `order`. */
  @storage(Hasher.Twox64Concat) static reports: OptionMap<u64, WorkReport>;

  /** Packages that await availability, at most one a core (D15); ascending by core. */
  @storage() static pending: StorageValue<Array<TrackedPackage>>;

  /** The cores' queues: available packages that await accumulation; ascending by core, then by order. */
  @storage() static ready: StorageValue<Array<TrackedPackage>>;

  /** Packages Registered in each of the last 16 blocks, by block: sorted hashes. */
  @storage(Hasher.Twox64Concat) static recentInclusions: StorageMap<u32, Array<H256>>;

  /** Number of reports Registered so far. */
  @storage() static count: StorageValue<u64>;

  /** Minimum number of signatures, if the group has that many members (D8): at most as many as fit a block. */
  @genesis(2)
  @ensure((signatures: u32): bool => signatures > 0, 'must be at least 1')
  @storage() static minimumAttestations: StorageValue<u32>;

  /** Whether this block's reports were Registered. */
  @storage() static done: StorageValue<bool>;

  /** Stages that packages reached in this block, in order. */
  @storage() static progress: StorageValue<Array<Progress>>;
}
