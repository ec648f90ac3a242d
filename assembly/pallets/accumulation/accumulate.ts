// Takes packages from the queues at the end of a block and runs their classes. Spec: RFC-0031 § Accumulate; D16.
import { beginTransaction, commitTransaction, rollbackTransaction } from '../../io';
import { H256, saturatingAdd, saturatingSub } from '../../primitives';
import { ItemResult, PackageResults, RunOutcome } from '../../primitives/corejam';
import { markMemory, resetMemory } from '../../rt';
import { Bytes, encode } from '../../scale';
import { noteStage, setQueue, Stage, TrackedReport } from '../reporting';
import { runClass, RunningEntry } from '../work-classes';
import { ClassWork, planBlock } from './plan';
import { Accumulation, AccumulationEvent, RunRecord } from './state';
import { settleDeposit } from './work-storage';

/** Takes packages and runs `accumulate` of their classes, in ascending order of class id (D16). */
export function accumulateBlock(number: u32): void {
  const plan = planBlock(number);
  for (let i = 0; i < plan.cores.length; i++) setQueue(plan.cores[i], plan.queues[i]);
  for (let i = 0; i < plan.taken.length; i++) noteStage(plan.taken[i], Stage.Accumulated);
  const records = new Array<RunRecord>();
  for (let i = 0; i < plan.classes.size; i++) records.push(new RunRecord());
  let left: u64 = 0;
  for (let i = 0; i < plan.classes.size; i++) {
    const work = plan.classes.values[i];
    // Step 4: a class may also use what the classes before it left unused.
    const budget = saturatingAdd(saturatingAdd(work.guaranteed, work.surplus), left);
    accumulate(plan.classes.keys[i], work, budget, records[i]);
    left = saturatingSub(budget, records[i].weightUsed);
  }
  if (records.length > 0) Accumulation.runs.set(records);
}

/** Runs one class. Its changes are kept if it returns, otherwise only those up to its last checkpoint. */
function accumulate(classId: u32, work: ClassWork, budget: u64, record: RunRecord): void {
  const mark = markMemory();
  beginTransaction();
  const run = runClass(classId, RunningEntry.Accumulate, argumentsOf(classId, work.packages), budget);
  const answered = run.outcome == RunOutcome.Returned;
  const outcome = answered && run.output.length != 0 ? RunOutcome.Malformed : run.outcome;
  if (outcome == RunOutcome.Returned) {
    settleDeposit(classId);
    commitTransaction();
  } else {
    rollbackTransaction();
  }
  const weightUsed = run.weightUsed;
  const checkpoints = run.checkpoints;
  resetMemory(mark); // frees code and arguments, up to megabytes: only numbers are used below
  record.class = classId;
  record.outcome = outcome;
  record.weightUsed = weightUsed;
  const packages = new Array<H256>();
  for (let i = 0; i < work.packages.length; i++) packages.push(work.packages[i].report.packageSpec.hash);
  AccumulationEvent.Accumulated(classId, packages, outcome, weightUsed, budget, checkpoints);
}

/** The arguments of `accumulate`: the results of each package that belong to the class. */
function argumentsOf(classId: u32, packages: Array<TrackedReport>): Bytes {
  const groups = new Array<PackageResults>();
  for (let i = 0; i < packages.length; i++) {
    const report = packages[i].report;
    const group = new PackageResults();
    group.authorization = report.authorization;
    for (let k = 0; k < report.results.length; k++) {
      if (report.results[k].class != classId) continue;
      const item = new ItemResult();
      item.itemHash = report.results[k].itemHash;
      item.result = report.results[k];
      group.items.push(item);
    }
    groups.push(group);
  }
  return encode<Array<PackageResults>>(groups);
}
