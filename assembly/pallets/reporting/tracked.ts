// A package on its way from Registered to taken for accumulation (D31): what the chain needs of it in every block.
// Its report is stored once, at its `order`, and read only when its classes run.
// Spec: § Weight of prune and accumulate.
import { H256, saturatingAdd } from '../../primitives';
import {
  Authorization,
  ItemResult,
  MAX_WORK_ITEMS,
  takingWeight,
  WorkItemWeightRequirements,
  WorkReport,
} from '../../primitives/corejam';
import { encodedLength } from '../../scale';

/** An item of a tracked package. */
@scale() export class TrackedItem {
  classId: u32 = 0;
  /** Guaranteed weight in `accumulate`: its class's requirement when Registered, in picoseconds. */
  accumulate: u64 = 0;
  /** Weight that `refine` used, in picoseconds. */
  refined: u64 = 0;
  /** Length of the item's hash and result in the arguments of `accumulate`, in bytes. */
  length: u32 = 0;
}

/** A Registered package that no class has accumulated yet. */
@scale() export class TrackedPackage {
  hash: H256 = new H256();
  core: u16 = 0;
  /** The block that Registered it. */
  registeredAt: u32 = 0;
  /** Position among all Registered reports. */
  order: u64 = 0;
  /** Weight of its items in `prune`, in picoseconds. */
  prune: u64 = 0;
  /** Length of the encoded authorization in bytes. */
  authorizationLength: u32 = 0;
  /** By item. */
  @bounded(MAX_WORK_ITEMS) items: Array<TrackedItem> = [];

  /** What its core bears in the block that takes it, in picoseconds: guaranteed weight of its items, and the end of the block. */
  takingWeight(): u64 {
    let sum: u64 = 0;
    for (let i = 0; i < this.items.length; i++) sum = saturatingAdd(sum, this.items[i].accumulate);
    return takingWeight(sum);
  }
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

/** Tracks a report, of whose results the classes have these requirements. Its `order` is not set yet. */
export function track(report: WorkReport, requirements: Array<WorkItemWeightRequirements>, now: u32): TrackedPackage {
  const tracked = new TrackedPackage();
  tracked.hash = report.packageSpec.hash;
  tracked.core = report.coreIndex;
  tracked.registeredAt = now;
  tracked.prune = pruneSum(requirements);
  tracked.authorizationLength = encodedLength<Authorization>(report.authorization);
  for (let i = 0; i < report.results.length; i++) {
    const item = new TrackedItem();
    item.classId = report.results[i].class;
    item.accumulate = requirements[i].accumulate;
    item.refined = report.results[i].weight;
    item.length = encodedLength<ItemResult>(ItemResult.of(report.results[i]));
    tracked.items.push(item);
  }
  return tracked;
}

/** Σ prune. */
export function pruneSum(requirements: Array<WorkItemWeightRequirements>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < requirements.length; i++) sum = saturatingAdd(sum, requirements[i].prune);
  return sum;
}

/** `TrackedPackage.takingWeight` of a package whose results have these requirements. */
export function takingSum(requirements: Array<WorkItemWeightRequirements>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < requirements.length; i++) sum = saturatingAdd(sum, requirements[i].accumulate);
  return takingWeight(sum);
}
