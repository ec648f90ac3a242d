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
  MAX_REPORTS_SIZE,
  RECENT_BLOCKS,
  WorkItemWeightRequirements,
  WorkReport,
} from '../../primitives/corejam';
import { encode } from '../../scale';
import { blake2_256, sr25519Verify } from '../../io';
import { DispatchResult, OK } from '../../frame';
import { System } from '../system';
import { groupAt, groupIndexAt, Validators } from '../validators';
import { assignedAt, Coretime, isShareExhausted, noteUse, weightPerPackage } from '../coretime';
import { Authorizations } from '../authorizations';
import { WorkClasses } from '../work-classes';
import { noteStage } from './queues';
import { Reporting, ReportingError, ReportingEvent } from './state';
import { accumulateSum, Occupation, pruneSum, Stage, TrackedReport } from './tracked';
import { attestationWeight, inherentsWeightMax } from './weights';

/** A report that passed the checks. */
class Admitted {
  constructor(
    public tracked: TrackedReport,
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
  private occupied: Array<Occupation> = Reporting.occupied.get();
  private inclusions: Array<Array<H256>> = Reporting.recentInclusions.get();
  private inherentsWeight: u64 = Reporting.inherentsWeight.get();
  private reportsSize: u32 = 0;
  /** Hashes of the Recent blocks before this one, newest first. */
  private recent: Array<H256> = [];
  private groups: Array<u32> = [];
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
    const core = report.coreIndex;
    if (core >= this.cores) return ReportingError.NoSuchCore;
    const form = checkForm(report);
    if (form != OK) return form;
    const context = this.contextBlock(report);
    if (context < 0) return ReportingError.ContextNotRecent;
    const contextBlock = <u32>context;
    if (Validators.sessionStart.get() > contextBlock) return ReportingError.ContextOfEarlierSet;
    if (this.isOccupied(core)) return ReportingError.CoreOccupied;
    const group = groupAt(core, this.cores, contextBlock);
    if (group.length == 0) return ReportingError.GroupEmpty;
    if (this.groups.includes(groupIndexAt(core, this.cores, contextBlock))) return ReportingError.GroupReported;
    if (this.isRegistered(report.packageSpec.hash)) return ReportingError.AlreadyRegistered;
    const prerequisite = report.context.prerequisite;
    // D30: a package is not Registered when it is checked, so there are no self-prerequisites and no cycles.
    if (prerequisite != null && !this.isRegistered(prerequisite)) return ReportingError.PrerequisiteMissing;
    const assigned = checkAssignment(report, contextBlock);
    if (assigned != OK) return assigned;
    const weights = this.checkWeights(report);
    if (weights != OK) return weights;
    const encoded = encode<WorkReport>(report);
    if (<u32>encoded.length > MAX_REPORTS_SIZE - this.reportsSize) return ReportingError.ReportsTooLong;
    if (this.inherentsWeight + attestationWeight(attestation) > inherentsWeightMax())
      return ReportingError.InherentsTooHeavy;
    return this.checkSignatures(attestation, group, blake2_256(encoded));
  }

  /** Records a report that has passed, for the checks of later ones of this block. */
  admit(attestation: Attestation): void {
    const report = attestation.report;
    const contextBlock = <u32>this.contextBlock(report);
    const tracked = new TrackedReport();
    tracked.report = report;
    tracked.registeredAt = this.now;
    for (let i = 0; i < report.results.length; i++) {
      tracked.requirements.push(WorkClasses.weightRequirements.get(report.results[i].class));
    }
    this.admitted.push(new Admitted(tracked, contextBlock, <u32>attestation.attestations.length));
    this.groups.push(groupIndexAt(report.coreIndex, this.cores, contextBlock));
    this.reportsSize += <u32>encode<WorkReport>(report).length;
    this.inherentsWeight += attestationWeight(attestation);
    insertHash(this.inclusions[this.inclusions.length - 1], report.packageSpec.hash);
    const occupation = new Occupation();
    occupation.core = report.coreIndex;
    occupation.since = this.now;
    occupation.prune = tracked.pruneWeight();
    insertOccupation(this.occupied, occupation);
  }

  /** Registers the admitted reports. */
  write(): void {
    let count = Reporting.count.get();
    for (let i = 0; i < this.admitted.length; i++) {
      const admitted = this.admitted[i];
      const tracked = admitted.tracked;
      const report = tracked.report;
      tracked.order = count++;
      Reporting.pending.set(report.coreIndex, tracked);
      if (report.authId.isSome) noteUse(report.coreIndex, report.authId.value);
      noteStage(tracked, Stage.Registered);
      let refineWeight: u64 = 0;
      for (let k = 0; k < report.results.length; k++)
        refineWeight = saturatingAdd(refineWeight, report.results[k].weight);
      ReportingEvent.Registered(
        report.packageSpec.hash,
        report.coreIndex,
        report.authId,
        admitted.contextBlock,
        <u8>report.results.length,
        refineWeight,
        saturatingAdd(tracked.pruneWeight(), tracked.accumulateWeight()),
        admitted.signatures,
      );
    }
    Reporting.count.set(count);
    Reporting.occupied.set(this.occupied);
    Reporting.recentInclusions.set(this.inclusions);
    Reporting.inherentsWeight.set(this.inherentsWeight);
  }

  /** The number of a report's context block; −1 if it is not Recent. */
  private contextBlock(report: WorkReport): i64 {
    for (let i = 0; i < this.recent.length; i++) {
      if (this.recent[i].equals(report.context.headerHash)) return <i64>this.now - 1 - i;
    }
    return -1;
  }

  private isOccupied(core: u16): bool {
    for (let i = 0; i < this.occupied.length; i++) if (this.occupied[i].core == core) return true;
    return false;
  }

  private isRegistered(hash: H256): bool {
    for (let i = 0; i < this.inclusions.length; i++) {
      const at = lowerBound(this.inclusions[i], hash);
      if (at < this.inclusions[i].length && this.inclusions[i][at].equals(hash)) return true;
    }
    return false;
  }

  /** Checks liability against the core's weight and its queue: § Weight of prune and accumulate, 2. */
  private checkWeights(report: WorkReport): DispatchResult {
    const requirements = new Array<WorkItemWeightRequirements>();
    for (let i = 0; i < report.results.length; i++) {
      const classId = report.results[i].class;
      if (!WorkClasses.classCodeHash.has(classId)) return ReportingError.UnknownClass;
      requirements.push(WorkClasses.weightRequirements.get(classId));
    }
    const prune = pruneSum(requirements);
    if (saturatingAdd(prune, accumulateSum(requirements)) > this.weightPerPackage)
      return ReportingError.LiabilityTooHigh;
    const queue = Reporting.ready.get(report.coreIndex);
    if (queue.length >= 2) return ReportingError.CoreBusy;
    if (queue.length == 1 && saturatingAdd(prune, queue[0].accumulateWeight()) > this.weightPerPackage) {
      return ReportingError.CoreBusy;
    }
    return OK;
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
  if (encode<Authorization>(report.authorization).length > MAX_AUTHORIZATION_SIZE)
    return ReportingError.AuthorizationTooLong;
  if (report.packageSpec.len > MAX_ENCODED_PACKAGE_SIZE) return ReportingError.PackageTooLong;
  return OK;
}

/** Checks the assignment at the context block, and its share of recent blocks (D7). */
function checkAssignment(report: WorkReport, contextBlock: u32): DispatchResult {
  const assigned = assignedAt(report.coreIndex, contextBlock);
  if (assigned.isNone || assigned.value != report.authId.value) return ReportingError.WrongAuthorizer;
  if (!Authorizations.authorizers.has(assigned.value)) return ReportingError.UnknownAuthorizer;
  if (isShareExhausted(report.coreIndex, assigned.value)) return ReportingError.ShareExhausted;
  return OK;
}

/** The first position of a sorted list whose hash is not below `hash`. */
function lowerBound(sorted: Array<H256>, hash: H256): i32 {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle].compare(hash) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertHash(sorted: Array<H256>, hash: H256): void {
  const at = lowerBound(sorted, hash);
  sorted.push(hash);
  for (let i = sorted.length - 1; i > at; i--) sorted[i] = sorted[i - 1];
  sorted[at] = hash;
}

function insertOccupation(sorted: Array<Occupation>, occupation: Occupation): void {
  let at = sorted.length;
  while (at > 0 && sorted[at - 1].core > occupation.core) at--;
  sorted.push(occupation);
  for (let i = sorted.length - 1; i > at; i--) sorted[i] = sorted[i - 1];
  sorted[at] = occupation;
}
