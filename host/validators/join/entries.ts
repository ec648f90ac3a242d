// The packages of the join, the classes that decide on each, and why one leaves the block's set. Spec: D5a.
import type { WorkReport } from '../../contract/index.js';
import { keyOf } from '../key-of.js';
import type { PruneCalls } from './prune-calls.js';

/** A package of the join. */
export interface Entry {
  readonly report: WorkReport;
  /** Number of outputs by class, of classes that have `prune`. */
  readonly outputs: ReadonlyMap<number, number>;
  /** The classes whose answers can remove it: those of its outputs, and those of its prerequisite. */
  readonly classes: ReadonlySet<number>;
  /** Its prerequisite, if that is a package of the join too. */
  readonly prerequisite: Entry | undefined;
  readonly dependents: Entry[];
}

/** Why a package left the set. */
export type Departure =
  | { readonly why: 'named'; readonly class: number }
  /** Its prerequisite left. */
  | { readonly why: 'dependent' }
  | { readonly why: 'failedClass'; readonly class: number }
  /** It is in no family's base (families.ts), and the families were settled separately. */
  | { readonly why: 'outside' }
  /** There was no weight to find out whether its classes are content with it. */
  | { readonly why: 'unsettled' }
  /** Its core is on probation (probation.ts). */
  | { readonly why: 'probation' };

/** The packages in order, each linked to its prerequisite, which comes before it, perhaps among those `taken`. */
export function entriesOf(reports: readonly WorkReport[], calls: PruneCalls, taken: readonly Entry[]): Entry[] {
  const byHash = new Map(taken.map((entry) => [keyOf(entry.report.packageSpec.hash), entry]));
  return reports.map((report) => {
    const { prerequisite: hash } = report.context;
    const prerequisite = hash === undefined ? undefined : byHash.get(keyOf(hash));
    const outputs = calls.outputs(report);
    const classes = new Set([...outputs.keys(), ...(prerequisite?.classes ?? [])]);
    const entry: Entry = { report, outputs, classes, prerequisite, dependents: [] };
    prerequisite?.dependents.push(entry);
    byHash.set(keyOf(report.packageSpec.hash), entry);
    return entry;
  });
}

/** Packages on which the same classes decide. */
export interface Group {
  readonly classes: ReadonlySet<number>;
  readonly entries: Entry[];
}

/** The packages by the classes that decide on them, in the order of each group's first package. */
export function groupsOf(entries: readonly Entry[]): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const key = [...entry.classes].sort((a, b) => a - b).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { classes: entry.classes, entries: [entry] });
    else group.entries.push(entry);
  }
  return [...groups.values()];
}

/** Weight of one call of each class with its outputs in `entries`. */
export function weightOf(entries: Iterable<Entry>, calls: PruneCalls): bigint {
  let sum = 0n;
  for (const { outputs } of entries) for (const [id, count] of outputs) sum += calls.allotment(id, count);
  return sum;
}
