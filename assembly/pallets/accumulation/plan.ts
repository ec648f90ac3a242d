// Plans the accumulation of a block: which packages are taken, in which slices they are passed to their classes, and
// how much weight each slice has. It reads two lists of packages, and no report.
// Spec: § Weight of prune and accumulate, 1 (taking), 3 (surplus), 4 (guarantees), 6 (the reserved sum), 8 (slices); D37.
import { saturatingAdd, saturatingSub, U128 } from '../../primitives';
import { BTreeMap } from '../../scale';
import { weightPerPackage } from '../coretime';
import { Reporting, TrackedPackage } from '../reporting';
import { addToSlices, Slice } from './slices';

/** One class's part of a block. */
export class ClassWork {
  /** Sum of its shares of the cores' unused weight. */
  surplus: u64 = 0;
  slices: Array<Slice> = [];
}

/** The plan of a block. */
class Plan {
  /** By class id, ascending. */
  classes: BTreeMap<u32, ClassWork> = new BTreeMap<u32, ClassWork>();
  /** The packages taken, in Registered order. */
  taken: Array<TrackedPackage> = [];
  /** The others, as `Reporting.ready` has them. */
  left: Array<TrackedPackage> = [];
  /** Weight of prune and of the packages taken in this block, in picoseconds. */
  weight: u64 = 0;
  /** Number of packages that await availability. */
  pending: u32 = 0;
}

/** Plans block `now` from the queues, without changing them. */
export function planBlock(now: u32): Plan {
  const plan = new Plan();
  const limit = weightPerPackage();
  const pending: Array<TrackedPackage> = Reporting.pending.get();
  const ready: Array<TrackedPackage> = Reporting.ready.get();
  plan.pending = <u32>pending.length;
  let at = 0;
  for (let i = 0; i < pending.length; i++) {
    const core = pending[i].core;
    while (at < ready.length && ready[at].core < core) at = takeFromCore(plan, ready, at, 0, limit);
    if (pending[i].registeredAt != now) continue;
    const pruneNew = pending[i].prune;
    plan.weight = saturatingAdd(plan.weight, pruneNew);
    if (at < ready.length && ready[at].core == core) at = takeFromCore(plan, ready, at, pruneNew, limit);
  }
  while (at < ready.length) at = takeFromCore(plan, ready, at, 0, limit);
  plan.taken.sort(byOrder);
  for (let i = 0; i < plan.taken.length; i++) addToClasses(plan, plan.taken[i]);
  return plan;
}

/**
 * Takes packages from the head of the queue that begins at `start` while they fit, and distributes the core's remaining
 * weight. Returns where the next core's queue begins.
 */
function takeFromCore(plan: Plan, ready: Array<TrackedPackage>, start: i32, pruneNew: u64, limit: u64): i32 {
  const core = ready[start].core;
  let used = pruneNew;
  let ownPrune: u64 = 0;
  let taking: u64 = 0;
  let end = start;
  for (; end < ready.length && ready[end].core == core; end++) {
    const weight = ready[end].takingWeight();
    const next = saturatingAdd(used, weight);
    // One that weighs more than a core has, since an upgrade changed weights after it was Registered, is taken by itself.
    if (next > limit && (end > start || pruneNew != 0)) break;
    used = next;
    taking = saturatingAdd(taking, weight);
    ownPrune = saturatingAdd(ownPrune, ready[end].prune);
    plan.taken.push(ready[end]);
  }
  if (end > start) {
    const unused = saturatingSub(saturatingSub(limit, max(pruneNew, ownPrune)), taking);
    plan.weight = saturatingAdd(plan.weight, saturatingAdd(taking, shareSurplus(plan, ready, start, end, unused)));
  }
  for (; end < ready.length && ready[end].core == core; end++) plan.left.push(ready[end]);
  return end;
}

/**
 * Distributes `surplus` among the classes of the packages from `start` to `end` by the items' `refine` weight, or by
 * number if that is zero; the lowest id gets the rest. Returns what was distributed: nothing if there are no items.
 */
function shareSurplus(plan: Plan, ready: Array<TrackedPackage>, start: i32, end: i32, surplus: u64): u64 {
  const refined = new BTreeMap<u32, U128>();
  const counts = new BTreeMap<u32, u64>();
  let total = U128.zero();
  let number: u64 = 0;
  for (let i = start; i < end; i++) {
    const items = ready[i].items;
    for (let k = 0; k < items.length; k++) {
      const classId = items[k].classId;
      const weight = U128.from(items[k].refined);
      refined.set(classId, refined.has(classId) ? refined.get(classId).add(weight) : weight);
      counts.set(classId, counts.has(classId) ? counts.get(classId) + 1 : 1);
      total = total.add(weight);
      number++;
    }
  }
  if (number == 0) return 0;
  let rest = surplus;
  for (let i = 0; i < refined.size; i++) {
    const share = total.isZero()
      ? U128.product(surplus, counts.values[i]).div(U128.from(number)).toU64()
      : U128.from(surplus).mul(refined.values[i]).div(total).toU64();
    const work = workOf(plan, refined.keys[i]);
    work.surplus = saturatingAdd(work.surplus, share);
    rest -= share;
  }
  const lowest = workOf(plan, refined.keys[0]);
  lowest.surplus = saturatingAdd(lowest.surplus, rest);
  return surplus;
}

/** Adds a package to the slices of each of its classes. */
function addToClasses(plan: Plan, tracked: TrackedPackage): void {
  const items = tracked.items;
  for (let k = 0; k < items.length; k++) {
    let isFirst = true;
    for (let j = 0; j < k && isFirst; j++) isFirst = items[j].classId != items[k].classId;
    if (isFirst) addToSlices(workOf(plan, items[k].classId).slices, tracked, items[k].classId);
  }
}

function workOf(plan: Plan, classId: u32): ClassWork {
  const at = plan.classes.indexOf(classId);
  if (at >= 0) return plan.classes.values[at];
  const work = new ClassWork();
  plan.classes.set(classId, work);
  return work;
}

function byOrder(a: TrackedPackage, b: TrackedPackage): i32 {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}
