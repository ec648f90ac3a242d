// Validators: who refines, attests and keeps shards, in an order that all nodes agree on.
//
// Spec: D13 (groups), D32 (a context of an earlier set is refused: `sessionStart`). The set is that of genesis; sessions, which
// replace it, are not implemented. So the groups of a past block need no record: they follow from the set, the number of cores
// and the block's number.
import { StorageValue } from '../../frame';
import { Sr25519Public } from '../../primitives';

const MAX_VALIDATORS: i32 = 1024;

/** The validators, in order. */
@pallet('Validators', 10)
export class Validators {
  /** The validators' sr25519 keys. A validator's index everywhere is its position here. */
  @genesis()
  @ensure((keys: Array<Sr25519Public>): bool => keys.length <= MAX_VALIDATORS, 'more validators than the chain can have')
  @storage() static keys: StorageValue<Array<Sr25519Public>>;

  /** Blocks after which each group moves on to the next core; zero for never (D13). */
  @genesis(10) @storage() static groupRotationFrequency: StorageValue<u32>;

  /** First block of the current set: an earlier context is refused. */
  @storage() static sessionStart: StorageValue<u32>;

  /** Greatest number of validators of a chain. */
  @constant() static readonly maxValidators: u32 = MAX_VALIDATORS;
}
