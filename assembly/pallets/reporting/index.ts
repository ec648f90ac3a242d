/**
 * Reporting: brings Work Reports on-chain, and keeps them until they are available and taken for accumulation.
 *
 * Spec: RFC-0031 § Reporting and Integration, § Initial Validation, § Join and `prune`; D5, D15.
 * `registrar.ts` has the checks, `join.ts` the call of `prune`. Which reports are available is the Availability pallet's to
 * say; what is taken from the queues, and run, the Accumulation pallet's. Hard ordering (D31) is not here yet.
 */
import { H256, MAX_BLOCK_WEIGHT_PS, saturatingAdd } from '../../primitives';
import { Attestation, INHERENTS_SHARE_PERCENT, RECENT_BLOCKS, WorkReport } from '../../primitives/corejam';
import { encode, Option, some } from '../../scale';
import { DispatchResult, moduleErrorIndex, None, OK, OptionMap, StorageMap, StorageValue } from '../../frame';
import { JsonReader } from '../../json';
import { hasComplaint, joinReports } from './join';
import { Registrar } from './registrar';
import { Occupation, Progress, Stage, TrackedReport } from './tracked';

export { joinReports } from './join';
export { Registrar } from './registrar';
export { Occupation, Progress, Stage, TrackedReport } from './tracked';

/** Why a report can't be Registered. A block that tries is invalid. The order is that of `CoreJamApi.validate_reports`. */
export enum ReportingError {
  /** 0: there are not as many cores. */
  NoSuchCore,
  /** 1: Instantaneous Coretime is not offered yet. */
  InstantaneousNotOffered,
  /** 2: the core was not assigned to this AuthId at the context block (D7). */
  WrongAuthorizer,
  /** 3: nobody registered this AuthId. */
  UnknownAuthorizer,
  /** 4: the encoded authorization is longer than 4,096 bytes (D1). */
  AuthorizationTooLong,
  /** 5: the encoded package is longer than 5 MiB. */
  PackageTooLong,
  /** 6: the context block is none of the last 15 of this chain (D11). */
  ContextNotRecent,
  /** 7: the context block belongs to an earlier validator set (D32). */
  ContextOfEarlierSet,
  /** 8: the core has a report that waits for availability (D15). */
  CoreOccupied,
  /** 9: nobody serves the core (D8). */
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
  /** 19: `validators` has not one bit for each member of the group. */
  WrongGroupSize,
  /** 20: there are not as many signatures as set bits. */
  SignatureCountMismatch,
  /** 21: fewer signatures than the quorum (D8). */
  TooFewSignatures,
  /** 22: a signature is not that of its validator. */
  BadSignature,
}

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

@pallet('Reporting', 15, ReportingError, ReportingEvent)
export class Reporting {
  /** The report of each core that waits for availability (D15: one a core). */
  @storage(Hasher.Twox64Concat) static pending: OptionMap<u16, TrackedReport>;

  /** The cores of `pending`, ascending, with what every block asks about them. */
  @storage() static occupied: StorageValue<Array<Occupation>>;

  /** The available reports of each core that wait to be taken for accumulation, in the order in which they became available. */
  @storage(Hasher.Twox64Concat) static ready: StorageMap<u16, Array<TrackedReport>>;

  /** The cores of `ready`, ascending. */
  @storage() static readyCores: StorageValue<Array<u16>>;

  /** The packages Registered in each of the last RECENT_BLOCKS blocks, oldest block first, each block's in order. */
  @storage() static recentInclusions: StorageValue<Array<Array<H256>>>;

  /** How many reports were ever Registered. */
  @storage() static count: StorageValue<u64>;

  /** Fewest signatures of a group, where it has as many members (D8). */
  @storage() static minimumAttestations: StorageValue<u32>;

  /** Whether this block's reports are in. */
  @storage() static done: StorageValue<bool>;

  /** Weight of this block's inherents so far. */
  @storage() static inherentsWeight: StorageValue<u64>;

  /** What happened to packages in this block, in order. */
  @storage() static progress: StorageValue<Array<Progress>>;

  /** Starts a block: a Recent block more, the oldest forgotten. */
  static onInitialize(_number: u32): u64 {
    const sets = Reporting.recentInclusions.get();
    sets.push([]);
    while (sets.length > <i32>RECENT_BLOCKS) sets.shift();
    Reporting.recentInclusions.set(sets);
    Reporting.done.remove();
    Reporting.inherentsWeight.remove();
    Reporting.progress.remove();
    return 50_000_000;
  }

  /** Register reports. Every one must pass every check of Initial Validation, and no class may want any of them pruned. */
  @inherent('cjreport', 3)
  @call(0, (attestations: Array<Attestation>): u64 => attestationsWeight(attestations))
  static report(_origin: None, attestations: Array<Attestation>): DispatchResult {
    if (Reporting.done.get()) throw new Error('reporting: one inherent a block');
    const registrar = new Registrar();
    const reports = new Array<WorkReport>();
    for (let i = 0; i < attestations.length; i++) {
      const error = registrar.check(attestations[i]);
      if (error != OK) {
        throw new Error(
          `reporting: attestation ${i.toString()} fails with error ${moduleErrorIndex(error).toString()}`,
        );
      }
      registrar.admit(attestations[i]);
      reports.push(attestations[i].report);
    }
    // D5: the author has pruned already, so there must be nothing left to complain of. Nothing is written before: `prune` sees
    // the state that it saw when the author asked.
    const answers = joinReports(reports);
    for (let i = 0; i < answers.length; i++) {
      if (hasComplaint(answers[i].b))
        throw new Error(`reporting: class ${answers[i].a.toString()} does not accept its outputs`);
    }
    Reporting.done.set(true);
    registrar.write();
    return OK;
  }

  /** Whether each report could be Registered, one after another: none, or the index of its ReportingError. */
  static validate(attestations: Array<Attestation>): Array<Option<u8>> {
    const registrar = new Registrar();
    const errors = new Array<Option<u8>>();
    for (let i = 0; i < attestations.length; i++) {
      const error = registrar.check(attestations[i]);
      if (error == OK) registrar.admit(attestations[i]);
      errors.push(error == OK ? new Option<u8>(false, 0) : some<u8>(moduleErrorIndex(error)));
    }
    return errors;
  }

  /** Signatures that a group of `size` must give (D8). */
  static quorum(size: u32): u32 {
    return max<u32>(1, min<u32>(Reporting.minimumAttestations.get(), size));
  }

  /** Puts an available report at the end of its core's queue. */
  static enqueue(tracked: TrackedReport): void {
    const core = tracked.report.coreIndex;
    const queue = Reporting.ready.get(core);
    queue.push(tracked);
    Reporting.setQueue(core, queue);
  }

  /** Replaces a core's queue. */
  static setQueue(core: u16, queue: Array<TrackedReport>): void {
    const cores = Reporting.readyCores.get();
    const kept = new Array<u16>();
    let placed = queue.length == 0;
    for (let i = 0; i < cores.length; i++) {
      if (!placed && cores[i] >= core) {
        kept.push(core);
        placed = true;
      }
      if (cores[i] != core) kept.push(cores[i]);
    }
    if (!placed) kept.push(core);
    if (queue.length == 0) Reporting.ready.remove(core);
    else Reporting.ready.set(core, queue);
    Reporting.readyCores.set(kept);
  }

  /** Notes a stage that a package has reached in this block. */
  static note(tracked: TrackedReport, stage: Stage): void {
    const progress = new Progress();
    progress.packageHash = tracked.report.packageSpec.hash;
    progress.core = tracked.report.coreIndex;
    progress.stage = <u8>stage;
    Reporting.progress.appendEncoded(encode<Progress>(progress));
  }

  /** Adds to the weight of this block's inherents; false when it exceeds the 15 % of a block that they may weigh. */
  static noteInherent(weight: u64): bool {
    const sum = saturatingAdd(Reporting.inherentsWeight.get(), weight);
    Reporting.inherentsWeight.set(sum);
    return sum <= inherentsWeightMax();
  }

  /** Reads `{ "minimumAttestations": 2 }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'minimumAttestations') return json.fail('unknown; expected "minimumAttestations"');
      const value = json.readU32();
      if (!json.failed && value == 0) return json.fail('must be at least 1');
      Reporting.minimumAttestations.set(value);
    }
  }

  /** Where genesis said nothing. */
  static afterGenesis(): void {
    if (!Reporting.minimumAttestations.has()) Reporting.minimumAttestations.set(2);
  }
}

/** What checking one report weighs beside its signatures, and what one signature weighs. */
export const REPORT_PS: u64 = 100_000_000;
export const SIGNATURE_PS: u64 = 450_000_000;

/** What checking `attestations` weighs; `prune` is weighed apart. */
export function attestationsWeight(attestations: Array<Attestation>): u64 {
  let weight: u64 = 0;
  for (let i = 0; i < attestations.length; i++) weight += attestationWeight(attestations[i]);
  return weight;
}

/** What checking one attestation weighs. */
export function attestationWeight(attestation: Attestation): u64 {
  return REPORT_PS + SIGNATURE_PS * <u64>attestation.attestations.length;
}

/** What the inherents of one block may weigh together (§ Weight of prune and accumulate, 6). */
export function inherentsWeightMax(): u64 {
  return (MAX_BLOCK_WEIGHT_PS / 100) * INHERENTS_SHARE_PERCENT;
}
