// A report on its way from Registered to taken for accumulation. Spec: § Weight of prune and accumulate.
import { H256, saturatingAdd } from '../../primitives';
import { MAX_WORK_ITEMS, WorkItemWeightRequirements, WorkReport } from '../../primitives/corejam';

/** A report, and what it was promised when it was Registered. */
@scale() export class TrackedReport {
  report: WorkReport = new WorkReport();
  /** The requirements of each result's class in the block that Registered it: later changes don't touch it. */
  @bounded(MAX_WORK_ITEMS) requirements: Array<WorkItemWeightRequirements> = [];
  /** The block that Registered it. */
  registeredAt: u32 = 0;
  /** Its place among all reports ever Registered. */
  order: u64 = 0;

  /** Weight that its items may use to `prune`. */
  pruneWeight(): u64 {
    return pruneSum(this.requirements);
  }

  /** Weight that its items are promised to `accumulate`. */
  accumulateWeight(): u64 {
    return accumulateSum(this.requirements);
  }
}

/** A core whose report waits for availability. */
@scale() export class Occupation {
  core: u16 = 0;
  /** The block that Registered the report. */
  since: u32 = 0;
  /** What the report's items may use to prune, in that block. */
  prune: u64 = 0;
}

/** Stages of a package, as `CoreJamApi.progress` tells them. */
export enum Stage {
  Registered,
  Available,
  TimedOut,
  Accumulated,
  Discarded,
}

/** Something that happened to a package in this block. */
@scale() export class Progress {
  packageHash: H256 = new H256();
  core: u16 = 0;
  @member(Stage) stage: u8 = 0;
}

/** Σ prune. */
export function pruneSum(requirements: Array<WorkItemWeightRequirements>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < requirements.length; i++) sum = saturatingAdd(sum, requirements[i].prune);
  return sum;
}

/** Σ accumulate. */
export function accumulateSum(requirements: Array<WorkItemWeightRequirements>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < requirements.length; i++) sum = saturatingAdd(sum, requirements[i].accumulate);
  return sum;
}
