// One candidate a core for the join, and of each class that is taken singly (singly.ts) at most one package, with which the
// class is called first. Spec: D5a, D34.
//
// The first candidates of cores claim the turns of such classes, which are given by lot. A core whose first candidate has none, or
// fails, takes another one, also of such a class if that has a turn left: one that waits for its turn is in the way of none
// behind it.
import type { WorkReport } from '../../contract/index.js';
import { askAlone } from '../join/join.js';
import type { PruneCalls } from '../join/prune-calls.js';
import type { LeftOut } from '../join/verdicts.js';
import type { Below } from '../lots.js';
import { type Candidate, groupBy } from './candidates.js';
import type { Outputs } from './outputs.js';
import type { Prerequisites } from './prerequisites.js';
import { reportOf, type Screening } from './screening.js';
import { type Claim, inTurn, type SinglyTaken } from './singly.js';

/** A candidate with classes that are taken singly. */
interface CandidateClaim extends Claim {
  readonly candidate: Candidate;
}

export interface Admitted {
  /** One candidate a core, in order. */
  readonly admitted: Candidate[];
  /** Classes taken singly that accept their only package in this block. */
  readonly content: ReadonlySet<number>;
  /** Packages of others of them, which are left out. */
  readonly tried: readonly Candidate[];
  /** All candidates of classes taken singly that are not admitted. */
  readonly waiting: readonly Candidate[];
}

export class Admission {
  readonly #singly: SinglyTaken;
  readonly #outputs: Outputs;
  readonly #prerequisites: Prerequisites;
  readonly #below: Below;

  constructor(singly: SinglyTaken, outputs: Outputs, prerequisites: Prerequisites, below: Below) {
    this.#singly = singly;
    this.#outputs = outputs;
    this.#prerequisites = prerequisites;
    this.#below = below;
  }

  /** Whether the candidate has outputs of a class that is taken singly. */
  isSingle(candidate: Candidate, calls: PruneCalls): boolean {
    return this.#singleClasses(candidate, calls).length > 0;
  }

  /** `leaveOut` receives those that were asked, and which of them are left out of the block. */
  admit(
    queues: ReadonlyMap<number, Iterable<Candidate>>,
    screening: Screening,
    calls: PruneCalls,
    leaveOut: (asked: readonly Candidate[], leftOut: ReadonlyMap<WorkReport, LeftOut>) => void,
  ): Admitted {
    const single = this.#takenSingly(calls);
    const first = screening.select(queues, []);
    const content = new Set<number>();
    const tried: Candidate[] = [];
    if (single.size === 0) return { admitted: first, content, tried, waiting: [] };

    const users = new Map<number, number>();
    for (const classes of single.values()) for (const id of classes) users.set(id, (users.get(id) ?? 0) + 1);
    const claimOf = (candidate: Candidate): CandidateClaim[] => {
      const classes = single.get(candidate);
      return classes === undefined ? [] : [{ candidate, core: reportOf(candidate).coreIndex, classes }];
    };
    const kept = new Set<Candidate>();
    const isIn = (candidate: Candidate): boolean => kept.has(candidate) || !single.has(candidate);
    const tryAlone = (claims: readonly CandidateClaim[]): void => {
      const asked = claims.map(({ candidate }) => candidate);
      const classes = new Set(claims.flatMap((claim) => claim.classes));
      const alone = askAlone(asked.map(reportOf), classes, calls, (_report, id) => users.get(id)! > 1);
      this.#singly.add(alone.failed.keys());
      leaveOut(asked, alone.leftOut);
      for (const claim of claims) {
        if (alone.leftOut.has(reportOf(claim.candidate))) {
          tried.push(claim.candidate);
          continue;
        }
        kept.add(claim.candidate);
        for (const id of claim.classes) content.add(id);
      }
    };

    const used = new Set<number>();
    tryAlone(inTurn(first.flatMap(claimOf), used, this.#below));
    let admitted = first.filter(isIn);
    if (admitted.length < first.length) {
      const open = new Set(first.flatMap((candidate) => (isIn(candidate) ? [] : [reportOf(candidate).coreIndex])));
      const left = [...queues].flatMap(([core, queue]) =>
        open.has(core) ? [[core, [...queue].filter((candidate) => !tried.includes(candidate))] as const] : [],
      );
      const behind = inTurn(distinct(left.flatMap(([, queue]) => queue.flatMap(claimOf))), used, this.#below);
      const byCore = groupBy(behind, ({ core }) => core);
      const offered = left.map(([core, queue]) => {
        const owned = new Set(byCore.get(core)?.flatMap(({ classes }) => classes));
        return [core, queue.filter((one) => single.get(one)?.every((id) => owned.has(id)) ?? true)] as const;
      });
      const next = screening.select(new Map(offered), admitted);
      tryAlone(next.filter((candidate) => !kept.has(candidate)).flatMap(claimOf));
      admitted = next.filter(isIn);
    }
    return { admitted, content, tried, waiting: [...single.keys()].filter((one) => !kept.has(one)) };
  }

  #singleClasses(candidate: Candidate, calls: PruneCalls): number[] {
    const report = reportOf(candidate);
    if (!report.results.some(({ class: id }) => this.#singly.has(id))) return [];
    return [...calls.outputs(report).keys()].filter((id) => this.#singly.has(id));
  }

  /** The candidates with outputs of classes that are taken singly, and these classes. */
  #takenSingly(calls: PruneCalls): Map<Candidate, readonly number[]> {
    const single = new Map<Candidate, readonly number[]>();
    if (this.#singly.isEmpty) return single;
    for (const id of this.#outputs.classes()) {
      if (!this.#singly.has(id)) continue;
      for (const candidate of this.#outputs.of(id)) {
        if (this.#prerequisites.isWithout(candidate) || single.has(candidate)) continue;
        const classes = this.#singleClasses(candidate, calls);
        if (classes.length > 0) single.set(candidate, classes);
      }
    }
    return single;
  }
}

/** The first claim of each core with the same classes. */
function distinct(claims: readonly CandidateClaim[]): CandidateClaim[] {
  const first = new Map<string, CandidateClaim>();
  for (const claim of claims) {
    const key = `${claim.core}: ${claim.classes.join()}`;
    if (!first.has(key)) first.set(key, claim);
  }
  return [...first.values()];
}
