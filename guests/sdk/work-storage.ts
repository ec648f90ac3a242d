// The class's own child trie: read by `prune` and `accumulate`, written by `accumulate`.
import { Bytes } from '../../assembly/scale';
import {
  ext_corejam_checkpoint_version_1,
  ext_corejam_get_work_storage_len_version_1,
  ext_corejam_get_work_storage_version_1,
  ext_corejam_remove_work_storage_version_1,
  ext_corejam_set_work_storage_version_1,
  ext_corejam_weight_remaining_version_1,
} from './env';
import { fat, NONE, takenOption } from './memory';

/** The value at `key`, or null. */
export function getWorkStorage(key: Bytes): Bytes | null {
  return takenOption(ext_corejam_get_work_storage_version_1(fat(key)));
}

/** Whether there is a value at `key`: cheaper than reading it. */
export function hasWorkStorage(key: Bytes): bool {
  return ext_corejam_get_work_storage_len_version_1(fat(key)) != NONE;
}

/** Writes a value; false when the class's account does not hold the deposit for it, or the key has more than 256 bytes. */
export function setWorkStorage(key: Bytes, value: Bytes): bool {
  return ext_corejam_set_work_storage_version_1(fat(key), fat(value)) == 0;
}

/** Removes the value at `key`, if there is one, and frees its deposit. */
export function removeWorkStorage(key: Bytes): void {
  ext_corejam_remove_work_storage_version_1(fat(key));
}

/** Makes all changes so far lasting, whatever happens later in this call. Answers the weight left, in picoseconds. */
export function checkpoint(): u64 {
  return ext_corejam_checkpoint_version_1();
}

/** The weight left, in picoseconds. */
export function weightRemaining(): u64 {
  return ext_corejam_weight_remaining_version_1();
}
