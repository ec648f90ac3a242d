// What each core has, for the checks of the reports of a block: read once, then answered by index.
// Spec: D15 (one pending report a core); § Weight of prune and accumulate, 2; D34 (cores that are kept).
import { saturatingAdd } from '../../primitives';
import { TrackedPackage } from './tracked';

/** Packages that may wait in a core's queue before it takes no more reports (step 2). */
const QUEUE_MAX: u32 = 2;

/** The cores' pending packages and queues. */
export class Occupancy {
  private occupied: StaticArray<bool>;
  private queued: StaticArray<u32>;
  /** `takingWeight` of the head of each queue. */
  private heads: StaticArray<u64>;
  /** `prune` of the report that a core is kept for in the next block. */
  private kept: StaticArray<u64>;

  constructor(cores: u16, pending: Array<TrackedPackage>, ready: Array<TrackedPackage>) {
    this.occupied = new StaticArray<bool>(cores);
    this.queued = new StaticArray<u32>(cores);
    this.heads = new StaticArray<u64>(cores);
    this.kept = new StaticArray<u64>(cores);
    for (let i = 0; i < pending.length; i++) this.occupied[pending[i].core] = true;
    for (let i = 0; i < ready.length; i++) {
      const core = ready[i].core;
      if (this.queued[core]++ == 0) this.heads[core] = ready[i].takingWeight();
    }
  }

  /** Whether a core has a pending report. */
  isOccupied(core: u16): bool {
    return this.occupied[core];
  }

  /** Records that a core has a pending report. */
  occupy(core: u16): void {
    this.occupied[core] = true;
  }

  /** Whether a core's queue refuses a report of this prune weight, for a core's weight `limit` (step 2). */
  isBusy(core: u16, prune: u64, limit: u64): bool {
    if (this.queued[core] >= QUEUE_MAX) return true;
    return this.queued[core] != 0 && saturatingAdd(prune, this.heads[core]) > limit;
  }

  /** Keeps a core in the next block for a report of this prune weight, unless it is kept for another one. */
  keep(core: u16, prune: u64): void {
    if (this.kept[core] == 0) this.kept[core] = prune;
  }

  /** Whether a report of this `takingSum`, at the head of the queue, leaves room for the one that the core is kept for. */
  leavesRoom(core: u16, taking: u64, limit: u64): bool {
    return saturatingAdd(this.kept[core], taking) <= limit;
  }
}
