// Initial Validation: whether reports may be Registered, in order, and the writes of Registering.
// Spec: RFC-0031 § Initial Validation, § Weight Provisioning; D1, D7, D8, D11, D13, D14, D30, D34.
//
// The author runs it before it creates its inherent, every importer runs it again: the same code, on the same state.
import { H256, saturatingAdd, Sr25519Public } from '../../primitives';
import {
  Attestation,
  Authorization,
  AuthorizationInstantaneous,
  MAX_AUTHORIZATION_SIZE,
  MAX_ENCODED_PACKAGE_SIZE,
  RECENT_BLOCKS,
  REFINE_WEIGHT_PS,
  WorkItemWeightRequirements,
  WorkReport,
} from '../../primitives/corejam';
import { markMemory, resetMemory } from '../../rt';
import { encode, encodedLength } from '../../scale';
import { blake2_256, sr25519Verify } from '../../io';
import { DispatchResult, OK } from '../../frame';
import { System } from '../system';
import { groupAt, groupIndexAt, Validators } from '../validators';
import { assignedAt, Coretime, isShareExhausted, noteUse, weightPerPackage } from '../coretime';
import { Authorizations } from '../authorizations';
import { WorkClasses } from '../work-classes';
import { RecentInclusions } from './inclusions';
import { Occupancy } from './occupancy';
import { PruneArguments } from './prune-arguments';
import { noteStage } from './queues';
import { Reporting, ReportingError, ReportingEvent } from './state';
import { ReportsSpace } from './space';
import { pruneSum, Stage, takingSum, track, TrackedPackage } from './tracked';

/** A report that passed the checks. */
class Admitted {
  constructor(
    public tracked: TrackedPackage,
    public report: WorkReport,
    public contextBlock: u32,
    public signatures: u32,
  ) {}
}

/** The reports of one block. */
export class Registrar {
  private now: u32 = System.number.get();
  private cores: u16 = Coretime.cores.get();
  private weightPerPackage: u64 = weightPerPackage();
  private keys: Array<Sr25519Public> = Validators.keys.get();
  private pending: Array<TrackedPackage> = Reporting.pending.get();
  private occupancy: Occupancy = new Occupancy(Coretime.cores.get(), this.pending, Reporting.ready.get());
  /** By group: whether it has a report in this block. */
  private reported: StaticArray<bool> = new StaticArray<bool>(Coretime.cores.get());
  private inclusions: RecentInclusions = new RecentInclusions(System.number.get());
  private pruneArguments: PruneArguments = new PruneArguments();
  private space: ReportsSpace = new ReportsSpace();
  /** Hashes of the Recent blocks before this one, newest first. */
  private recent: Array<H256> = [];
  private admitted: Array<Admitted> = [];

  constructor() {
    // D11: now − c < RECENT_BLOCKS.
    for (let back: u32 = 1; back < RECENT_BLOCKS && back <= this.now; back++) {
      this.recent.push(System.blockHash.get(this.now - back));
    }
  }

  /** Whether `attestation` can be Registered after those admitted. Cheap checks come first, signatures last. */
  check(attestation: Attestation): DispatchResult {
    const report = attestation.report;
    const admissible = this.checkReport(report);
    if (admissible != OK) return admissible;
    if (!this.pruneArguments.fits(report)) return ReportingError.PruneTooLong;
    if (!this.space.hasLength(attestation)) return ReportingError.ReportsTooLong;
    if (!this.space.hasWeight(attestation)) return ReportingError.ReportsTooHeavy;
    const group = groupAt(report.coreIndex, this.cores, <u32>this.contextBlock(report));
    const mark = markMemory();
    const signatures = this.checkSignatures(attestation, group, blake2_256(encode<WorkReport>(report)));
    resetMemory(mark); // of the encoded report
    return signatures;
  }

  /** The checks that read neither outputs nor evidence: whether the package may be Registered on its core now. */
  checkReport(report: WorkReport): DispatchResult {
    const core = report.coreIndex;
    if (core >= this.cores) return ReportingError.NoSuchCore;
    const form = checkForm(report);
    if (form != OK) return form;
    const context = this.contextBlock(report);
    if (context < 0) return ReportingError.ContextNotRecent;
    const contextBlock = <u32>context;
    if (Validators.sessionStart.get() > contextBlock) return ReportingError.ContextOfEarlierSet;
    if (this.occupancy.isOccupied(core)) return ReportingError.CoreOccupied;
    if (groupAt(core, this.cores, contextBlock).length == 0) return ReportingError.GroupEmpty;
    if (this.reported[groupIndexAt(core, this.cores, contextBlock)]) return ReportingError.GroupReported;
    if (this.inclusions.has(report.packageSpec.hash)) return ReportingError.AlreadyRegistered;
    const prerequisite = report.context.prerequisite;
    // D30: a package is not Registered when it is checked, so there are no self-prerequisites and no cycles.
    if (prerequisite != null && !this.inclusions.has(prerequisite)) return ReportingError.PrerequisiteMissing;
    const assigned = checkAssignment(report, contextBlock);
    if (assigned != OK) return assigned;
    return this.checkWeights(report);
  }

  /**
   * As `checkReport`, for the author's candidates in the order of their turns. The core is kept for one while the head of its queue
   * leaves no room for the `prune` of this one: a later one passes only if it will leave this room in the next block (D34).
   */
  screen(report: WorkReport): DispatchResult {
    const result = this.checkReport(report);
    if (result == ReportingError.CoreBusy) this.occupancy.keep(report.coreIndex, pruneSum(requirementsOf(report)));
    if (result != OK) return result;
    const taking = takingSum(requirementsOf(report));
    const leavesRoom = this.occupancy.leavesRoom(report.coreIndex, taking, this.weightPerPackage);
    return leavesRoom ? OK : ReportingError.CoreBusy;
  }

  /** Records a report that has passed, for the checks of later ones of this block. */
  admit(attestation: Attestation): void {
    const report = attestation.report;
    const contextBlock = <u32>this.contextBlock(report);
    const tracked = track(report, requirementsOf(report), this.now);
    this.admitted.push(new Admitted(tracked, report, contextBlock, <u32>attestation.attestations.length));
    this.reported[groupIndexAt(report.coreIndex, this.cores, contextBlock)] = true;
    this.occupancy.occupy(report.coreIndex);
    this.pending.push(tracked);
    this.pruneArguments.add(report);
    this.space.take(attestation);
    this.inclusions.add(report.packageSpec.hash);
  }

  /** Registers the admitted reports. */
  write(): void {
    let count = Reporting.count.get();
    for (let i = 0; i < this.admitted.length; i++) {
      const admitted = this.admitted[i];
      const tracked = admitted.tracked;
      const report = admitted.report;
      tracked.order = count++;
      Reporting.reports.set(tracked.order, report);
      if (report.authId.isSome) noteUse(report.coreIndex, report.authId.value);
      noteStage(tracked, Stage.Registered);
      ReportingEvent.Registered(
        report.packageSpec.hash,
        report.coreIndex,
        report.authId,
        admitted.contextBlock,
        <u8>report.results.length,
        refineWeight(report),
        saturatingAdd(tracked.prune, tracked.takingWeight()),
        admitted.signatures,
      );
    }
    Reporting.count.set(count);
    this.pending.sort(byCore);
    Reporting.pending.set(this.pending);
    this.inclusions.write();
  }

  /** The number of a report's context block; −1 if it is not Recent. */
  private contextBlock(report: WorkReport): i64 {
    for (let i = 0; i < this.recent.length; i++) {
      if (this.recent[i].equals(report.context.headerHash)) return <i64>this.now - 1 - i;
    }
    return -1;
  }

  /** Checks liability against the core's weight and its queue: § Weight of prune and accumulate, 2. */
  private checkWeights(report: WorkReport): DispatchResult {
    for (let i = 0; i < report.results.length; i++) {
      if (!WorkClasses.classCodeHash.has(report.results[i].class)) return ReportingError.UnknownClass;
    }
    const requirements = requirementsOf(report);
    const prune = pruneSum(requirements);
    // D5a: with every core at its limit, all calls of `prune` get a third of the cores' share; so do all repeats.
    if (prune > this.weightPerPackage / 3) return ReportingError.LiabilityTooHigh;
    if (saturatingAdd(prune, takingSum(requirements)) > this.weightPerPackage) return ReportingError.LiabilityTooHigh;
    const isBusy = this.occupancy.isBusy(report.coreIndex, prune, this.weightPerPackage);
    return isBusy ? ReportingError.CoreBusy : OK;
  }

  /** Checks the signatures and their number (D8, D14). */
  private checkSignatures(attestation: Attestation, group: Array<u32>, message: StaticArray<u8>): DispatchResult {
    const bits = attestation.validators;
    if (bits.length != group.length) return ReportingError.WrongGroupSize;
    if (bits.count() != attestation.attestations.length) return ReportingError.SignatureCountMismatch;
    if (<u32>bits.count() < quorum(<u32>group.length)) return ReportingError.TooFewSignatures;
    let next = 0;
    for (let member = 0; member < group.length; member++) {
      if (!bits.get(member)) continue;
      const signature = attestation.attestations[next++];
      if (!sr25519Verify(signature.bytes, message, this.keys[<i32>group[member]].bytes))
        return ReportingError.BadSignature;
    }
    return OK;
  }
}

/** Number of signatures required from a group of `size` members (D8). */
export function quorum(size: u32): u32 {
  return max<u32>(1, min<u32>(Reporting.minimumAttestations.get(), size));
}

/** Checks of a report that need no state. */
function checkForm(report: WorkReport): DispatchResult {
  if (report.authorization instanceof AuthorizationInstantaneous) return ReportingError.InstantaneousNotOffered;
  if (report.authId.isNone) return ReportingError.WrongAuthorizer;
  if (<i32>encodedLength<Authorization>(report.authorization) > MAX_AUTHORIZATION_SIZE)
    return ReportingError.AuthorizationTooLong;
  if (report.packageSpec.len > MAX_ENCODED_PACKAGE_SIZE) return ReportingError.PackageTooLong;
  // D39. The sum bounds each result, too.
  if (refineWeight(report) > REFINE_WEIGHT_PS) return ReportingError.RefineWeightTooHigh;
  return OK;
}

/** Weight that `refine` used for all items together, in picoseconds. */
function refineWeight(report: WorkReport): u64 {
  let weight: u64 = 0;
  for (let i = 0; i < report.results.length; i++) weight = saturatingAdd(weight, report.results[i].weight);
  return weight;
}

/** The requirements of the class of each result. */
function requirementsOf(report: WorkReport): Array<WorkItemWeightRequirements> {
  const requirements = new Array<WorkItemWeightRequirements>();
  for (let i = 0; i < report.results.length; i++) {
    requirements.push(WorkClasses.weightRequirements.get(report.results[i].class));
  }
  return requirements;
}

/** Checks the assignment at the context block, and its share of recent blocks (D7). */
function checkAssignment(report: WorkReport, contextBlock: u32): DispatchResult {
  const assigned = assignedAt(report.coreIndex, contextBlock);
  if (assigned.isNone || assigned.value != report.authId.value) return ReportingError.WrongAuthorizer;
  if (!Authorizations.authorizers.has(assigned.value)) return ReportingError.UnknownAuthorizer;
  if (isShareExhausted(report.coreIndex, assigned.value)) return ReportingError.ShareExhausted;
  return OK;
}

function byCore(a: TrackedPackage, b: TrackedPackage): i32 {
  return <i32>a.core - <i32>b.core;
}
