// Coretime: the Authorizer of each core, now and in recent blocks, and the share of a block that a core may use.
//
// Spec: RFC-0031 § Notes on Agile Coretime, § Weight Provisioning; D4, D7, D23. Assignment is by root. A market,
// Instantaneous Coretime and a change of the number of cores are not implemented.
import { StorageMap, StorageValue } from '../../frame';
import { MAX_CORES, RECENT_BLOCKS } from '../../primitives/corejam';
import { none, Option } from '../../scale';

/** A core's assignment. */
@scale()
export class Assignment {
  /** First block with this assignment. */
  since: u32 = 0;
  /** The Authorizer; none if the core is idle. */
  authId: Option<u32> = none<u32>();
}

/** A report Registered on a core. */
@scale()
export class CoreUse {
  /** Block that Registered it. */
  number: u32 = 0;
  /** AuthId of the report. */
  authId: u32 = 0;
}

/** Why a call of Coretime is refused. */
export enum CoretimeError {
  /** No core has this index. */
  NoSuchCore,
  /** No Authorizer is registered under this AuthId. */
  NotRegistered,
}

/** Events of Coretime. */
export class CoretimeEvent {
  /** A core was assigned to an Authorizer, or left idle. */
  static Assigned(core: u16, authId: Option<u32>): void {}
}

/** Assignment of cores to Authorizers. */
@pallet('Coretime', 11, CoretimeError, CoretimeEvent)
export class Coretime {
  /** Number of cores. */
  @genesis()
  @ensure((cores: u16): bool => cores <= <u16>MAX_CORES, 'more cores than the chain can have (512)')
  @storage() static cores: StorageValue<u16>;

  /** Assignments of each core in recent blocks, oldest first; the last is the current one. */
  @storage(Hasher.Twox64Concat) static assignments: StorageMap<u16, Array<Assignment>>;

  /** Reports of recent blocks on each core, oldest first (D7). */
  @storage(Hasher.Twox64Concat) static uses: StorageMap<u16, Array<CoreUse>>;

  /** Blocks for which a context is Recent and an assignment is kept. */
  @constant() static readonly recentBlocks: u32 = RECENT_BLOCKS;

  /** Maximum number of cores. */
  @constant() static readonly maxCores: u32 = MAX_CORES;
}
