// Join: which of the reports that could be Registered go into the block under construction.
//
// Spec: RFC-0031 § Join and `prune`; D5a. The rounds (join-rounds.ts) leave a set with which every class is content.
// Then packages that left it are tried, each on top of those taken:
//
//   packages that no class named                          taken together if their classes are content, otherwise tried in
//                                                         halves: k of n that are not accepted cost O(k log n) calls
//   a package without a failed class                      taken if its classes are content; concluded as pruned if it is
//                                                         the only one that they name
//   one package of each class that failed                 taken if its classes are content, with the failed one called
//                                                         for this package only, which therefore concludes nothing
//
// Everything else is left out of this block, and may be tried in a later one. What was left out makes room: more reports
// may be offered, which are taken if the classes are content with them on top of those taken.
import type { WorkReport } from '../contract/index.js';
import { type Departure, type Entry, entriesOf, Rounds } from './join-rounds.js';
import type { ClassAnswer, PruneCalls } from './prune-calls.js';

/** Why a candidate is not in the block. */
export type LeftOut =
  /** Class `class` named it on top of the packages taken, and no other package. It is not tried again. */
  | { readonly kind: 'pruned'; readonly class: number; readonly reason: string }
  | { readonly kind: 'postponed'; readonly reason: string }
  /** There was no room to find out what its classes answer: nothing is known about the package. */
  | { readonly kind: 'unchecked'; readonly reason: string };

/** The candidates, by result. */
export interface Joined {
  /** To be Registered, in this order. Every class is content with its outputs. */
  readonly taken: readonly WorkReport[];
  readonly leftOut: ReadonlyMap<WorkReport, LeftOut>;
  /** Classes that failed, and why: their packages are taken singly for a while. */
  readonly failed: ReadonlyMap<number, string>;
}

/**
 * Selects from `reports`, which are in the order in which they would be Registered. The classes `content` are known to be
 * content with their outputs in `reports`.
 */
export function join(reports: readonly WorkReport[], calls: PruneCalls, content: ReadonlySet<number>): Join {
  return new Join(reports, calls, content);
}

/** The join of one block, with what it selected so far. */
export class Join implements Joined {
  readonly taken: WorkReport[];
  readonly leftOut = new Map<WorkReport, LeftOut>();
  readonly failed: ReadonlyMap<number, string>;
  readonly #calls: PruneCalls;
  readonly #trials: Trials;

  constructor(reports: readonly WorkReport[], calls: PruneCalls, content: ReadonlySet<number>) {
    const entries = entriesOf(reports, calls, []);
    const rounds = new Rounds(entries, calls, content);
    this.#calls = calls;
    this.#trials = new Trials(rounds.settle(), rounds.failed, calls);
    this.taken = this.#trials.taken.map(({ report }) => report);
    this.failed = this.#trials.failed;
    const { departures } = rounds;
    this.#try(
      entries.filter((entry) => departures.has(entry)),
      departures,
    );
  }

  /** Selects from more reports, each of which could be Registered after those taken. */
  offer(reports: readonly WorkReport[]): void {
    this.#try(entriesOf(reports, this.#calls, this.#trials.taken), new Map());
  }

  #try(entries: readonly Entry[], departures: ReadonlyMap<Entry, Departure>): void {
    const tried = new Set<Entry>();
    const attempt = (entry: Entry): void => {
      tried.add(entry);
      const { report } = entry;
      const verdict = this.#trials.attempt(entry) ?? postponed(departures.get(entry), this.failed);
      if (verdict === 'taken') this.taken.push(report);
      if (verdict === 'taken') this.leftOut.delete(report);
      else this.leftOut.set(report, verdict);
    };
    const inHalves = (group: readonly Entry[]): void => {
      const able = this.#trials.able(group);
      if (able.length === 1) attempt(able[0]!);
      else if (this.#trials.takeAll(able)) this.taken.push(...able.map(({ report }) => report));
      else if (able.length > 1) {
        inHalves(able.slice(0, Math.ceil(able.length / 2)));
        inHalves(able.slice(Math.ceil(able.length / 2)));
      }
    };
    inHalves(entries.filter((entry) => isUnjudged(departures.get(entry))));
    const isTaken = new Set(this.#trials.taken);
    const rest = entries.filter((entry) => !isTaken.has(entry) && !tried.has(entry));
    // A package with fewer failed classes comes first: it can't use up the total ahead of others, nor the only call of
    // a class that another failed class spoils.
    const failing = new Map(rest.map((entry) => [entry, this.#trials.failedClasses(entry).length]));
    const most = Math.max(0, ...failing.values());
    for (let count = 0; count <= most; count++)
      for (const entry of rest) if (failing.get(entry) === count) attempt(entry);
    for (const entry of entries) if (this.#trials.awaitsNoMore(entry)) attempt(entry);
  }
}

/** Whether a package left, or was not in the set, though no class named it or failed: it may well be accepted. */
function isUnjudged(departure: Departure | undefined): boolean {
  return departure === undefined || departure.why === 'repeats' || departure.why === 'unsettled';
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

const TOTAL_USED_UP = 'the weight that a block has for the checks of Work Classes was used up';

class Trials {
  readonly taken: Entry[];
  readonly failed: Map<number, string>;
  readonly #taken = new Set<Entry>();
  /** Number of outputs of each class in those taken. */
  readonly #outputs = new Map<number, number>();
  /** Packages whose prerequisite was not taken when they were to be tried. */
  readonly #awaiting = new Set<Entry>();
  /** Failed classes that were called for a package of their own already. */
  readonly #calledAlone = new Set<number>();
  readonly #calls: PruneCalls;

  constructor(taken: readonly Entry[], failed: ReadonlyMap<number, string>, calls: PruneCalls) {
    this.taken = [];
    for (const entry of taken) this.#take(entry);
    this.failed = new Map(failed);
    this.#calls = calls;
  }

  /** Tries a package on top of those taken. Returns undefined if it can't be tried in this block. */
  attempt(entry: Entry): 'taken' | LeftOut | undefined {
    if (entry.prerequisite !== undefined && !this.#taken.has(entry.prerequisite)) {
      this.#awaiting.add(entry);
      return undefined;
    }
    this.#awaiting.delete(entry);
    const classes = [...entry.outputs.keys()];
    const failed = this.failedClasses(entry);
    if (failed.some((id) => this.#calledAlone.has(id) || this.#outputsTaken(id) > 0)) return undefined;
    if (classes.length > 0 && !this.#calls.affords(this.#allotment([entry], classes)))
      return { kind: 'unchecked', reason: TOTAL_USED_UP };
    for (const id of failed) this.#calledAlone.add(id);
    const reports = [...this.taken, entry].map(({ report }) => report);
    const answers = classes.length === 0 ? new Map<number, ClassAnswer>() : this.#calls.run(reports, classes);
    // What was taken stays: every class is content with exactly that.
    for (const [id, answer] of answers) if (answer.kind === 'failed') this.failed.set(id, answer.reason);
    const verdict = verdictOf(answers, entry.report, (id) => !failed.includes(id));
    if (verdict === 'taken') this.#take(entry);
    return verdict;
  }

  /** Those of `entries` that could be taken together: without a failed class, and not without their prerequisite. */
  able(entries: readonly Entry[]): Entry[] {
    const able = new Set<Entry>();
    for (const entry of entries) {
      const { prerequisite } = entry;
      const follows = prerequisite === undefined || this.#taken.has(prerequisite) || able.has(prerequisite);
      if (follows && this.failedClasses(entry).length === 0) able.add(entry);
    }
    return [...able];
  }

  /** Takes all of these packages, which are able, if their classes are content with them on top of those taken. */
  takeAll(entries: readonly Entry[]): boolean {
    const classes = [...new Set(entries.flatMap(({ outputs }) => [...outputs.keys()]))];
    if (classes.length > 0) {
      if (!this.#calls.affords(this.#allotment(entries, classes))) return false;
      const answers = this.#calls.run(
        [...this.taken, ...entries].map(({ report }) => report),
        classes,
      );
      for (const [id, answer] of answers) if (answer.kind === 'failed') this.failed.set(id, answer.reason);
      if ([...answers.values()].some(({ kind }) => kind !== 'content')) return false;
    }
    for (const entry of entries) this.#take(entry);
    return true;
  }

  failedClasses({ outputs }: Entry): number[] {
    return [...outputs.keys()].filter((id) => this.failed.has(id));
  }

  #take(entry: Entry): void {
    this.taken.push(entry);
    this.#taken.add(entry);
    for (const [id, count] of entry.outputs) this.#outputs.set(id, this.#outputsTaken(id) + count);
  }

  /** Of calls of `classes` with their outputs in those taken and in `entries`. */
  #allotment(entries: readonly Entry[], classes: readonly number[]): bigint {
    const outputs = (id: number): number =>
      entries.reduce((sum, entry) => sum + (entry.outputs.get(id) ?? 0), this.#outputsTaken(id));
    return classes.reduce((sum, id) => sum + this.#calls.allotment(id, outputs(id)), 0n);
  }

  /** Whether it could not be tried because of its prerequisite, which was taken since. */
  awaitsNoMore(entry: Entry): boolean {
    return this.#awaiting.has(entry) && entry.prerequisite !== undefined && this.#taken.has(entry.prerequisite);
  }

  #outputsTaken(id: number): number {
    return this.#outputs.get(id) ?? 0;
  }
}

/**
 * What the answers of its classes mean for a package that was added last. A class may conclude it if it was called with
 * all outputs that could matter.
 */
function verdictOf(
  answers: ReadonlyMap<number, ClassAnswer>,
  report: WorkReport,
  isConclusive: (id: number) => boolean,
): 'taken' | LeftOut {
  let pruned: LeftOut | undefined;
  let spared: LeftOut | undefined;
  for (const [id, answer] of answers) {
    if (answer.kind === 'failed') return { kind: 'postponed', reason: failureOf(id, answer.reason) };
    if (answer.kind !== 'named') continue;
    if (answer.reports.size === 1 && answer.reports.has(report)) {
      if (!isConclusive(id))
        spared ??= {
          kind: 'postponed',
          reason: `Work Class ${id} rejected the package, called without other packages`,
        };
      pruned ??= { kind: 'pruned', class: id, reason: `Work Class ${id} rejected an output of the package` };
    } else {
      spared ??= { kind: 'postponed', reason: `Work Class ${id} rejected outputs of other packages because of it` };
    }
  }
  return spared ?? pruned ?? 'taken';
}

function postponed(departure: Departure | undefined, failed: ReadonlyMap<number, string>): LeftOut {
  switch (departure?.why) {
    case 'named':
      return {
        kind: 'postponed',
        reason: `Work Class ${departure.class} rejected an output of the package beside others`,
      };
    case 'failedClass':
      return { kind: 'postponed', reason: failureOf(departure.class, failed.get(departure.class) ?? '') };
    case 'repeats':
      return {
        kind: 'unchecked',
        reason: `the checks of Work Class ${departure.class} had to be repeated too often`,
      };
    case 'unsettled':
      return { kind: 'unchecked', reason: TOTAL_USED_UP };
    case 'dependent':
    case undefined:
      return { kind: 'postponed', reason: 'its prerequisite is not in the block' };
  }
}

function failureOf(id: number, reason: string): string {
  return `Work Class ${id} failed: ${reason}`;
}
