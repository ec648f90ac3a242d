// The author's reporting inherent: selects the attested reports for a block.
//
// Spec: RFC-0031 § Initial Validation, § Join and `prune`; D5a, D34; step 6 of the weights. Everything is asked on the
// block under construction, so that the reports which pass make a valid block:
//
//   order      cores by their last Registered report; within a core, its queue (candidates.ts)
//   screen     the first report of each core that can be Registered now: without lengths, weights and signatures, on
//              reports without outputs and evidence, so that a long queue is cheap (screen_reports)
//   singly     classes that failed before: one package of each, with which the class is called first (singly.ts)
//   validate   the whole check, of one report a core (validate_reports)
//   join       which of them no class rejects (join.ts)
//
// If a check fails unexpectedly, the block has no reports, which is always valid.
import { ok, utf8 } from '../bytes/index.js';
import { type Attestation, coreJamApi, INHERENTS, UnexpectedAnswer, type WorkReport } from '../contract/index.js';
import { type BlockId, encodeAttestations } from '../incore/index.js';
import type { BuildingBlock, InherentItem, InherentProvider } from '../node/index.js';
import { type Candidate, CandidateQueues } from './candidates.js';
import { askAlone, join, type LeftOut } from './join.js';
import { type PruneCalls, pruneCallsOn } from './prune-calls.js';
import { type Verdict, verdictOf } from './report-errors.js';
import { SinglyTaken } from './singly.js';

/** Receives what becomes of candidates that are not Registered. */
export interface Findings {
  /** Work Class `classId` rejected an output of the package. */
  pruned(candidate: Candidate, block: number, classId: number, reason: string): void;
  /** The join left the package out of the block; it is tried again. */
  postponed(candidate: Candidate, block: number, reason: string): void;
  /** No block will ever include the report. */
  hopeless(candidate: Candidate, block: number, verdict: Verdict): void;
}

/** A candidate, with as many signatures as the block has room for. */
interface Checked {
  readonly candidate: Candidate;
  readonly attestation: Attestation;
}

export class ReportingInherent implements InherentProvider {
  readonly name = 'corejam reporting';
  readonly #queues = new CandidateQueues();
  readonly #singly = new SinglyTaken();
  readonly #candidates: () => readonly Candidate[];
  readonly #findings: Findings;

  constructor(candidates: () => readonly Candidate[], findings: Findings) {
    this.#candidates = candidates;
    this.#findings = findings;
  }

  provide(_parent: BlockId, building: BuildingBlock): InherentItem | undefined {
    this.#singly.beginBlock(building.number);
    const chosen = this.#choose(building);
    return chosen.length === 0
      ? undefined
      : { identifier: utf8(INHERENTS.Reporting.report), data: encodeAttestations(chosen) };
  }

  #choose(building: BuildingBlock): Attestation[] {
    const candidates = this.#candidates();
    if (candidates.length === 0) return [];
    const order = this.#queues.inOrder(candidates, (cores) => coreJamApi.lastRegistered(building.call, cores));
    const calls = pruneCallsOn(building, order.map(reportOf));
    const { admitted, content } = this.#admit(building, order, calls);
    const checked = new Map(this.#validated(building, admitted).map((one) => [reportOf(one.candidate), one]));
    const joined = join([...checked.keys()], calls, content);
    this.#singly.add(joined.failed.keys());
    this.#leaveOut(
      building,
      [...checked.values()].map(({ candidate }) => candidate),
      joined.leftOut,
    );
    return joined.taken.map((report) => checked.get(report)!.attestation);
  }

  /** One candidate a core. `content` has the classes taken singly that accept their only package in this block. */
  #admit(
    building: BuildingBlock,
    order: readonly Candidate[],
    calls: PruneCalls,
  ): { admitted: Candidate[]; content: Set<number> } {
    const admitted = this.#screened(building, order);
    const single = (candidate: Candidate): number[] =>
      [...calls.outputs(reportOf(candidate)).keys()].filter((id) => this.#singly.has(id));
    const content = new Set<number>();
    if (!order.some((candidate) => single(candidate).length > 0)) return { admitted, content };
    const asked = new Set<number>();
    const chosen = admitted.filter((candidate) => {
      const ids = single(candidate);
      if (ids.length === 0 || ids.some((id) => asked.has(id))) return false;
      for (const id of ids) asked.add(id);
      return true;
    });
    const alone = askAlone(chosen.map(reportOf), asked, calls);
    this.#singly.add(alone.failed.keys());
    this.#leaveOut(building, chosen, alone.leftOut);
    const kept = new Set(chosen.filter((candidate) => !alone.leftOut.has(reportOf(candidate))));
    for (const candidate of kept) for (const id of single(candidate)) content.add(id);
    const offered = order.filter((candidate) => kept.has(candidate) || single(candidate).length === 0);
    for (const candidate of order)
      if (!kept.has(candidate) && single(candidate).length > 0) candidate.waitsFor = 'block';
    const replaced = admitted.some((candidate) => !kept.has(candidate) && single(candidate).length > 0);
    return { admitted: replaced ? this.#screened(building, offered) : admitted, content };
  }

  /** Those that can be Registered one after another, by the checks that need no outputs and no signatures. */
  #screened(building: BuildingBlock, order: readonly Candidate[]): Candidate[] {
    const errors = coreJamApi.screenReports(building.call, order.map(outlineOf));
    return this.#passing(building, order, verdictsOf('CoreJamApi_screen_reports', errors, order.length));
  }

  /** Those that pass the whole check. If the block is too heavy, surplus signatures are left out first. */
  #validated(building: BuildingBlock, admitted: readonly Candidate[]): Checked[] {
    let attestations = admitted.map(({ attestation }) => attestation);
    let verdicts = verdictsOn(building, attestations);
    if (verdicts.some((verdict) => verdict?.waitsFor === 'weight')) {
      attestations = trimmedToQuorum(building, attestations);
      verdicts = verdictsOn(building, attestations);
    }
    const passing = new Set(this.#passing(building, admitted, verdicts));
    return admitted
      .map((candidate, index) => ({ candidate, attestation: attestations[index]! }))
      .filter(({ candidate }) => passing.has(candidate));
  }

  #passing(
    building: BuildingBlock,
    candidates: readonly Candidate[],
    verdicts: readonly (Verdict | undefined)[],
  ): Candidate[] {
    return candidates.filter((candidate, index) => {
      const verdict = verdicts[index];
      if (verdict === undefined) return true;
      candidate.waitsFor = verdict.waitsFor;
      if (verdict.waitsFor === 'nothing') this.#findings.hopeless(candidate, building.number, verdict);
      return false;
    });
  }

  #leaveOut(
    building: BuildingBlock,
    candidates: readonly Candidate[],
    leftOut: ReadonlyMap<WorkReport, LeftOut>,
  ): void {
    for (const candidate of candidates) {
      const verdict = leftOut.get(reportOf(candidate));
      if (verdict?.kind === 'pruned') this.#findings.pruned(candidate, building.number, verdict.class, verdict.reason);
      if (verdict?.kind !== 'postponed') continue;
      candidate.waitsFor = 'block';
      this.#queues.moveBehind(candidate);
      this.#findings.postponed(candidate, building.number, verdict.reason);
    }
  }
}

function reportOf({ attestation }: Candidate): WorkReport {
  return attestation.report;
}

/** The report without outputs and evidence, which the screening does not read. */
function outlineOf(candidate: Candidate): WorkReport {
  const report = reportOf(candidate);
  return {
    ...report,
    results: report.results.map((result) => ({ ...result, result: ok(new Uint8Array()) })),
    authorization:
      report.authorization.kind === 'bulk' ? { kind: 'bulk', evidence: new Uint8Array() } : report.authorization,
  };
}

/** For each attestation, the verdict if the valid ones before it are included; undefined if it is valid too. */
function verdictsOn(building: BuildingBlock, attestations: readonly Attestation[]): (Verdict | undefined)[] {
  const errors = coreJamApi.validateReports(building.call, attestations);
  return verdictsOf('CoreJamApi_validate_reports', errors, attestations.length);
}

function verdictsOf(method: string, errors: readonly (number | undefined)[], count: number): (Verdict | undefined)[] {
  if (errors.length !== count) throw new UnexpectedAnswer(method, 'not one result for each report');
  return errors.map((error) => (error === undefined ? undefined : verdictOf(error)));
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
