// Join: which of the reports that could be Registered go into the block under construction.
//
// Spec: RFC-0031 § Join and `prune`; D5a. The rounds (rounds.ts) leave a set with which every class is content.
// Then packages that are not in it are tried, each on top of those taken (trials.ts):
//
//   the leader
//   packages that no class named                          taken together if their classes are content, otherwise without
//                                                         those that are named, otherwise in halves
//   a package without a failed class                      taken if its classes are content; concluded as pruned if it is
//                                                         the only one that they name
//   one package of each class that failed                 taken if its classes are content, with the failed one called
//                                                         for this package only, which therefore concludes nothing
//   packages whose core is on probation (probation.ts)    all of this again
//
// Everything else is left out of this block, and may be tried in a later one. What was left out makes room: more reports
// may be offered, which are taken if the classes are content with them on top of those taken.
import type { WorkReport } from '../../contract/index.js';
import { type Departure, entriesOf, type Entry, groupsOf } from './entries.js';
import type { Below } from '../lots.js';
import { settle } from './rounds.js';
import { JoinSet } from './set.js';
import { Trials } from './trials.js';
import { type LeftOut, TOTAL_USED_UP, untried, verdictOf } from './verdicts.js';
import type { PruneCalls } from './prune-calls.js';

/** The candidates, by result. */
export interface Joined {
  /** To be Registered, in this order. Every class is content with its outputs. */
  readonly taken: readonly WorkReport[];
  readonly leftOut: ReadonlyMap<WorkReport, LeftOut>;
  /** Classes that failed, and why: their packages are taken singly for a while. */
  readonly failed: ReadonlyMap<number, string>;
}

export interface JoinOptions {
  /** Classes that are known to be content with their outputs in the reports. */
  readonly content: ReadonlySet<number>;
  /** Whether a report is tried after all others only. */
  readonly isOnProbation: (report: WorkReport) => boolean;
  /**
   * The report that *leads* the block: weight is kept to ask its classes about it, whatever other packages made classes
   * answer. Its prerequisite is not in `reports`, and it is not on probation.
   */
  readonly leader: WorkReport | undefined;
  readonly below: Below;
}

/** Selects from `reports`, which are in the order in which they would be Registered. */
export function join(reports: readonly WorkReport[], calls: PruneCalls, options: JoinOptions): Join {
  return new Join(reports, calls, options);
}

/** The join of one block, with what it selected so far. */
export class Join implements Joined {
  readonly taken: readonly WorkReport[];
  readonly leftOut = new Map<WorkReport, LeftOut>();
  readonly failed: ReadonlyMap<number, string>;
  readonly #calls: PruneCalls;
  readonly #isOnProbation: (report: WorkReport) => boolean;
  readonly #trials: Trials;
  /** If the families were settled separately: packages that a class objected to in a repeated call. */
  readonly #unsteady: ReadonlySet<Entry> | undefined;
  /** In the same case: those that it objected to in its first call, too. */
  readonly #colliding: ReadonlySet<Entry>;
  /** All packages, by their position. */
  readonly #positions = new Map<Entry, number>();
  /** Packages of which nothing is known, or was when they left the set. */
  readonly #unknown = new Set<Entry>();

  constructor(
    reports: readonly WorkReport[],
    calls: PruneCalls,
    { content, isOnProbation, leader: led, below }: JoinOptions,
  ) {
    this.#calls = calls;
    this.#isOnProbation = isOnProbation;
    const [first, last] = this.#byProbation(entriesOf(reports, calls, []));
    const set = new JoinSet(first, calls, content);
    const leader = first.find(({ report }) => report === led);
    const { fellBack } = settle(set, calls, leader, below);
    this.#unsteady = fellBack ? set.unsteady : undefined;
    this.#colliding = fellBack ? set.colliding : new Set();
    this.#trials = new Trials(set.inOrder(), set.failed, calls);
    this.taken = this.#trials.reports;
    this.failed = this.#trials.failed;
    this.#try(
      first.filter((entry) => !set.has(entry)),
      set.departures,
      leader,
    );
    this.#try(last, new Map());
  }

  /**
   * If the families were settled separately: packages that were a reason for that, or kept others from being taken in a trial
   * afterwards, and are not taken. What is tried last, on probation, keeps none of those that are not from being taken.
   */
  get unsteady(): WorkReport[] {
    if (this.#unsteady === undefined) return [];
    const spoilers = [...this.#trials.spoilers].filter(({ report }) => !this.#isOnProbation(report));
    return this.#notTaken(new Set([...this.#unsteady, ...spoilers]));
  }

  /**
   * If the families were settled separately: packages that a class named at once and again with its family's base, and that are not
   * taken. An honest package may collide, too, but each such block costs calls that others lack.
   */
  get colliding(): WorkReport[] {
    return this.#notTaken(this.#colliding);
  }

  #notTaken(entries: ReadonlySet<Entry>): WorkReport[] {
    return [...entries].flatMap((entry) => (this.#trials.taken.has(entry) ? [] : [entry.report]));
  }

  /** Selects from more reports, each of which could be Registered after those taken. */
  offer(reports: readonly WorkReport[]): void {
    for (const entries of this.#byProbation(entriesOf(reports, this.#calls, [...this.#trials.taken])))
      this.#try(entries, new Map());
  }

  /** The packages that are tried first, and those that are tried last: with their prerequisite, or of a core, on probation. */
  #byProbation(entries: readonly Entry[]): [first: Entry[], last: Entry[]] {
    const last = new Set<Entry>();
    for (const entry of entries) this.#positions.set(entry, this.#positions.size);
    for (const entry of entries)
      if (this.#isOnProbation(entry.report) || (entry.prerequisite !== undefined && last.has(entry.prerequisite)))
        last.add(entry);
    for (const entry of last) this.#unknown.add(entry);
    return [entries.filter((entry) => !last.has(entry)), [...last]];
  }

  #try(entries: readonly Entry[], departures: ReadonlyMap<Entry, Departure>, leader?: Entry): void {
    const { taken } = this.#trials;
    const tried = new Set<Entry>();
    const attempt = (entry: Entry): void => {
      tried.add(entry);
      const verdict = this.#trials.attempt(entry) ?? untried(departures.get(entry), this.failed);
      if (verdict === 'taken') return;
      if (verdict.kind !== 'unchecked') this.#unknown.delete(entry);
      this.leftOut.set(entry.report, verdict.kind === 'pruned' ? this.#unlessMissing(entry, verdict) : verdict);
    };
    const untriedOnes = (): Entry[] => entries.filter((entry) => !taken.has(entry) && !tried.has(entry));
    const unjudged = entries.filter((entry) => isUnjudged(departures.get(entry)));
    for (const entry of unjudged) this.#unknown.add(entry);
    if (leader !== undefined && entries.includes(leader)) {
      attempt(leader);
      // Unless it is concluded, others that are taken may make a difference.
      if (this.leftOut.get(leader.report)?.kind !== 'pruned') tried.delete(leader);
    }
    this.#trials.takeInHalves(unjudged, attempt);
    // Many packages that were named may be so because of one that left afterwards.
    for (const group of groupsOf(untriedOnes())) {
      const able = this.#trials.able(group.entries);
      if (able.length > 1) this.#trials.takeAll(able);
    }
    // A package with fewer failed classes comes first: it can't use up the total ahead of others, nor the only call of
    // a class that another failed class spoils.
    const rest = untriedOnes();
    const failing = new Map(rest.map((entry) => [entry, this.#trials.failedClasses(entry).length]));
    const most = Math.max(0, ...failing.values());
    for (let count = 0; count <= most; count++)
      for (const entry of rest) if (failing.get(entry) === count) attempt(entry);
    for (const entry of entries) if (this.#trials.awaitsNoMore(entry)) attempt(entry);
    for (const entry of entries) if (taken.has(entry)) this.leftOut.delete(entry.report);
  }

  /** A class may reject a package only for want of an earlier one, of which nothing is known: this is not concluded. */
  #unlessMissing(entry: Entry, pruned: LeftOut & { kind: 'pruned' }): LeftOut {
    const isEarlier = (other: Entry): boolean =>
      other.outputs.has(pruned.class) &&
      !this.#trials.taken.has(other) &&
      this.#positions.get(other)! < this.#positions.get(entry)!;
    if (![...this.#unknown].some(isEarlier)) return pruned;
    return { kind: 'postponed', reason: `${pruned.reason}, without earlier ones that were not checked` };
  }
}

/** Whether a package left, or was not in the set, though no class named it or failed: it may well be accepted. */
function isUnjudged(departure: Departure | undefined): boolean {
  return departure === undefined || departure.why === 'outside' || departure.why === 'unsettled';
}

/**
 * Asks each of `classes`, which has outputs in only one of `reports`, for these outputs only. A package that is named is
 * concluded as pruned if nothing is kept from the class that may be why: its prerequisite, or `companions`, which says
 * whether other candidates have outputs of a class.
 */
export function askAlone(
  reports: readonly WorkReport[],
  classes: ReadonlySet<number>,
  calls: PruneCalls,
  companions: (report: WorkReport, id: number) => boolean,
): Omit<Joined, 'taken'> {
  const [leftOut, failed] = [new Map<WorkReport, LeftOut>(), new Map<number, string>()];
  const asked = new Map<WorkReport, number[]>();
  let sum = 0n;
  for (const report of reports) {
    const outputs = [...calls.outputs(report)].filter(([id]) => classes.has(id));
    const allotment = outputs.reduce((total, [id, count]) => total + calls.allotment(id, count), 0n);
    if (calls.affords(sum + allotment)) {
      sum += allotment;
      asked.set(
        report,
        outputs.map(([id]) => id),
      );
    } else {
      leftOut.set(report, { kind: 'unchecked', reason: TOTAL_USED_UP });
    }
  }
  if (asked.size === 0) return { leftOut, failed };
  const answers = calls.run([...asked.keys()], [...asked.values()].flat());
  for (const [report, ids] of asked) {
    const own = new Map([...answers].filter(([id]) => ids.includes(id)));
    for (const [id, answer] of own) if (answer.kind === 'failed') failed.set(id, answer.reason);
    const isConclusive = (id: number): boolean => report.context.prerequisite === undefined && !companions(report, id);
    const verdict = verdictOf(own, report, isConclusive);
    if (verdict !== 'taken') leftOut.set(report, verdict);
  }
  return { leftOut, failed };
}
