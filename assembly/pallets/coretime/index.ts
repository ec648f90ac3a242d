/**
 * Coretime: which Authorizer each core is assigned to, now and in the last blocks, and what one core may use of a block.
 *
 * Spec: RFC-0031 § Notes on Agile Coretime, § Weight Provisioning; D4, D7.
 * Assignment is by root. A market, Instantaneous Coretime and a change of the number of cores are not here yet.
 */
import { MAX_BLOCK_WEIGHT_PS } from '../../primitives';
import { CORES_SHARE_PERCENT, MAX_CORES, RECENT_BLOCKS } from '../../primitives/corejam';
import { Option, none } from '../../scale';
import { DispatchResult, OK, Root, StorageMap, StorageValue } from '../../frame';
import { JsonReader } from '../../json';
import { System } from '../system';

/** What a core is assigned to from a block on. */
@scale() export class Assignment {
  /** The first block whose state says so. */
  since: u32 = 0;
  /** The Authorizer; none leaves the core idle. */
  authId: Option<u32> = none<u32>();
}

/** A report that was Registered on a core. */
@scale() export class CoreUse {
  /** In which block. */
  number: u32 = 0;
  /** On account of which assignment. */
  authId: u32 = 0;
}

/** What Coretime refuses. */
export enum CoretimeError {
  /** There are not as many cores. */
  NoSuchCore,
}

export class CoretimeEvent {
  /** A core is assigned to an Authorizer, or to nobody. */
  static Assigned(core: u16, authId: Option<u32>): void {}
}

@pallet('Coretime', 11, CoretimeError, CoretimeEvent)
export class Coretime {
  /** How many cores there are. */
  @storage() static cores: StorageValue<u16>;

  /** The present assignment of each core behind those that recent blocks had, oldest first. */
  @storage(Hasher.Twox64Concat) static assignments: StorageMap<u16, Array<Assignment>>;

  /** The reports of recent blocks on each core, oldest first (D7). */
  @storage(Hasher.Twox64Concat) static uses: StorageMap<u16, Array<CoreUse>>;

  /** For how many blocks a context is Recent, and an assignment remembered. */
  @constant() static readonly recentBlocks: u32 = RECENT_BLOCKS;

  /** Most cores of a chain. */
  @constant() static readonly maxCores: u32 = MAX_CORES;

  /** Assign a core to an Authorizer from this block's state on, or to nobody. */
  @call(0, 60_000_000)
  static assign(_origin: Root, core: u16, authId: Option<u32>): DispatchResult {
    if (core >= Coretime.cores.get()) return CoretimeError.NoSuchCore;
    const now = System.number.get();
    const history = Coretime.assignments.get(core);
    const kept = new Array<Assignment>();
    for (let i = 0; i < history.length; i++) {
      // Superseded at `end`: no block from `end` on had it. Contexts and shares look back RECENT_BLOCKS at most.
      const end = i + 1 < history.length ? history[i + 1].since : now;
      if (now - end < RECENT_BLOCKS && history[i].since != now) kept.push(history[i]);
    }
    const assignment = new Assignment();
    assignment.since = now;
    assignment.authId = authId;
    kept.push(assignment);
    Coretime.assignments.set(core, kept);
    CoretimeEvent.Assigned(core, authId);
    return OK;
  }

  /** What `core` is assigned to in the state of block `number`, one of the last RECENT_BLOCKS. */
  static assignedAt(core: u16, number: u32): Option<u32> {
    return assignedIn(Coretime.assignments.get(core), number);
  }

  /** Whether one more report on account of `authId` exceeds that assignment's share of the last 16 blocks (D7). */
  static isShareExhausted(core: u16, authId: u32): bool {
    const now = System.number.get();
    const history = Coretime.assignments.get(core);
    let share = 0;
    for (let back: u32 = 0; back < RECENT_BLOCKS && back <= now; back++) {
      const assigned = assignedIn(history, now - back);
      if (assigned.isSome && assigned.value == authId) share++;
    }
    const uses = Coretime.uses.get(core);
    let used = 0;
    for (let i = 0; i < uses.length; i++) {
      if (now - uses[i].number < RECENT_BLOCKS && uses[i].authId == authId) used++;
    }
    return used + 1 > share;
  }

  /** Notes a report Registered in this block. */
  static noteUse(core: u16, authId: u32): void {
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

  /** `weight_per_package`: what the items of one core may use of a block on-chain (D4), in picoseconds. */
  static weightPerPackage(): u64 {
    const cores = <u64>Coretime.cores.get();
    return cores == 0 ? 0 : ((MAX_BLOCK_WEIGHT_PS / 100) * CORES_SHARE_PERCENT) / cores;
  }

  /** Reads `{ "cores": 3 }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'cores') {
        json.fail('unknown; expected "cores"');
        return;
      }
      const cores = json.readU32();
      if (cores > <u32>MAX_CORES) json.fail('more cores than the chain can have (512)');
      else Coretime.cores.set(<u16>cores);
    }
  }
}

/** The last assignment that began at or before block `number`. */
function assignedIn(history: Array<Assignment>, number: u32): Option<u32> {
  for (let i = history.length - 1; i >= 0; i--) {
    if (history[i].since <= number) return history[i].authId;
  }
  return none<u32>();
}
