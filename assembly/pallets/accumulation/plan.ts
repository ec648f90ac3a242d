// Plans the accumulation of a block: which packages are taken, and how much weight each class has.
// Spec: § Weight of prune and accumulate, 1 (taking), 3 (surplus), 4 (budgets).
import { saturatingAdd, saturatingSub, U128 } from '../../primitives';
import { BTreeMap } from '../../scale';
import { weightPerPackage } from '../coretime';
import { Reporting, TrackedReport } from '../reporting';

/** One class's part of a block. */
export class ClassWork {
  /** Sum of the `accumulate` requirements of its results. */
  guaranteed: u64 = 0;
  /** Sum of its shares of the cores' unused weight. */
  surplus: u64 = 0;
  /** The packages that have a result of this class. */
  packages: Array<TrackedReport> = [];
}

/** The plan of a block. */
class Plan {
  /** By class id, ascending. */
  classes: BTreeMap<u32, ClassWork> = new BTreeMap<u32, ClassWork>();
  /** The packages taken, in Registered order. */
  taken: Array<TrackedReport> = [];
  /** The cores from which packages were taken, and the rest of their queues. */
  cores: Array<u16> = [];
  queues: Array<Array<TrackedReport>> = [];
  /** Weight of prune and accumulate in this block, in picoseconds. */
  weight: u64 = 0;
}

/** Plans block `now` from the queues, without changing them. */
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

/** Prune weight of the reports Registered in this block, by core: deducted before packages are taken. */
function newPrunes(now: u32): BTreeMap<u16, u64> {
  const prunes = new BTreeMap<u16, u64>();
  const occupied = Reporting.occupied.get();
  for (let i = 0; i < occupied.length; i++) {
    if (occupied[i].since == now) prunes.set(occupied[i].core, occupied[i].prune);
  }
  return prunes;
}

/** Takes packages from the head of a core's queue while they fit, and distributes the core's remaining weight. */
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

/** Distributes `surplus` by the items' `refine` weight, or by number if that is zero; the lowest id gets the rest. */
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
  if (items == 0) return; // packages without items
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
