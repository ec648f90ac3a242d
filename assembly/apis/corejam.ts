// CoreJamApi: queries of the network and the block author. Spec: docs/architecture.md, The way of a package; D5a (dry
// run), D7 (on the state after a context block, the results are those that Reporting checks for that context).
import { beginTransaction, rollbackTransaction } from '../io';
import { H256, Sr25519Public, UncheckedExtrinsic } from '../primitives';
import { Attestation, Authorizer, JoinTerms, PruneRun, WorkItemWeightBounds, WorkReport } from '../primitives/corejam';
import { Bytes, none, Option, some, Tuple2, Tuple3 } from '../scale';
import { extrinsicNeeds, roomLeft } from '../executive';
import { BlockRoom, ExtrinsicNeeds, System } from '../pallets/system';
import { groupAt, Validators } from '../pallets/validators';
import { assignedAt, Coretime, lastUse, shareLeft, weightPerPackage } from '../pallets/coretime';
import { lookupLength, lookupPreimage, lookupPreimageAt } from '../pallets/storage';
import { Authorizations } from '../pallets/authorizations';
import { requirementBounds, WorkClasses } from '../pallets/work-classes';
import {
  isRecentlyRegistered,
  joinClasses,
  joinTerms,
  Progress,
  quorum,
  recentlyRegistered,
  Reporting,
  screenReports,
  TrackedPackage,
  validateReports,
} from '../pallets/reporting';
import { Accumulation, RunRecord } from '../pallets/accumulation';
import { bitfieldsMax, CoreVotes, pendingVotes } from '../pallets/availability';

/** CoreJam queries of nodes. */
@api('CoreJamApi', 1)
export class CoreJamApi {
  /** Number of cores. */
  static cores(): u16 {
    return Coretime.cores.get();
  }

  /** The validators' sr25519 keys, by index. */
  static validators(): Array<Sr25519Public> {
    return Validators.keys.get();
  }

  /** Indices of the validators that serve `core`, for packages with this block as context. */
  static group(core: u16): Array<u32> {
    const cores = Coretime.cores.get();
    return core < cores ? groupAt(core, cores, System.number.get()) : [];
  }

  /** AuthId and Authorizer of `core`, for packages with this block as context. */
  static authorizer(core: u16): Tuple2<u32, Authorizer> | null {
    const assigned = assignedAt(core, System.number.get());
    const authorizer = assigned.isSome ? Authorizations.authorizers.get(assigned.value) : null;
    return authorizer == null ? null : new Tuple2<u32, Authorizer>(assigned.value, authorizer);
  }

  /** AuthIds of all cores, for packages with this block as context. The Authorizer of one may be gone. */
  static authIds(): Array<Option<u32>> {
    const cores = Coretime.cores.get();
    const ids = new Array<Option<u32>>();
    for (let core: u16 = 0; core < cores; core++) ids.push(assignedAt(core, System.number.get()));
    return ids;
  }

  /** The hash of a class's code. */
  static classCode(classId: u32): H256 | null {
    return WorkClasses.classCodeHash.get(classId);
  }

  /** The preimage of `hash`, if stored and requested in this block's state (D27). */
  static lookup(hash: H256): Bytes | null {
    return lookupPreimage(hash);
  }

  /** The length of that preimage, without reading it. */
  static lookupLength(hash: H256): Option<u32> {
    const length = lookupLength(hash);
    return length >= 0 ? some<u32>(<u32>length) : none<u32>();
  }

  /** As `lookup`, in the state of block `number`, at most 24 hours ago (D27). */
  static lookupAt(hash: H256, number: u32): Bytes | null {
    return lookupPreimageAt(hash, number);
  }

  /** Number of attestations that a report needs whose group, as of its context block, has `size` members (D8). */
  static minimumAttestations(size: u32): u32 {
    return quorum(size);
  }

  /** For each core, the block in which a report on it was last Registered; none if there was no report. */
  static lastRegistered(cores: Array<u16>): Array<Option<u32>> {
    const blocks = new Array<Option<u32>>();
    for (let i = 0; i < cores.length; i++) blocks.push(lastUse(cores[i]));
    return blocks;
  }

  /** For each AuthId, how many more reports under it the next block could Register on `core` (D7). */
  static sharesLeft(core: u16, authIds: Array<u32>): Array<u32> {
    const next = System.number.get() + 1;
    const left = new Array<u32>();
    for (let i = 0; i < authIds.length; i++) left.push(shareLeft(core, authIds[i], next));
    return left;
  }

  /** On-chain weight that one package may use, in picoseconds (D4). */
  static weightPerPackage(): u64 {
    return weightPerPackage();
  }

  /** Bounds of a class's requirements, for one with this code that is registered now (D38); null if it is not stored, or invalid. */
  static requirementBounds(codeHash: H256): WorkItemWeightBounds | null {
    const code = lookupPreimage(codeHash);
    return code == null ? null : requirementBounds(codeHash, code);
  }

  /** Reports awaiting availability: core, report, block that Registered it. */
  static pending(): Array<Tuple3<u16, WorkReport, u32>> {
    const answer = new Array<Tuple3<u16, WorkReport, u32>>();
    const pending: Array<TrackedPackage> = Reporting.pending.get();
    for (let i = 0; i < pending.length; i++) {
      const report = Reporting.reports.get(pending[i].order);
      if (report == null) throw new Error('corejam: a pending package without a report');
      answer.push(new Tuple3<u16, WorkReport, u32>(pending[i].core, report, pending[i].registeredAt));
    }
    return answer;
  }

  /** Number of packages that are available and await accumulation. */
  static queued(): u32 {
    return <u32>Reporting.ready.get().length;
  }

  /** For each core with a pending report: the validators whose bit for it is counted; without any, no bits. */
  static votes(): Array<CoreVotes> {
    return pendingVotes();
  }

  /** Maximum number of bitfields in one block. */
  static bitfieldsMax(): u32 {
    return bitfieldsMax();
  }

  /**
   * Dry run of Registering, in order: for each, none or the index of its ReportingError. The first `taken` are not checked again:
   * they passed before on this state, in this order, perhaps with others that are left out now.
   */
  static validateReports(attestations: Array<Attestation>, taken: u32): Array<Option<u8>> {
    return validateReports(attestations, taken);
  }

  /**
   * As `validate_reports`, without lengths, weights and signatures: outputs and evidence may be left out. After a report that
   * fails with `CoreBusy`, only one passes on this core that leaves room for it in the next block (D34).
   */
  static screenReports(reports: Array<WorkReport>, taken: u32): Array<Option<u8>> {
    return screenReports(reports, taken);
  }

  /** The packages that were Registered in blocks that are Recent for this one, without itself: prerequisites that are met (D11). */
  static recentlyRegistered(): Array<H256> {
    return recentlyRegistered();
  }

  /** What the calls of `prune` for one block may weigh together, and each class's weight for one output (D5a). */
  static joinTerms(classes: Array<u32>): JoinTerms {
    return joinTerms(classes);
  }

  /** Calls `prune` of `classes`, in that order, on this state, with their outputs in `reports`. */
  static join(reports: Array<WorkReport>, classes: Array<u32>): Array<PruneRun> {
    beginTransaction();
    const runs = joinClasses(reports, classes);
    rollbackTransaction();
    return runs;
  }

  /** What an extrinsic takes of its block; none if it does not decode. */
  static extrinsicNeeds(extrinsic: UncheckedExtrinsic): ExtrinsicNeeds | null {
    return extrinsicNeeds(extrinsic);
  }

  /** What the block under construction still takes of signed extrinsics, once its inherents are complete. */
  static roomLeft(): BlockRoom {
    beginTransaction();
    const room = roomLeft();
    rollbackTransaction();
    return room;
  }

  /** Whether a package was Registered in a block that is Recent for the next one (D11): it can't be Registered there. */
  static isRegistered(packageHash: H256): bool {
    return isRecentlyRegistered(packageHash);
  }

  /** Package progress and class runs of this block, in order. */
  static progress(): Tuple2<Array<Progress>, Array<RunRecord>> {
    return new Tuple2<Array<Progress>, Array<RunRecord>>(Reporting.progress.get(), Accumulation.runs.get());
  }
}
