// Join: which of the reports that could be Registered go into the block under construction.
//
// Spec: RFC-0031 § Join and `prune`; D5, and an earlier version of D5a (docs/spec.md, last section). No class's code
// may make the author's block invalid, so the author calls `prune` on the block's own state, in at most five rounds. A
// class complains if it names outputs, traps, runs out of weight or returns something malformed or out of range.
//
//   rounds 1, 2   drops the packages that a class names; a class that complains in another way loses the later half of
//                 its packages
//   round 3       drops all packages of the classes that complain, and all packages of more than one class
//   round 4       drops all packages of the classes that complain. Each package has one class now, so other
//                 classes lose only packages that depend on a dropped one
//   last          if any class complains, drops all packages
//
// Dropping a package drops the later ones that have it as prerequisite: they could not be Registered without it.
import { toHex } from '../bytes/index.js';
import { coreJamApi, type JoinAnswer, type WorkReport } from '../contract/index.js';
import type { BuildingBlock } from '../node/index.js';

/** Calls `prune` of the classes that have one and an output in `reports`. Returns results by class, ascending. */
export type AskClasses = (reports: readonly WorkReport[]) => Map<number, JoinAnswer>;

/** The candidates, by result. */
export interface Joined {
  /** To be Registered, in the order given. */
  taken: WorkReport[];
  /** Packages with an output that a class named: it conflicts with the state or another output. Not tried again. */
  pruned: { report: WorkReport; class: number; reason: string }[];
  /** Left out of this block for another reason; may be tried again. */
  postponed: WorkReport[];
  /** Classes that complained in round 3 or later: the caller leaves out their packages for a while. */
  misbehaved: number[];
}

/** Selects from `reports`, which are in the order in which they would be Registered. */
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

/** All results other than an empty list of indices. */
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
      reason: `Work Class ${id} rejected an output of the package`,
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

/** Drops `leaving` and the packages that depend on them. Those not pruned are postponed. */
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

/** The report of each successful output of the class, in the order of the arguments of `prune`. */
function outputOwners(reports: readonly WorkReport[], id: number): WorkReport[] {
  return reports.flatMap((report) =>
    report.results.filter((result) => result.class === id && result.result.ok).map(() => report),
  );
}

function classesOf(report: WorkReport): number[] {
  return [...new Set(report.results.map((result) => result.class))];
}

/** Calls CoreJamApi.join on the block under construction. */
export function joinOn(building: BuildingBlock): AskClasses {
  return (reports) => (reports.length === 0 ? new Map() : new Map(coreJamApi.join(building.call, reports)));
}
