/**
 * Accumulation: at the end of a block, gives each class the results that are its own and lets it change its state.
 *
 * Spec: RFC-0031 § Accumulate, § Soft-Ordering Variant; D16 (when, in which order), D25 (the class's child trie),
 * § Weight of prune and accumulate, 1 and 3 to 6.
 * `plan.ts` decides what is taken and with how much weight, `hostcalls.ts` serves the running guest, `work-storage.ts` keeps
 * a class's state within its deposit. Hard ordering (D29, D31), UMP (D26) and a change of the number of cores (step 7 of the
 * weights) are not here yet.
 */
import { Balance, H256, saturatingAdd, saturatingSub, U128 } from '../../primitives';
import { Authorization, WorkResult } from '../../primitives/corejam';
import { markMemory, resetMemory } from '../../rt';
import { Bytes, encode, Tuple2 } from '../../scale';
import { beginTransaction, commitTransaction, rollbackTransaction } from '../../io';
import { StorageMap, StorageValue } from '../../frame';
import { Reporting, Stage, TrackedReport } from '../reporting';
import { runClass, RunningEntry, RunOutcome } from '../work-classes';
import { ClassWork, planBlock } from './plan';
import { Footprint, settleDeposit } from './work-storage';

export { GuestCalls } from './hostcalls';
export { ServiceCalls } from './service-calls';
export { Footprint, workTrie } from './work-storage';

/** What came of a class's `accumulate` in this block. */
@scale() export class RunRecord {
  class: u32 = 0;
  outcome: RunOutcome = RunOutcome.Returned;
  weightUsed: u64 = 0;
}

export class AccumulationEvent {
  /**
   * A class has seen the results of `packages`. Unless it Returned, what it did after its last checkpoint is undone.
   * Weights are in picoseconds.
   */
  static Accumulated(
    class_: u32,
    packages: Array<H256>,
    outcome: RunOutcome,
    weightUsed: u64,
    weightGiven: u64,
    checkpoints: u32,
  ): void {}
}

@pallet('Accumulation', 17, AccumulationEvent)
export class Accumulation {
  /** What each class keeps in its child trie, and the deposit that its account has reserved for it (D25). */
  @storage(Hasher.Twox64Concat) static footprints: StorageMap<u32, Footprint>;

  /** What came of the classes that accumulated in this block, in the order in which they ran. */
  @storage() static runs: StorageValue<Array<RunRecord>>;

  /** What each entry of a class's child trie reserves of the class's account. */
  @constant() static readonly depositPerItem: Balance = U128.from(1_000_000_000);

  /** What each byte of its keys and values reserves besides. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);

  /** The longest key of a class's, the hash that precedes it in the trie left out. */
  @constant() static readonly keyBytesMax: u32 = 256;

  /** Starts a block. */
  static onInitialize(_number: u32): u64 {
    Accumulation.runs.remove();
    return 10_000_000;
  }

  /** Weight to reserve for prune and accumulate, once this block's inherents are in (step 6). */
  static afterInherents(number: u32): u64 {
    return planBlock(number).weight;
  }

  /** Takes packages and lets their classes accumulate, in ascending order of class (D16). */
  static onFinalize(number: u32): void {
    const plan = planBlock(number);
    for (let i = 0; i < plan.cores.length; i++) Reporting.setQueue(plan.cores[i], plan.queues[i]);
    for (let i = 0; i < plan.taken.length; i++) Reporting.note(plan.taken[i], Stage.Accumulated);
    const records = new Array<RunRecord>();
    for (let i = 0; i < plan.classes.size; i++) records.push(new RunRecord());
    let left: u64 = 0;
    for (let i = 0; i < plan.classes.size; i++) {
      const work = plan.classes.values[i];
      // Step 4: what the classes before it left unused is this one's too.
      const budget = saturatingAdd(saturatingAdd(work.guaranteed, work.surplus), left);
      accumulate(plan.classes.keys[i], work, budget, records[i]);
      left = saturatingSub(budget, records[i].weightUsed);
    }
    if (records.length > 0) Accumulation.runs.set(records);
  }
}

/** Runs one class; what it did stands up to its last checkpoint, all of it when it returned. */
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
  resetMemory(mark); // the class's code and arguments, megabytes at worst: from here on numbers alone are used
  record.class = classId;
  record.outcome = outcome;
  record.weightUsed = weightUsed;
  const packages = new Array<H256>();
  for (let i = 0; i < work.packages.length; i++) packages.push(work.packages[i].report.packageSpec.hash);
  AccumulationEvent.Accumulated(classId, packages, outcome, weightUsed, budget, checkpoints);
}

/** The arguments of `accumulate`: by package its authorization, and those of its results that are the class's. */
function argumentsOf(classId: u32, packages: Array<TrackedReport>): Bytes {
  const groups = new Array<Tuple2<Authorization, Array<Tuple2<H256, WorkResult>>>>();
  for (let i = 0; i < packages.length; i++) {
    const report = packages[i].report;
    const results = new Array<Tuple2<H256, WorkResult>>();
    for (let k = 0; k < report.results.length; k++) {
      if (report.results[k].class != classId) continue;
      results.push(new Tuple2<H256, WorkResult>(report.results[k].itemHash, report.results[k]));
    }
    groups.push(new Tuple2<Authorization, Array<Tuple2<H256, WorkResult>>>(report.authorization, results));
  }
  return encode<Array<Tuple2<Authorization, Array<Tuple2<H256, WorkResult>>>>>(groups);
}
