// A report on its way from Registered to taken for accumulation. Spec: § Weight of prune and accumulate.
import { H256, saturatingAdd } from '../../primitives';
import { MAX_WORK_ITEMS, WorkItemWeightRequirements, WorkReport } from '../../primitives/corejam';

/** A report, with the weights of its classes. */
@scale() export class TrackedReport {
  report: WorkReport = new WorkReport();
  /** Requirements of each result's class when Registered. */
  @bounded(MAX_WORK_ITEMS) requirements: Array<WorkItemWeightRequirements> = [];
  /** The block that Registered it. */
  registeredAt: u32 = 0;
  /** Position among all Registered reports. */
  order: u64 = 0;

  /** Weight of its items in `prune`, in picoseconds. */
  pruneWeight(): u64 {
    return pruneSum(this.requirements);
  }

  /** Guaranteed weight of its items in `accumulate`, in picoseconds. */
  accumulateWeight(): u64 {
    return accumulateSum(this.requirements);
  }
}

/** A core with a pending report. */
@scale() export class Occupation {
  core: u16 = 0;
  /** The block that Registered the report. */
  since: u32 = 0;
  /** Prune weight of the report in that block. */
  prune: u64 = 0;
}

/** Stages of a package. */
export enum Stage {
  Registered,
  Available,
  TimedOut,
  Accumulated,
  Discarded,
}

/** A stage that a package reached in this block. */
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
