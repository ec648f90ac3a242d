// What a block accumulates: which packages are taken, and how much weight each class has.
// Spec: § Weight of prune and accumulate, 1 (taking), 3 (surplus), 4 (budgets).
import { saturatingAdd, saturatingSub, U128 } from '../../primitives';
import { BTreeMap } from '../../scale';
import { weightPerPackage } from '../coretime';
import { Reporting, TrackedReport } from '../reporting';

/** What one class does in a block. */
export class ClassWork {
  /** Its `accumulate` requirement for each of its results. */
  guaranteed: u64 = 0;
  /** Its shares of what the cores leave over. */
  surplus: u64 = 0;
  /** The packages that have a result of it. */
  packages: Array<TrackedReport> = [];
}

/** What a block does. */
class Plan {
  /** By class id, ascending. */
  classes: BTreeMap<u32, ClassWork> = new BTreeMap<u32, ClassWork>();
  /** The packages taken, in Registered order. */
  taken: Array<TrackedReport> = [];
  /** The cores that packages were taken from, and what is left of their queues. */
  cores: Array<u16> = [];
  queues: Array<Array<TrackedReport>> = [];
  /** All of this block's prune and accumulate, in picoseconds. */
  weight: u64 = 0;
}

/** Plans the block `now` by what is in the queues; changes nothing. */
export function planBlock(now: u32): Plan {
  const plan = new Plan();
  const limit = weightPerPackage();
  const pruneNew = newPrunes(now);
  for (let i = 0; i < pruneNew.size; i++) plan.weight = saturatingAdd(plan.weight, pruneNew.values[i]);
  const cores = Reporting.readyCores.get();
  for (let i = 0; i < cores.length; i++) {
    const borne = pruneNew.has(cores[i]) ? pruneNew.get(cores[i]) : 0;
    takeFromCore(plan, cores[i], borne, limit);
  }
  plan.taken.sort(byOrder);
  for (let i = 0; i < plan.taken.length; i++) addToClasses(plan, plan.taken[i]);
  return plan;
}

/** What the reports Registered in this very block use to prune, by core: a core bears it before it takes packages. */
function newPrunes(now: u32): BTreeMap<u16, u64> {
  const prunes = new BTreeMap<u16, u64>();
  const occupied = Reporting.occupied.get();
  for (let i = 0; i < occupied.length; i++) {
    if (occupied[i].since == now) prunes.set(occupied[i].core, occupied[i].prune);
  }
  return prunes;
}

/** Takes packages from the head of a core's queue while they fit, and shares out what is left of the core's weight. */
function takeFromCore(plan: Plan, core: u16, pruneNew: u64, limit: u64): void {
  const queue = Reporting.ready.get(core);
  let used = pruneNew;
  let ownPrune: u64 = 0;
  let accumulate: u64 = 0;
  let count = 0;
  while (count < queue.length) {
    const next = saturatingAdd(used, queue[count].accumulateWeight());
    if (next > limit) break;
    used = next;
    accumulate = saturatingAdd(accumulate, queue[count].accumulateWeight());
    ownPrune = saturatingAdd(ownPrune, queue[count].pruneWeight());
    count++;
  }
  if (count == 0) return;
  const taken = queue.slice(0, count);
  plan.cores.push(core);
  plan.queues.push(queue.slice(count));
  for (let i = 0; i < count; i++) plan.taken.push(taken[i]);
  const surplus = saturatingSub(saturatingSub(limit, max(pruneNew, ownPrune)), accumulate);
  plan.weight = saturatingAdd(plan.weight, saturatingAdd(accumulate, surplus));
  shareSurplus(plan, taken, surplus);
}

/** Shares by what the items used in `refine`; by their number when that was nothing; the remainder to the lowest class. */
function shareSurplus(plan: Plan, taken: Array<TrackedReport>, surplus: u64): void {
  const used = new BTreeMap<u32, U128>();
  const counts = new BTreeMap<u32, u64>();
  let total = U128.zero();
  let items: u64 = 0;
  for (let i = 0; i < taken.length; i++) {
    const results = taken[i].report.results;
    for (let k = 0; k < results.length; k++) {
      const classId = results[k].class;
      const weight = U128.from(results[k].weight);
      used.set(classId, used.has(classId) ? used.get(classId).add(weight) : weight);
      counts.set(classId, counts.has(classId) ? counts.get(classId) + 1 : 1);
      total = total.add(weight);
      items++;
    }
  }
  if (items == 0) return; // packages without items: nobody to share with
  let rest = surplus;
  for (let i = 0; i < used.size; i++) {
    const share = total.isZero()
      ? U128.from(surplus).mul(U128.from(counts.values[i])).div(U128.from(items)).toU64()
      : U128.from(surplus).mul(used.values[i]).div(total).toU64();
    workOf(plan, used.keys[i]).surplus += share;
    rest -= share;
  }
  workOf(plan, used.keys[0]).surplus += rest;
}

function addToClasses(plan: Plan, tracked: TrackedReport): void {
  const results = tracked.report.results;
  for (let k = 0; k < results.length; k++) {
    const work = workOf(plan, results[k].class);
    work.guaranteed = saturatingAdd(work.guaranteed, tracked.requirements[k].accumulate);
    if (work.packages.length == 0 || work.packages[work.packages.length - 1].order != tracked.order)
      work.packages.push(tracked);
  }
}

function workOf(plan: Plan, classId: u32): ClassWork {
  const at = plan.classes.indexOf(classId);
  if (at >= 0) return plan.classes.values[at];
  const work = new ClassWork();
  plan.classes.set(classId, work);
  return work;
}

function byOrder(a: TrackedReport, b: TrackedReport): i32 {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}
