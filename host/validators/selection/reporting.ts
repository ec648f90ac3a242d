// The author's reporting inherent: selects the attested reports for a block.
//
// Spec: RFC-0031 § Initial Validation, § Join and `prune`; D5a, D34; step 6 of the weights. Everything is asked on the
// block under construction, so that the reports which pass make a valid block:
//
//   order      cores by their last turn; within a core, its queue (candidates.ts)
//   screen     the first report of each core that can be Registered now, by cheap checks (screening.ts)
//   singly     classes that failed before: one package of each, with which the class is called first (admitted.ts)
//   validate   the whole check, of one report a core (validate_reports)
//   join       which of them no class rejects (join.ts), with what is remembered of joins before (joins.ts)
//   again      what failed the whole check, or was left out by the join, does not stand in the way of others: with the
//              reports taken fixed, the last three steps are repeated for cores without a report, a few times
//
// If a check fails unexpectedly, the block has no reports, which is always valid.
import { randomInt } from 'node:crypto';
import { utf8 } from '../../bytes/index.js';
import { type Attestation, coreJamApi, INHERENTS, RECENT_BLOCKS, type WorkReport } from '../../contract/index.js';
import { type BlockId, encodeAttestations } from '../../incore/index.js';
import type { BuildingBlock, InherentItem, InherentProvider } from '../../node/index.js';
import { Admission } from './admitted.js';
import { type Candidate, CandidateQueues, groupBy } from './candidates.js';
import { type Checked, Draft } from './draft.js';
import { Joins } from './joins.js';
import type { LeftOut } from '../join/verdicts.js';
import type { Below } from '../lots.js';
import { Outputs } from './outputs.js';
import { Prerequisites } from './prerequisites.js';
import { type PruneCalls, pruneCallsOn } from '../join/prune-calls.js';
import { isForRoom, type Verdict } from './report-errors.js';
import { LastScreened, reportOf, Screening, verdictsOf } from './screening.js';
import { SinglyTaken } from './singly.js';

/** How many times reports are checked and joined for one block. */
const JOINS_MAX = 4;

/** Receives what becomes of candidates that are not Registered, once the block is made. */
export interface Findings {
  /** Work Class `classId` rejected an output of the package. */
  pruned(candidate: Candidate, block: number, classId: number, reason: string): void;
  /** The join left the package out of the block; it is tried again. */
  postponed(candidate: Candidate, block: number, reason: string): void;
  /** No block will ever include the report. */
  hopeless(candidate: Candidate, block: number, verdict: Verdict): void;
}

export class ReportingInherent implements InherentProvider {
  readonly name = 'corejam reporting';
  readonly #queues = new CandidateQueues();
  readonly #singly = new SinglyTaken();
  readonly #joins: Joins;
  readonly #lastScreened = new LastScreened();
  readonly #prerequisites = new Prerequisites();
  readonly #outputs = new Outputs();
  readonly #admission: Admission;
  readonly #findings: Findings;
  /** By core: the candidate that the last block kept it for. */
  #keptFor: ReadonlyMap<number, Candidate> = new Map();
  /** The block that is being made. */
  #draft: Draft | undefined;

  /** `below` draws lots. */
  constructor(findings: Findings, below: Below = randomInt) {
    this.#findings = findings;
    this.#joins = new Joins(below);
    this.#admission = new Admission(this.#singly, this.#outputs, this.#prerequisites, below);
  }

  /** Adds a report that waits to be Registered. */
  add(candidate: Candidate): void {
    this.#queues.add(candidate);
    this.#prerequisites.add(candidate);
    this.#outputs.add(candidate);
  }

  /** Removes one that does so no longer. */
  remove(candidate: Candidate): void {
    if (!this.#queues.has(candidate)) return;
    this.#queues.remove(candidate);
    this.#prerequisites.remove(candidate);
    this.#outputs.remove(candidate);
  }

  provide(_parent: BlockId, building: BuildingBlock): InherentItem | undefined {
    this.#singly.beginBlock(building.number);
    this.#joins.beginBlock(building.number);
    this.#draft = undefined;
    const draft = new Draft(building.number);
    draft.chosen = this.#choose(building, draft);
    this.#draft = draft;
    if (draft.chosen.length === 0) return undefined;
    const data = encodeAttestations(draft.chosen.map(({ attestation }) => attestation));
    return { identifier: utf8(INHERENTS.Reporting.report), data };
  }

  /**
   * The block is made for which reports were provided last, with those for which `isRegistered` holds: what became of the
   * others is final. If the reports could not be in the block, nothing is known of the others, and those reports go behind
   * others of their cores. Returns what is to be called once the block is on disk: it uses up the turns.
   */
  blockMade(isRegistered: (packageHash: Uint8Array) => boolean): () => void {
    const draft = this.#draft;
    this.#draft = undefined;
    if (draft === undefined) return () => undefined;
    const { number, chosen, leftOut, findings, waiting } = draft;
    if (chosen.some(({ candidate }) => !isRegistered(reportOf(candidate).packageSpec.hash))) {
      return () => {
        for (const { candidate } of chosen) this.#queues.leaveOut(candidate, number, { keepsPlace: false });
      };
    }
    for (const report of findings) report();
    return () => {
      // A core was kept for it, in vain: its party has had its turn.
      for (const candidate of waiting)
        if (this.#keptFor.get(reportOf(candidate).coreIndex) === candidate)
          this.#queues.leaveOut(candidate, number, { keepsPlace: true });
      this.#keptFor = draft.keptFor;
      for (const [candidate, how] of leftOut) this.#queues.leaveOut(candidate, number, how);
      for (const { candidate } of chosen)
        this.#queues.register(candidate, number, draft.withoutRoom(reportOf(candidate).coreIndex));
    };
  }

  #choose(building: BuildingBlock, draft: Draft): Checked[] {
    if (this.#queues.size === 0) return [];
    const screening = new Screening(
      building,
      this.#lastScreened,
      (candidate, verdict) => this.#refuse(draft, candidate, verdict),
      {
        moveOthers: (core) =>
          !draft.leftOutCores.has(core) && !this.#queues.wasLeftOut(core, building.number - RECENT_BLOCKS),
      },
    );
    const registered = this.#prerequisites.isNeeded ? coreJamApi.recentlyRegistered(building.call) : [];
    for (const candidate of this.#prerequisites.update(registered))
      this.#queues.setReady(candidate, !this.#prerequisites.isWithout(candidate));
    const chosen = this.#selected(building, draft, screening);
    draft.keptFor = screening.keptFor;
    const served = new Set(chosen.map(({ candidate }) => reportOf(candidate).coreIndex));
    for (const candidate of this.#queues.all()) {
      if (draft.decided.has(candidate)) continue;
      candidate.waitsFor = this.#prerequisites.isWithout(candidate)
        ? 'prerequisite'
        : screening.waitsFor(reportOf(candidate).coreIndex, served);
    }
    return chosen;
  }

  #selected(building: BuildingBlock, draft: Draft, screening: Screening): Checked[] {
    const queues = this.#queues.inOrder({
      number: building.number,
      lastRegistered: (cores) => coreJamApi.lastRegistered(building.call, cores),
      authIds: () => coreJamApi.authIds(building.call),
    });
    const calls = pruneCallsOn(building, this.#outputs.classes());
    const leaveOut = (asked: readonly Candidate[], left: ReadonlyMap<WorkReport, LeftOut>): void =>
      this.#leaveOut(draft, asked, left);
    const { admitted, content, tried, waiting } = this.#admission.admit(queues, screening, calls, leaveOut);
    for (const candidate of waiting) this.#decide(draft, candidate, 'block');
    draft.waiting = waiting;
    let checked = this.#validated(building, draft, admitted);
    const { joined, remember } = this.#joins.join(checked.map(reportOfChecked), calls, content);
    draft.findings.push(remember);
    const done = new Set(tried);
    const leftOut = [...tried];
    for (let joins = 1; ; joins++) {
      this.#singly.add(joined.failed.keys());
      const left = checked.map(({ candidate }) => candidate).filter((one) => joined.leftOut.has(reportOf(one)));
      draft.taken = new Set(joined.taken);
      this.#leaveOut(draft, left, joined.leftOut);
      const passed = new Set(checked.map(({ candidate }) => candidate));
      const failed = admitted.filter((candidate) => !passed.has(candidate));
      for (const candidate of [...left, ...failed]) done.add(candidate);
      leftOut.push(...left);
      const byReport = new Map(checked.map((one) => [reportOfChecked(one), one]));
      checked = joined.taken.map((report) => byReport.get(report)!);
      const isMore = left.length > 0 || failed.length > 0;
      if (!isMore || joins === JOINS_MAX) return checked;

      const taken = checked.map(({ candidate }) => candidate);
      const served = new Set(taken.map((one) => reportOf(one).coreIndex));
      const mayCome = (one: Candidate): boolean =>
        !done.has(one) && !this.#admission.isSingle(one, calls) && !draft.noRoom.isFor(one);
      const others = new Map(
        [...queues].flatMap(([core, queue]) => (served.has(core) ? [] : [[core, [...queue].filter(mayCome)]])),
      );
      const next = screening.select(this.#otherThan(leftOut, others, calls, joins === 1), taken);
      admitted.splice(0, admitted.length, ...next.filter((candidate) => !taken.includes(candidate)));
      if (admitted.length === 0) return checked;
      checked = this.#validated(building, draft, admitted, checked);
      joined.offer(checked.map(reportOfChecked).filter((report) => !joined.taken.includes(report)));
    }
  }

  /**
   * Core by core, first the candidates of other submitters, and without a class of one, than those that were left out
   * on their core in this block. Those of the same submitter with a class of one only if `mayBeAlike`: each round checks all
   * that was taken again, which they are not worth.
   */
  #otherThan(
    leftOut: readonly Candidate[],
    queues: ReadonlyMap<number, readonly Candidate[]>,
    calls: PruneCalls,
    mayBeAlike: boolean,
  ): Map<number, readonly Candidate[]> {
    const byCore = groupBy(leftOut, (candidate) => reportOf(candidate).coreIndex);
    const ordered = new Map<number, readonly Candidate[]>();
    for (const [core, queue] of queues) {
      const there = byCore.get(core) ?? [];
      const classes = new Set(there.flatMap((candidate) => [...calls.outputs(reportOf(candidate)).keys()]));
      const likeness = ({ attestation: { report }, submitter }: Candidate): number =>
        (report.results.some(({ class: id }) => classes.has(id)) ? 1 : 0) +
        (there.some((one) => submitter.every((name, depth) => one.submitter[depth] === name)) ? 1 : 0);
      const like = new Map(queue.map((candidate) => [candidate, likeness(candidate)]));
      const offered = mayBeAlike ? queue : queue.filter((candidate) => like.get(candidate)! < 2);
      ordered.set(
        core,
        offered.toSorted((a, b) => like.get(a)! - like.get(b)!),
      );
    }
    return ordered;
  }

  /**
   * Those taken before, which passed the whole check, and of `admitted` those that pass it. If the block is too heavy, surplus
   * signatures are left out first.
   */
  #validated(
    building: BuildingBlock,
    draft: Draft,
    admitted: readonly Candidate[],
    taken: readonly Checked[] = [],
  ): Checked[] {
    const candidates = [...taken.map(({ candidate }) => candidate), ...admitted];
    let attestations = [...taken, ...admitted].map(({ attestation }) => attestation);
    let verdicts = verdictsOn(building, attestations, taken.length);
    if (verdicts.some((verdict) => verdict?.waitsFor === 'weight')) {
      attestations = trimmedToQuorum(building, attestations);
      verdicts = verdictsOn(building, attestations, taken.length);
    }
    return candidates.flatMap((candidate, index) => {
      const verdict = verdicts[index];
      if (verdict === undefined) return [{ candidate, attestation: attestations[index]! }];
      this.#refuse(draft, candidate, verdict);
      return [];
    });
  }

  #decide(draft: Draft, candidate: Candidate, waitsFor: Verdict['waitsFor']): void {
    candidate.waitsFor = waitsFor;
    draft.decided.add(candidate);
  }

  #refuse(draft: Draft, candidate: Candidate, verdict: Verdict): void {
    this.#decide(draft, candidate, verdict.waitsFor);
    if (isForRoom(verdict)) draft.noRoom.note(candidate, verdict);
    if (verdict.waitsFor === 'nothing')
      draft.findings.push(() => this.#findings.hopeless(candidate, draft.number, verdict));
  }

  #leaveOut(draft: Draft, candidates: readonly Candidate[], leftOut: ReadonlyMap<WorkReport, LeftOut>): void {
    // So that those of one submitter that are all rejected are concluded together.
    for (const candidate of this.#outputs.inOrderOfArrival(candidates)) {
      const found = leftOut.get(reportOf(candidate));
      if (found === undefined) continue;
      const verdict = found.kind === 'pruned' ? this.#unlessOvertaking(draft, candidate, found) : found;
      this.#decide(draft, candidate, 'block');
      draft.leftOut.set(candidate, { keepsPlace: verdict.kind === 'unchecked' });
      draft.leftOutCores.add(reportOf(candidate).coreIndex);
      if (verdict.kind === 'pruned') draft.pruned.add(candidate);
      draft.findings.push(() => {
        if (verdict.kind === 'pruned') this.#findings.pruned(candidate, draft.number, verdict.class, verdict.reason);
        else this.#findings.postponed(candidate, draft.number, verdict.reason);
      });
    }
  }

  /**
   * A class may reject a package only because an earlier one of its submitter is not Registered yet, on this core or another, for
   * example if its outputs have a sequence: while there is such a package with outputs of the class, the later one is
   * not concluded.
   */
  #unlessOvertaking(draft: Draft, candidate: Candidate, pruned: LeftOut & { kind: 'pruned' }): LeftOut {
    const { class: id, reason } = pruned;
    for (const other of this.#outputs.before(candidate, id)) {
      if (other.waitsFor === 'nothing' || draft.pruned.has(other) || draft.taken.has(reportOf(other))) continue;
      return { kind: 'postponed', reason: `${reason}, while an earlier one of its submitter with such outputs waits` };
    }
    return pruned;
  }
}

function reportOfChecked({ candidate }: Checked): WorkReport {
  return reportOf(candidate);
}

/**
 * For each attestation, the verdict if the valid ones before it are included; undefined if it is valid too. The first `taken`
 * are known to be.
 */
function verdictsOn(
  building: BuildingBlock,
  attestations: readonly Attestation[],
  taken: number,
): (Verdict | undefined)[] {
  const errors = coreJamApi.validateReports(building.call, attestations, taken);
  return verdictsOf('CoreJamApi_validate_reports', errors, attestations.length);
}

/** Each attestation with no more signatures than the quorum of its group, which has one bit for each member. */
function trimmedToQuorum(building: BuildingBlock, attestations: readonly Attestation[]): Attestation[] {
  const quorums = new Map<number, number>();
  return attestations.map((attestation) => {
    const size = attestation.validators.length;
    const quorum = quorums.get(size) ?? coreJamApi.minimumAttestations(building.call, size);
    quorums.set(size, quorum);
    return trimmed(attestation, quorum);
  });
}

/** The attestation with its first `count` signatures. */
export function trimmed(attestation: Attestation, count: number): Attestation {
  if (attestation.attestations.length <= count) return attestation;
  let left = count;
  const validators = attestation.validators.map((signed) => signed && left-- > 0);
  return { ...attestation, validators, attestations: attestation.attestations.slice(0, count) };
}
