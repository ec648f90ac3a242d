// Join: which of the reports that could be Registered go into the block under construction.
//
// Spec: RFC-0031 § Join and `prune`; D5, D5a. The author must never be forced into an invalid block, whatever the classes'
// code does, so it asks them on the block's own state, at most five times, and what is still in doubt is left out:
//
//   rounds 1, 2   drop the packages that a class names; a class that traps, overruns or answers no positions loses the
//                 later half of its packages
//   round 3       where anybody still complains: drop all packages of the classes that do, and all of more than one class
//   round 4       who complains now loses all packages. Each has one class, so no other class's input changes, but by
//                 dependents that go along
//   last          hence once more, to be sure: any complaint now leaves the list empty
//
// Dropping a package drops those after it that have it as prerequisite: they could not be Registered without it.
import { toHex } from '../bytes/index.js';
import { coreJamApi, type JoinAnswer, type WorkReport } from '../contract/index.js';
import type { BuildingBlock } from '../node/index.js';

/** Asks the classes of `reports`: those that have a `prune` and an output there, in ascending order. */
export type AskClasses = (reports: readonly WorkReport[]) => Map<number, JoinAnswer>;

/** What became of the candidates. */
export interface Joined {
  /** To be Registered, in the order given. */
  taken: WorkReport[];
  /** Packages whose output a class named: they collide with the state or with one another, and are done with. */
  pruned: { report: WorkReport; class: number; reason: string }[];
  /** Left out of this block for another's fault: they may try again. */
  postponed: WorkReport[];
  /** Classes that complained in round 3 or later: their packages are to be left out for a while. */
  misbehaved: number[];
}

/** Decides over `reports`, in the order in which they would be Registered. */
export function join(reports: readonly WorkReport[], ask: AskClasses): Joined {
  const joined: Joined = { taken: [...reports], pruned: [], postponed: [], misbehaved: [] };
  for (let round = 1; round <= 4; round++) {
    const complaints = complaintsIn(ask(joined.taken));
    if (complaints.size === 0) return joined;
    if (round <= 2) dropNamed(joined, complaints);
    else dropClasses(joined, complaints, round === 3);
    if (joined.taken.length === 0) return joined;
  }
  const last = complaintsIn(ask(joined.taken));
  if (last.size > 0) {
    joined.misbehaved.push(...last.keys());
    joined.postponed.push(...joined.taken.splice(0));
  }
  return joined;
}

/** The answers other than "all can stand". */
function complaintsIn(answers: Map<number, JoinAnswer>): Map<number, JoinAnswer> {
  return new Map([...answers].filter(([, answer]) => answer.kind !== 'indices' || answer.indices.length > 0));
}

/** Rounds 1 and 2. */
function dropNamed(joined: Joined, complaints: Map<number, JoinAnswer>): void {
  const before = [...joined.taken];
  const named = new Map<WorkReport, number>();
  const halved = new Set<WorkReport>();
  for (const [id, answer] of complaints) {
    const owners = outputOwners(before, id);
    const losers = answer.kind === 'indices' ? answer.indices.map((index) => owners[index]) : [undefined];
    if (losers.every((report) => report !== undefined)) {
      for (const report of losers) if (!named.has(report)) named.set(report, id);
    } else {
      const packages = [...new Set(owners)];
      for (const report of packages.slice(Math.floor(packages.length / 2))) halved.add(report);
    }
  }
  for (const [report, id] of named) {
    joined.pruned.push({
      report,
      class: id,
      reason: `Work Class ${id} says that an output of the package can't stand`,
    });
  }
  drop(joined, new Set([...named.keys(), ...halved]));
}

/** Rounds 3 and 4. */
function dropClasses(joined: Joined, complaints: Map<number, JoinAnswer>, alsoMixed: boolean): void {
  joined.misbehaved.push(...[...complaints.keys()].filter((id) => !joined.misbehaved.includes(id)));
  drop(
    joined,
    new Set(
      joined.taken.filter((report) => {
        const classes = classesOf(report);
        return classes.some((id) => complaints.has(id)) || (alsoMixed && classes.length > 1);
      }),
    ),
  );
}

/** Takes `leaving` out, and the packages that depend on them. What was not pruned is postponed. */
function drop(joined: Joined, leaving: Set<WorkReport>): void {
  const gone = new Set<string>();
  const pruned = new Set(joined.pruned.map(({ report }) => report));
  joined.taken = joined.taken.filter((report) => {
    const { prerequisite } = report.context;
    const stays = !leaving.has(report) && !(prerequisite !== undefined && gone.has(toHex(prerequisite)));
    if (stays) return true;
    gone.add(toHex(report.packageSpec.hash));
    if (!pruned.has(report)) joined.postponed.push(report);
    return false;
  });
}

/** For each successful output of the class, in report order, the report that it came from: what `prune` was shown. */
function outputOwners(reports: readonly WorkReport[], id: number): WorkReport[] {
  return reports.flatMap((report) =>
    report.results.filter((result) => result.class === id && result.result.ok).map(() => report),
  );
}

function classesOf(report: WorkReport): number[] {
  return [...new Set(report.results.map((result) => result.class))];
}

/** Asks through CoreJamApi.join on the block under construction. */
export function joinOn(building: BuildingBlock): AskClasses {
  return (reports) => (reports.length === 0 ? new Map() : new Map(coreJamApi.join(building.call, reports)));
}
