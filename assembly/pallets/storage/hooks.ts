// Hooks of Storage.
import { doRemoveDue } from './preimages';
import { Storage } from './state';
import { StorageWeights } from './weights';

@hooks(Storage)
export class StorageHooks {
  /** Removes a preimage that no deposit keeps, when it is due. */
  static onInitialize(number: u32): u64 {
    return StorageWeights.onInitialize(doRemoveDue(number));
  }
}
