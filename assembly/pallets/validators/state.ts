// Validators: the ordered set of those that refine, attest and hold shards.
//
// Spec: D13 (groups), D32 (a context of an earlier set is refused: `sessionStart`). The set is that of genesis;
// sessions are not implemented. So the groups of a past block follow from the set, the number of cores and the block's
// number.
import { StorageValue } from '../../frame';
import { Sr25519Public } from '../../primitives';

const MAX_VALIDATORS: i32 = 1024;

/** The validator set. */
@pallet('Validators', 10)
export class Validators {
  /** The validators' sr25519 keys, by validator index. */
  @genesis()
  @ensure((keys: Array<Sr25519Public>): bool => keys.length <= MAX_VALIDATORS, 'more validators than the chain can have')
  @storage() static keys: StorageValue<Array<Sr25519Public>>;

  /** Blocks after which groups rotate to the next core; zero for never (D13). */
  @genesis(10) @storage() static groupRotationFrequency: StorageValue<u32>;

  /** First block of the current set; an earlier context is refused. */
  @storage() static sessionStart: StorageValue<u32>;

  /** Maximum number of validators. */
  @constant() static readonly maxValidators: u32 = MAX_VALIDATORS;
}
