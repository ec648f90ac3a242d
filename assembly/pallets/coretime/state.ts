// Coretime: which Authorizer each core is assigned to, now and in recent blocks, and what one core may use of a block.
//
// Spec: RFC-0031 § Notes on Agile Coretime, § Weight Provisioning; D4, D7. Assignment is by root. A market, Instantaneous
// Coretime and a change of the number of cores are not implemented.
import { StorageMap, StorageValue } from '../../frame';
import { MAX_CORES, RECENT_BLOCKS } from '../../primitives/corejam';
import { none, Option } from '../../scale';

/** What a core is assigned to from a block on. */
@scale()
export class Assignment {
  /** First block whose state has it. */
  since: u32 = 0;
  /** The Authorizer; none leaves the core idle. */
  authId: Option<u32> = none<u32>();
}

/** A report that was Registered on a core. */
@scale()
export class CoreUse {
  /** Block that Registered it. */
  number: u32 = 0;
  /** Assignment that it was Registered under. */
  authId: u32 = 0;
}

/** Why a call of Coretime is refused. */
export enum CoretimeError {
  /** The chain has no core of this index. */
  NoSuchCore,
}

/** Events of Coretime. */
export class CoretimeEvent {
  /** A core was assigned to an Authorizer, or left idle. */
  static Assigned(core: u16, authId: Option<u32>): void {}
}

/** Which Authorizer each core is assigned to. */
@pallet('Coretime', 11, CoretimeError, CoretimeEvent)
export class Coretime {
  /** Number of cores. */
  @genesis()
  @ensure((cores: u16): bool => cores <= <u16>MAX_CORES, 'more cores than the chain can have (512)')
  @storage() static cores: StorageValue<u16>;

  /** Assignments of each core, oldest first: those that recent blocks had, then the current one. */
  @storage(Hasher.Twox64Concat) static assignments: StorageMap<u16, Array<Assignment>>;

  /** Reports of recent blocks on each core, oldest first (D7). */
  @storage(Hasher.Twox64Concat) static uses: StorageMap<u16, Array<CoreUse>>;

  /** For how many blocks a context is Recent, and an assignment is kept. */
  @constant() static readonly recentBlocks: u32 = RECENT_BLOCKS;

  /** Greatest number of cores of a chain. */
  @constant() static readonly maxCores: u32 = MAX_CORES;
}
