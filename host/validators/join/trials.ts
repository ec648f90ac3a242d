// Trials of packages that are not in the set that the rounds left, each on top of those taken. Spec: D5a.
import type { WorkReport } from '../../contract/index.js';
import { type Entry, groupsOf } from './entries.js';
import { type LeftOut, TOTAL_USED_UP, verdictOf } from './verdicts.js';
import type { ClassAnswer, PruneCalls } from './prune-calls.js';

export class Trials {
  readonly taken = new Set<Entry>();
  /** The reports of those taken, in order. */
  readonly reports: WorkReport[] = [];
  readonly failed: Map<number, string>;
  /** Packages that a class named when `takeInHalves` tried them with others, which were therefore not taken at once. */
  readonly spoilers = new Set<Entry>();
  /** Number of outputs of each class in those taken. */
  readonly #outputs = new Map<number, number>();
  /** Packages whose prerequisite was not taken when they were to be tried. */
  readonly #awaiting = new Set<Entry>();
  /** Failed classes that were called for a package of their own already. */
  readonly #calledAlone = new Set<number>();
  readonly #calls: PruneCalls;

  constructor(taken: readonly Entry[], failed: ReadonlyMap<number, string>, calls: PruneCalls) {
    for (const entry of taken) this.#take(entry);
    this.failed = new Map(failed);
    this.#calls = calls;
  }

  /** Tries a package on top of those taken. Returns undefined if it can't be tried in this block. */
  attempt(entry: Entry): 'taken' | LeftOut | undefined {
    if (entry.prerequisite !== undefined && !this.taken.has(entry.prerequisite)) {
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
    const answers = this.#ask([entry], classes);
    const verdict = verdictOf(answers, entry.report, (id) => !failed.includes(id));
    if (verdict === 'taken') this.#take(entry);
    return verdict;
  }

  /**
   * Takes what it can of several packages, in order: all together, and those of which it is not known then whether they are
   * accepted in halves, first of groups on which the same classes decide, then of the packages of a group. Those that are by
   * themselves at the end are left to `attempt`. So k groups of n that are not accepted cost O(k log n) calls.
   */
  takeInHalves(entries: readonly Entry[], attempt: (entry: Entry) => void): void {
    const positions = new Map(entries.map((entry, position) => [entry, position]));
    const halve = (some: readonly Entry[]): void => {
      const able = this.able([...some].sort((a, b) => positions.get(a)! - positions.get(b)!));
      if (able.length === 1) attempt(able[0]!);
      if (able.length <= 1) return;
      const { named, open } = this.takeAll(able);
      for (const entry of named) this.spoilers.add(entry);
      const groups = groupsOf(open);
      const [first, second] =
        groups.length > 1 ? halvesOf(groups).map((half) => half.flatMap((group) => group.entries)) : halvesOf(open);
      halve(first!);
      halve(second!);
    };
    halve(entries);
  }

  /**
   * Takes these packages, which are able, if their classes are content with them on top of those taken; otherwise those that are
   * left without the ones that are named or suspected, if the classes are content with these. Returns those that were named, and
   * those that were neither taken nor named.
   */
  takeAll(entries: readonly Entry[]): { named: Entry[]; open: Entry[] } {
    const found: { named: Entry[]; open: Entry[] } = { named: [], open: [] };
    let rest = entries;
    for (let calls = 0; calls < 2 && rest.length > 0; calls++) {
      const objections = this.#objections(rest);
      if (objections === undefined) break;
      const { named, suspected } = objections;
      if (named.size + suspected.size === 0) {
        for (const entry of rest) this.#take(entry);
        return found;
      }
      found.named.push(...named);
      found.open.push(...suspected);
      const others = rest.filter((entry) => !named.has(entry) && !suspected.has(entry));
      rest = this.able(others);
    }
    found.open.push(...rest);
    return found;
  }

  /** Those of `entries` that could be taken together: without a failed class, and not without their prerequisite. */
  able(entries: readonly Entry[]): Entry[] {
    const able = new Set<Entry>();
    for (const entry of entries) {
      const { prerequisite } = entry;
      const follows = prerequisite === undefined || this.taken.has(prerequisite) || able.has(prerequisite);
      if (follows && this.failedClasses(entry).length === 0) able.add(entry);
    }
    return [...able];
  }

  failedClasses({ outputs }: Entry): number[] {
    return [...outputs.keys()].filter((id) => this.failed.has(id));
  }

  /** Whether it could not be tried because of its prerequisite, which was taken since. */
  awaitsNoMore(entry: Entry): boolean {
    return this.#awaiting.has(entry) && entry.prerequisite !== undefined && this.taken.has(entry.prerequisite);
  }

  /**
   * Which of `entries` make their classes object on top of those taken: those that are named, and, as *suspected*, the others of
   * a class that failed or named one that was taken. Undefined if there is no weight to find out.
   */
  #objections(entries: readonly Entry[]): { named: Set<Entry>; suspected: Set<Entry> } | undefined {
    const classes = [...new Set(entries.flatMap(({ outputs }) => [...outputs.keys()]))];
    if (classes.length > 0 && !this.#calls.affords(this.#allotment(entries, classes))) return undefined;
    const reports = new Set(entries.map(({ report }) => report));
    const namedOnes = new Set<WorkReport>();
    const objecting = new Set<number>();
    for (const [id, answer] of this.#ask(entries, classes)) {
      if (answer.kind === 'content') continue;
      if (answer.kind === 'failed' || [...answer.reports].some((report) => !reports.has(report))) objecting.add(id);
      else for (const report of answer.reports) namedOnes.add(report);
    }
    const named = new Set(entries.filter(({ report }) => namedOnes.has(report)));
    const isOfObjecting = ({ outputs }: Entry): boolean => [...outputs.keys()].some((id) => objecting.has(id));
    return { named, suspected: new Set(entries.filter((entry) => !named.has(entry) && isOfObjecting(entry))) };
  }

  /** Calls classes with their outputs in those taken and in `entries`. */
  #ask(entries: readonly Entry[], classes: readonly number[]): ReadonlyMap<number, ClassAnswer> {
    if (classes.length === 0) return new Map();
    const answers = this.#calls.run([...this.reports, ...entries.map(({ report }) => report)], classes);
    // What was taken stays: every class is content with exactly that.
    for (const [id, answer] of answers) if (answer.kind === 'failed') this.failed.set(id, answer.reason);
    return answers;
  }

  #take(entry: Entry): void {
    this.reports.push(entry.report);
    this.taken.add(entry);
    for (const [id, count] of entry.outputs) this.#outputs.set(id, this.#outputsTaken(id) + count);
  }

  /** Of calls of `classes` with their outputs in those taken and in `entries`. */
  #allotment(entries: readonly Entry[], classes: readonly number[]): bigint {
    const counts = new Map<number, number>();
    for (const { outputs } of entries) for (const [id, count] of outputs) counts.set(id, (counts.get(id) ?? 0) + count);
    return classes.reduce(
      (sum, id) => sum + this.#calls.allotment(id, this.#outputsTaken(id) + (counts.get(id) ?? 0)),
      0n,
    );
  }

  #outputsTaken(id: number): number {
    return this.#outputs.get(id) ?? 0;
  }
}

function halvesOf<T>(list: readonly T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}
