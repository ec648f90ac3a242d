// Shares of an assignment: of recent blocks (D7), and of the weight of one block (D4).
import { CORES_SHARE_PERCENT, weightShare } from '../../primitives/block-space';
import { RECENT_BLOCKS } from '../../primitives/corejam';
import { none, Option, some } from '../../scale';
import { System } from '../system';
import { assignedIn } from './assignments';
import { Coretime, CoreUse } from './state';

/** Whether one more report under `authId` in this block exceeds that assignment's share of recent blocks (D7). */
export function isShareExhausted(core: u16, authId: u32): bool {
  return shareLeft(core, authId, System.number.get()) == 0;
}

/**
 * How many more reports under `authId` can be Registered in block `number`, which is this one or the next: as many as
 * it has of the last RECENT_BLOCKS, without those that are Registered in them (D7).
 */
export function shareLeft(core: u16, authId: u32, number: u32): u32 {
  const history = Coretime.assignments.get(core);
  let share: u32 = 0;
  for (let back: u32 = 0; back < RECENT_BLOCKS && back <= number; back++) {
    const assigned = assignedIn(history, number - back);
    if (assigned.isSome && assigned.value == authId) share++;
  }
  const uses = Coretime.uses.get(core);
  let used: u32 = 0;
  for (let i = 0; i < uses.length; i++) {
    if (number - uses[i].number < RECENT_BLOCKS && uses[i].authId == authId) used++;
  }
  return used < share ? share - used : 0;
}

/** Records a report Registered in this block. */
export function noteUse(core: u16, authId: u32): void {
  const now = System.number.get();
  const uses = Coretime.uses.get(core);
  const kept = new Array<CoreUse>();
  for (let i = 0; i < uses.length; i++) if (now - uses[i].number < RECENT_BLOCKS) kept.push(uses[i]);
  const use = new CoreUse();
  use.number = now;
  use.authId = authId;
  kept.push(use);
  Coretime.uses.set(core, kept);
}

/** The block in which a report on `core` was last Registered; none if there was no report. */
export function lastUse(core: u16): Option<u32> {
  const uses = Coretime.uses.get(core);
  // Older uses are removed only when a newer one is recorded, so that the last one is always here.
  return uses.length == 0 ? none<u32>() : some<u32>(uses[uses.length - 1].number);
}

/** `weight_per_package`: on-chain weight that one core's items may use in a block (D4), in picoseconds. */
export function weightPerPackage(): u64 {
  const cores = <u64>Coretime.cores.get();
  return cores == 0 ? 0 : weightShare(CORES_SHARE_PERCENT) / cores;
}
