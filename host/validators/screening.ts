// Screening: the first candidate of each core that can be Registered now. Spec: D34.
//
// The runtime checks reports without outputs and evidence, a bounded number of them a block. What is known without it is
// not offered: candidates without their prerequisite, and those behind one that passed or on a core that is occupied.
import { ok } from '../bytes/index.js';
import { coreJamApi, UnexpectedAnswer, type WorkReport } from '../contract/index.js';
import type { BuildingBlock } from '../node/index.js';
import { type Candidate, keyOf } from './candidates.js';
import { type Verdict, verdictOf } from './report-errors.js';

/** Candidates of one core that are offered at a time. */
const BATCH = 4;
/** Candidates that are offered for one block. */
const SCREENED_MAX = 4_096;

/** Receives the verdict for each candidate that can't be Registered. */
export type Refused = (candidate: Candidate, verdict: Verdict) => void;

/** When candidates were last offered in vain, so that all of a long queue get a turn. */
export class LastScreened {
  readonly #screened = new WeakMap<Candidate, number>();
  #next = 0;

  note(candidate: Candidate): void {
    this.#screened.set(candidate, this.#next++);
  }

  /** Those that were not offered for the longest time come first. */
  sort(queue: Candidate[]): void {
    const at = new Map(queue.map((candidate) => [candidate, this.#screened.get(candidate) ?? -1]));
    queue.sort((a, b) => at.get(a)! - at.get(b)!);
  }
}

/** The screening for one block. */
export class Screening {
  readonly #building: BuildingBlock;
  readonly #lastScreened: LastScreened;
  readonly #refused: Refused;
  readonly #occupied = new Set<number>();
  #left = SCREENED_MAX;

  constructor(building: BuildingBlock, lastScreened: LastScreened, refused: Refused) {
    this.#building = building;
    this.#lastScreened = lastScreened;
    this.#refused = refused;
  }

  /**
   * Candidates that can be Registered one after another, by the checks that need no outputs and no signatures: those of
   * `first` that can, and then, in the given order, one of each other core.
   */
  select(order: readonly Candidate[], first: readonly Candidate[]): Candidate[] {
    const isFirst = new Set(first);
    const queues = new Map<number, Candidate[]>();
    for (const candidate of order) {
      if (isFirst.has(candidate)) continue;
      const queue = queues.get(coreOf(candidate));
      if (queue === undefined) queues.set(coreOf(candidate), [candidate]);
      else queue.push(candidate);
    }
    const places = new Map(order.map((candidate, index) => [candidate, index]));
    let passing = [...first];
    /** Cores that have a candidate, or that are occupied. */
    const served = new Set([...first.map(coreOf), ...this.#occupied]);
    let isChecked = first.length === 0;
    for (let round = 0; ; round++) {
      const batch: Candidate[] = [];
      for (const [core, queue] of queues)
        if (!served.has(core)) {
          if (round === 1) this.#lastScreened.sort(queue); // after the first ones in the order of the queue
          batch.push(...queue.splice(0, this.#take(queue.length)));
        }
      if (batch.length === 0 && isChecked) break;
      batch.sort((a, b) => places.get(a)! - places.get(b)!);
      passing = this.#passing([...passing, ...batch], served);
      isChecked = true;
    }
    for (const [core, queue] of queues)
      for (const candidate of queue) candidate.waitsFor = served.has(core) ? 'availability' : 'block';
    return [
      ...passing.filter((candidate) => isFirst.has(candidate)),
      ...passing.filter((candidate) => !isFirst.has(candidate)).sort((a, b) => places.get(a)! - places.get(b)!),
    ];
  }

  /** How many of a queue with `length` candidates are offered. */
  #take(length: number): number {
    const count = Math.min(BATCH, length, this.#left);
    this.#left -= count;
    return count;
  }

  #passing(candidates: readonly Candidate[], served: Set<number>): Candidate[] {
    const errors = coreJamApi.screenReports(this.#building.call, candidates.map(outlineOf));
    const verdicts = verdictsOf('CoreJamApi_screen_reports', errors, candidates.length);
    const passing = candidates.filter((_candidate, index) => verdicts[index] === undefined);
    served.clear();
    for (const candidate of passing) served.add(coreOf(candidate));
    for (const [index, candidate] of candidates.entries()) {
      const verdict = verdicts[index];
      if (verdict === undefined) continue;
      this.#lastScreened.note(candidate);
      this.#refused(candidate, verdict);
      // Otherwise it is only behind another one of its core.
      if (verdict.waitsFor === 'availability' && !served.has(coreOf(candidate))) this.#occupied.add(coreOf(candidate));
    }
    for (const core of this.#occupied) served.add(core);
    return passing;
  }
}

/** The candidates that can't be Registered in this block because their prerequisite is neither there nor comes with it. */
export function withoutPrerequisite(building: BuildingBlock, candidates: readonly Candidate[]): Set<Candidate> {
  const dependents = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { prerequisite } = reportOf(candidate).context;
    if (prerequisite === undefined) continue;
    const key = keyOf(prerequisite);
    const waiting = dependents.get(key);
    if (waiting === undefined) dependents.set(key, [candidate]);
    else waiting.push(candidate);
  }
  if (dependents.size === 0) return new Set();
  const byHash = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = keyOf(reportOf(candidate).packageSpec.hash);
    if (dependents.has(key)) byHash.set(key, candidate);
  }
  const absent = [...dependents.entries()].filter(([key]) => !byHash.has(key));
  const hashes = absent.map(([, [one]]) => reportOf(one!).context.prerequisite!);
  const met = hashes.length === 0 ? [] : coreJamApi.prerequisitesMet(building.call, hashes);
  if (met.length !== hashes.length)
    throw new UnexpectedAnswer('CoreJamApi_prerequisites_met', 'not one result for each hash');
  let unmet = absent.flatMap(([, waiting], index) => (met[index] === true ? [] : waiting));
  // A block has one report of a core, so not a package and its prerequisite.
  for (const [key, waiting] of dependents) {
    const first = byHash.get(key);
    if (first !== undefined) unmet = unmet.concat(waiting.filter((candidate) => coreOf(candidate) === coreOf(first)));
  }
  const without = new Set<Candidate>();
  for (let candidate = unmet.pop(); candidate !== undefined; candidate = unmet.pop()) {
    if (without.has(candidate)) continue;
    without.add(candidate);
    for (const dependent of dependents.get(keyOf(reportOf(candidate).packageSpec.hash)) ?? []) unmet.push(dependent);
  }
  return without;
}

export function verdictsOf(
  method: string,
  errors: readonly (number | undefined)[],
  count: number,
): (Verdict | undefined)[] {
  if (errors.length !== count) throw new UnexpectedAnswer(method, 'not one result for each report');
  return errors.map((error) => (error === undefined ? undefined : verdictOf(error)));
}

export function reportOf({ attestation }: Candidate): WorkReport {
  return attestation.report;
}

function coreOf(candidate: Candidate): number {
  return reportOf(candidate).coreIndex;
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
