// Accumulation: at the end of a block, passes each class its results and lets it change its state.
//
// Spec: RFC-0031 § Accumulate, § Soft-Ordering Variant; D16 (when, in which order), D25 (the class's child trie),
// § Weight of prune and accumulate, 1 and 3 to 6. Hard ordering (D29, D31), UMP (D26) and a change of the number of cores (step 7
// of the weights) are not implemented.
import { StorageMap, StorageValue } from '../../frame';
import { Balance, H256, U128 } from '../../primitives';
import { RunOutcome } from '../../primitives/corejam';

/** The size of a class's child trie, and the deposit for it. */
@scale()
export class Footprint {
  /** Entries of the child trie. */
  items: u32 = 0;
  /** Bytes of their keys and values. */
  bytes: u64 = 0;
  /** What the class's account has reserved for them, as of the last checkpoint or the end of the last run. */
  deposit: Balance = U128.zero();
}

/** The result of a class's `accumulate` in this block. */
@scale()
export class RunRecord {
  class: u32 = 0;
  outcome: RunOutcome = RunOutcome.Returned;
  /** In picoseconds. */
  weightUsed: u64 = 0;
}

/** Events of Accumulation. */
export class AccumulationEvent {
  /**
   * A class has received the results of `packages`. Unless it Returned, what it did after its last checkpoint is undone.
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

/** The state of the Work Classes. */
@pallet('Accumulation', 17, AccumulationEvent)
export class Accumulation {
  /** The size of each class's child trie, and the deposit that its account has reserved for it (D25). */
  @storage(Hasher.Twox64Concat) static footprints: StorageMap<u32, Footprint>;

  /** Results of the classes that accumulated in this block, in the order in which they ran. */
  @storage() static runs: StorageValue<Array<RunRecord>>;

  /** Deposit for each entry of a class's child trie. */
  @constant() static readonly depositPerItem: Balance = U128.from(1_000_000_000);

  /** Additional deposit for each byte of its keys and values. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);

  /** Greatest length of a class's key in bytes, without the hash that precedes it in the trie. */
  @constant() static readonly keyBytesMax: u32 = 256;
}
