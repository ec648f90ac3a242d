// The author's reporting inherent: selects the attested reports for a block.
//
// Spec: RFC-0031 § Initial Validation, § Join and `prune`; D5a, D34. The runtime's own checks (validate_reports, join)
// run on the block under construction, so that the reports which pass make a valid block. If a check fails
// unexpectedly, the block has no reports, which is always valid.
import { toHex, utf8 } from '../bytes/index.js';
import { type Attestation, coreJamApi, INHERENTS, UnexpectedAnswer } from '../contract/index.js';
import { type BlockId, encodeAttestations } from '../incore/index.js';
import type { BuildingBlock, InherentItem, InherentProvider } from '../node/index.js';
import { join, joinOn } from './join.js';
import { type Verdict, verdictOf } from './report-errors.js';

/** Most reports of one core that are checked for one block; at most one of them can be Registered. */
const LOOKED_AT_PER_CORE_MAX = 8;
/** For how many blocks a class that complained in round 3 or later of the join is left out. */
const SKIPPED_BLOCKS = 16;

/** A report that waits to be Registered, and why the last block did not include it. */
export interface Candidate {
  attestation: Attestation;
  /** Undefined until it has been tried in a block. */
  waitsFor?: Verdict['waitsFor'];
}

/** Receives candidates that will not be Registered. */
export interface Findings {
  /** Work Class `classId` named an output of the package. */
  pruned(candidate: Candidate, block: number, classId: number, reason: string): void;
  /** No block will ever include the report. */
  hopeless(candidate: Candidate, block: number, verdict: Verdict): void;
}

export class ReportingInherent implements InherentProvider {
  readonly name = 'corejam reporting';
  /** Classes left out of blocks, and the first block that may include them again. */
  readonly #skippedUntil = new Map<number, number>();

  readonly #candidates: () => readonly Candidate[];
  readonly #findings: Findings;

  constructor(candidates: () => readonly Candidate[], findings: Findings) {
    this.#candidates = candidates;
    this.#findings = findings;
  }

  provide(_parent: BlockId, building: BuildingBlock): InherentItem | undefined {
    const chosen = this.#choose(building);
    return chosen.length === 0
      ? undefined
      : {
          identifier: utf8(INHERENTS.Reporting.report),
          data: encodeAttestations(chosen.map((one) => one.attestation)),
        };
  }

  #choose(building: BuildingBlock): Candidate[] {
    const looked = this.#lookedAt(building);
    if (looked.length === 0) return [];
    const valid = this.#validated(building, looked);
    const byReport = new Map(valid.map((candidate) => [candidate.attestation.report, candidate]));
    const joined = join([...byReport.keys()], joinOn(building));
    for (const id of joined.misbehaved) this.#skippedUntil.set(id, building.number + 1 + SKIPPED_BLOCKS);
    for (const report of joined.postponed) byReport.get(report)!.waitsFor = 'block';
    for (const { report, class: id, reason } of joined.pruned)
      this.#findings.pruned(byReport.get(report)!, building.number, id, reason);
    const taken = joined.taken.map((report) => byReport.get(report)!);
    // Dropping a report affects only its dependents, which `join` drops too. This check makes sure.
    if (taken.length < valid.length && verdictsOn(building, taken).some((verdict) => verdict !== undefined)) return [];
    return taken;
  }

  /** In the order of registration: starting at core (block number mod cores), and the oldest first in each core. */
  #lookedAt(building: BuildingBlock): Candidate[] {
    const cores = new Map<number, Candidate[]>();
    for (const candidate of this.#candidates()) {
      const { report } = candidate.attestation;
      if (report.results.some((result) => (this.#skippedUntil.get(result.class) ?? 0) > building.number)) {
        candidate.waitsFor = 'block';
        continue;
      }
      const queue = cores.get(report.coreIndex) ?? [];
      if (queue.length < LOOKED_AT_PER_CORE_MAX) queue.push(candidate);
      cores.set(report.coreIndex, queue);
    }
    if (cores.size === 0) return [];
    const count = coreJamApi.cores(building.call);
    const turn = (core: number): number => (core - (building.number % count) + count) % count;
    const queues = [...cores].sort(([a], [b]) => turn(a) - turn(b)).map(([, queue]) => queue);
    return afterPrerequisites(queues.flat());
  }

  /** Those that can be Registered one after another. If the block is too heavy, surplus signatures are removed. */
  #validated(building: BuildingBlock, looked: Candidate[]): Candidate[] {
    let verdicts = verdictsOn(building, looked);
    if (verdicts.some((verdict) => verdict?.waitsFor === 'weight')) {
      for (const candidate of looked)
        candidate.attestation = trimmed(
          candidate.attestation,
          coreJamApi.minimumAttestations(building.call, candidate.attestation.report.coreIndex),
        );
      verdicts = verdictsOn(building, looked);
    }
    return looked.filter((candidate, index) => {
      const verdict = verdicts[index];
      if (verdict === undefined) return true;
      candidate.waitsFor = verdict.waitsFor;
      if (verdict.waitsFor === 'nothing') this.#findings.hopeless(candidate, building.number, verdict);
      return false;
    });
  }
}

/** Moves each report behind its prerequisite if both are candidates; otherwise keeps the order. */
export function afterPrerequisites(candidates: readonly Candidate[]): Candidate[] {
  const byHash = new Map(
    candidates.map((candidate) => [toHex(candidate.attestation.report.packageSpec.hash), candidate]),
  );
  const ordered = new Set<Candidate>();
  const place = (candidate: Candidate, onTheWay: ReadonlySet<Candidate>): void => {
    if (ordered.has(candidate) || onTheWay.has(candidate)) return; // hashes can't form a cycle; stopped anyway
    const { prerequisite } = candidate.attestation.report.context;
    const first = prerequisite === undefined ? undefined : byHash.get(toHex(prerequisite));
    if (first !== undefined) place(first, new Set([...onTheWay, candidate]));
    ordered.add(candidate);
  };
  for (const candidate of candidates) place(candidate, new Set());
  return [...ordered];
}

/** For each candidate, the runtime's verdict if the valid ones before it are included; undefined if it is valid too. */
function verdictsOn(building: BuildingBlock, candidates: readonly Candidate[]): (Verdict | undefined)[] {
  const answers = coreJamApi.validateReports(
    building.call,
    candidates.map((candidate) => candidate.attestation),
  );
  if (answers.length !== candidates.length) {
    throw new UnexpectedAnswer('CoreJamApi_validate_reports', 'not one result for each report');
  }
  return answers.map((error) => (error === undefined ? undefined : verdictOf(error)));
}

/** The attestation with its first `count` signatures. */
export function trimmed(attestation: Attestation, count: number): Attestation {
  if (attestation.attestations.length <= count) return attestation;
  let left = count;
  const validators = attestation.validators.map((signed) => signed && left-- > 0);
  return { ...attestation, validators, attestations: attestation.attestations.slice(0, count) };
}
