// Calls of `prune` for the block under construction, within the weight that all of them may have (D5a).
//
// Spec: RFC-0031 § Join and `prune`; D5, D5a. A call is affordable if its allotment (the class's requirement for each
// output) fits what is left of the total; what it then used is deducted. A call of the API itself takes time too, which
// is deducted as a fixed weight from the ninth call on, so that the number of calls is bounded as well.
import { coreJamApi, type JoinTerms, type PruneRun, UnexpectedAnswer, type WorkReport } from '../../contract/index.js';
import type { BuildingBlock } from '../../node/index.js';

/** Calls `prune` of `classes` with their outputs in `reports`, on the state of the block. */
export type AskClasses = (reports: readonly WorkReport[], classes: readonly number[]) => readonly PruneRun[];

/** What a class returned for the outputs that it was given. */
export type ClassAnswer =
  | { readonly kind: 'content' }
  /** It named outputs of these packages, each listed once. */
  | { readonly kind: 'named'; readonly reports: ReadonlySet<WorkReport> }
  /** It trapped, overran, or returned no list of its outputs. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Deducted for each call of CoreJamApi.join, in picoseconds: instantiating the runtime, encoding and decoding of up to 512
 * reports. Measured: 2.0 ms for 500 with outputs of one byte.
 */
export const API_CALL_PS = 2_000_000_000n;

/** Deducted for each KiB of outputs in such a call. Measured: 1 to 2 ms for 1 MiB, beside what the class pays. */
export const API_KIB_PS = 2_000_000n;

/** Calls of the API that are not deducted: two of classes taken singly, one of all, four that are reserved (fallback.ts), the leader's. */
export const API_CALLS_FREE = 8;

export class PruneCalls {
  readonly #ask: AskClasses;
  /** Weight of one output by class, in picoseconds; without classes that have no `prune`. */
  readonly #perOutputPs: ReadonlyMap<number, bigint>;
  #leftPs: bigint;
  #made = 0;

  /** `terms` are those of `classes`, in the same order. */
  constructor(ask: AskClasses, terms: JoinTerms, classes: readonly number[]) {
    this.#ask = ask;
    this.#leftPs = terms.total;
    this.#perOutputPs = new Map(
      classes.flatMap((id, index) => {
        const weight = terms.perOutput[index] ?? 0n;
        return weight === 0n ? [] : [[id, weight]];
      }),
    );
  }

  /** The number of outputs of each class that has `prune` in a report, by class. */
  outputs(report: WorkReport): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { class: id, result } of report.results)
      if (result.ok && this.#perOutputPs.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  }

  /** Weight that a call of a class with this number of outputs is given. */
  allotment(id: number, outputs: number): bigint {
    return (this.#perOutputPs.get(id) ?? 0n) * BigInt(outputs);
  }

  /** Whether a call of the API with allotments of this sum is within what is left. */
  affords(allotmentPs: bigint): boolean {
    return allotmentPs <= this.leftPs;
  }

  /** What is left for the classes in the next call of the API; may be less than nothing. */
  get leftPs(): bigint {
    return this.#made < API_CALLS_FREE ? this.#leftPs : this.#leftPs - API_CALL_PS;
  }

  /** What a call of the API costs that is deducted, without the calls of classes. */
  apiPs(sent: readonly WorkReport[]): bigint {
    return API_CALL_PS + BigInt(Math.floor(outputBytes(sent) / 1_024)) * API_KIB_PS;
  }

  /** Calls `classes`, each of which has an output in `reports`. The caller makes sure that they are affordable. */
  run(reports: readonly WorkReport[], classes: readonly number[]): Map<number, ClassAnswer> {
    const wanted = new Set(classes);
    const concerned = reports.filter(({ results }) => results.some(({ class: id }) => wanted.has(id)));
    const sent = concerned.map((report) => withoutOthers(report, wanted));
    const runs = this.#ask(sent, classes);
    if (runs.length !== classes.length || runs.some((run, index) => run.classId !== classes[index]))
      throw new UnexpectedAnswer('CoreJamApi_join', 'not one result for each class');
    if (++this.#made > API_CALLS_FREE) this.#leftPs -= this.apiPs(sent);
    for (const { weightUsed } of runs) this.#leftPs -= weightUsed;
    return new Map(runs.map((run) => [run.classId, answerOf(run, concerned)]));
  }
}

function answerOf({ classId: id, answer }: PruneRun, reports: readonly WorkReport[]): ClassAnswer {
  switch (answer.kind) {
    case 'trapped':
      return { kind: 'failed', reason: 'its prune trapped' };
    case 'overran':
      return { kind: 'failed', reason: 'its prune ran out of weight' };
    case 'malformed':
      return { kind: 'failed', reason: 'its prune did not return a list of its outputs' };
    case 'indices': {
      if (answer.indices.length === 0) return { kind: 'content' };
      const owners = outputOwners(reports, id);
      const named = answer.indices.map((index) => owners[index]);
      return named.every((report) => report !== undefined)
        ? { kind: 'named', reports: new Set(named) }
        : { kind: 'failed', reason: 'its prune named an output that it was not given' };
    }
  }
}

/** The report of each successful output of the class, in the order of the arguments of `prune`. */
function outputOwners(reports: readonly WorkReport[], id: number): WorkReport[] {
  return reports.flatMap((report) =>
    report.results.filter((result) => result.class === id && result.result.ok).map(() => report),
  );
}

/** Calls of these classes, on the state of the block under construction. */
export function pruneCallsOn(building: BuildingBlock, classes: readonly number[]): PruneCalls {
  return new PruneCalls(
    (asked, ids) => coreJamApi.join(building.call, asked, ids),
    coreJamApi.joinTerms(building.call, classes),
    classes,
  );
}

/** `prune` receives outputs of its class only, so that neither other results nor the evidence need be encoded. */
function withoutOthers(report: WorkReport, wanted: ReadonlySet<number>): WorkReport {
  const results = report.results.filter(({ class: id }) => wanted.has(id));
  return { ...report, results, authorization: { kind: 'bulk', evidence: new Uint8Array() } };
}

function outputBytes(reports: readonly WorkReport[]): number {
  const lengths = reports.flatMap(({ results }) => results.map(({ result }) => (result.ok ? result.value.length : 0)));
  return lengths.reduce((sum, length) => sum + length, 0);
}
