// Takes packages from the queues at the end of a block and runs their classes, slice by slice.
// Spec: RFC-0031 § Accumulate; D16, D37.
import { beginTransaction, commitTransaction, rollbackTransaction } from '../../io';
import { saturatingAdd, saturatingSub } from '../../primitives';
import { ItemResult, PackageResults, RunOutcome, WorkReport } from '../../primitives/corejam';
import { markMemory, resetMemory } from '../../rt';
import { BTreeMap, Bytes, encode } from '../../scale';
import { noteStage, Reporting, Stage, TrackedPackage } from '../reporting';
import { ClassCode, loadCode, runCode, RunningEntry } from '../work-classes';
import { ClassWork, planBlock } from './plan';
import { surplusShares } from './slices';
import { Accumulation, AccumulationEvent, RunRecord } from './state';
import { settleDeposit } from './work-storage';

/** The reports of packages, by order. */
type Reports = BTreeMap<u64, WorkReport>;

/** Takes packages and runs `accumulate` of their classes, in ascending order of class id (D16). */
export function accumulateBlock(number: u32): void {
  const plan = planBlock(number);
  if (plan.taken.length == 0) return;
  if (plan.left.length == 0) Reporting.ready.remove();
  else Reporting.ready.set(plan.left);
  for (let i = 0; i < plan.taken.length; i++) noteStage(plan.taken[i], Stage.Accumulated);
  const reports = reportsOf(plan.taken);
  let left: u64 = 0;
  for (let i = 0; i < plan.classes.size; i++)
    left = runSlices(plan.classes.keys[i], plan.classes.values[i], reports, left);
  for (let i = 0; i < plan.taken.length; i++) Reporting.reports.remove(plan.taken[i].order);
}

/**
 * Reads each report once, however many classes its items have. That takes memory in proportion to the packages taken, of
 * which Reporting bounds the number and the lengths; arguments and what a guest returns are freed after each slice.
 */
function reportsOf(packages: Array<TrackedPackage>): Reports {
  const reports = new BTreeMap<u64, WorkReport>();
  for (let i = 0; i < packages.length; i++) {
    const report = Reporting.reports.get(packages[i].order);
    if (report == null) throw new Error('accumulation: a tracked package without a report');
    reports.set(packages[i].order, report);
  }
  return reports;
}

/**
 * Runs a class's slices. Each has its guarantee, its share of the class's surplus, and what slices and classes before it
 * left unused (step 4, D37). Returns what the last one leaves.
 */
function runSlices(classId: u32, work: ClassWork, reports: Reports, given: u64): u64 {
  const mark = markMemory();
  const code = loadCode(classId);
  const shares = surplusShares(work.slices, work.surplus);
  let left = given;
  for (let i = 0; i < work.slices.length; i++) {
    const slice = work.slices[i];
    const budget = saturatingAdd(saturatingAdd(slice.guaranteed, shares[i]), left);
    left = saturatingSub(budget, runSlice(classId, code, slice.packages, reports, budget));
  }
  resetMemory(mark);
  return left;
}

/** Length of the result of `accumulate`, which is `()`. */
const UNIT_BYTES: u32 = 0;

/**
 * Runs one slice, in a transaction of its own: its changes are kept if it returns, otherwise only those up to its last
 * checkpoint. Returns the weight used.
 */
function runSlice(
  classId: u32,
  code: ClassCode | null,
  packages: Array<TrackedPackage>,
  reports: Reports,
  budget: u64,
): u64 {
  const mark = markMemory();
  const record = new RunRecord();
  record.classId = classId;
  for (let i = 0; i < packages.length; i++) record.packages.push(packages[i].hash);
  beginTransaction();
  const args = argumentsOf(classId, packages, reports);
  const run = runCode(classId, code, RunningEntry.Accumulate, args, budget, UNIT_BYTES);
  record.outcome = run.outcome;
  record.weightUsed = run.weightUsed;
  if (record.outcome == RunOutcome.Returned) {
    settleDeposit(classId);
    commitTransaction();
  } else {
    rollbackTransaction();
  }
  Accumulation.runs.appendEncoded(encode<RunRecord>(record));
  const weightUsed = run.weightUsed;
  AccumulationEvent.Accumulated(classId, record.packages, record.outcome, weightUsed, budget, run.checkpoints);
  resetMemory(mark); // of arguments, some hundred KiB a slice
  return weightUsed;
}

/** The arguments of `accumulate`: the results of each package that belong to the class. */
function argumentsOf(classId: u32, packages: Array<TrackedPackage>, reports: Reports): Bytes {
  const groups = new Array<PackageResults>();
  for (let i = 0; i < packages.length; i++) {
    const report = reports.get(packages[i].order);
    const group = new PackageResults();
    group.authorization = report.authorization;
    for (let k = 0; k < report.results.length; k++) {
      if (report.results[k].class == classId) group.items.push(ItemResult.of(report.results[k]));
    }
    groups.push(group);
  }
  return encode<Array<PackageResults>>(groups);
}
