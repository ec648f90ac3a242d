// Accumulation: passes each class its results at the end of a block, and applies the class's changes of state.
//
// Spec: RFC-0031 § Accumulate, § Soft-Ordering Variant; D16 (when, in which order), D25 (the class's child trie),
// § Weight of prune and accumulate, 1, 3 to 6 and 8; D37 (slices). Hard ordering (D29, D31), UMP (D26) and a change of the number of
// cores (step 7 of the weights) are not implemented.
import { StorageMap, StorageValue } from '../../frame';
import { Balance, H256, U128 } from '../../primitives';
import { RunOutcome } from '../../primitives/corejam';

/** A class's child trie: size and deposit. */
@scale()
export class Footprint {
  /** Number of entries. */
  items: u32 = 0;
  /** Length of keys and values in bytes. */
  bytes: u64 = 0;
  /**
   * Due: each change of the trie adds or subtracts what it costs at the time of the change. Held as of the last checkpoint
   * or the end of the last run (`Balances.Holds`).
   */
  deposit: Balance = U128.zero();
}

/** A class's run of `accumulate` on one slice of its results (D37). */
@scale()
export class RunRecord {
  classId: u32 = 0;
  /** The packages of the slice, in Registered order. */
  packages: Array<H256> = [];
  outcome: RunOutcome = RunOutcome.Returned;
  /** In picoseconds. */
  weightUsed: u64 = 0;
}

/** Events of Accumulation. */
export class AccumulationEvent {
  /**
   * A class accumulated a slice of its results, those of `packages` (D37). Unless it Returned, changes after its last
   * checkpoint are undone. Weights are in picoseconds.
   */
  static Accumulated(
    classId: u32,
    packages: Array<H256>,
    outcome: RunOutcome,
    weightUsed: u64,
    weightGiven: u64,
    checkpoints: u32,
  ): void {}
}

/** Accumulation by Work Classes. */
@pallet('Accumulation', 17, AccumulationEvent)
export class Accumulation {
  /** Each class's child trie: size and deposit (D25). */
  @storage(Hasher.Twox64Concat) static footprints: StorageMap<u32, Footprint>;

  /** Runs of `accumulate` in this block, in order. */
  @storage() static runs: StorageValue<Array<RunRecord>>;

  /** Deposit per entry of a class's child trie. */
  @constant() static readonly depositPerItem: Balance = U128.from(1_000_000_000);

  /** Additional deposit per byte of keys and values. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);

  /** Maximum length of a class's key in bytes, without its hash. */
  @constant() static readonly keyBytesMax: u32 = 256;
}
