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

/** Whether there is a value at `key`. Cheaper than reading it. */
export function hasWorkStorage(key: Bytes): bool {
  return ext_corejam_get_work_storage_len_version_1(fat(key)) != NONE;
}

/** Writes a value. Returns false if the key exceeds 256 bytes or the class's account can't pay the deposit. */
export function setWorkStorage(key: Bytes, value: Bytes): bool {
  return ext_corejam_set_work_storage_version_1(fat(key), fat(value)) == 0;
}

/** Removes the value at `key`, if any, and frees its deposit. */
export function removeWorkStorage(key: Bytes): void {
  ext_corejam_remove_work_storage_version_1(fat(key));
}

/** Keeps all changes so far, even if the run fails later. Returns the remaining weight, in picoseconds. */
export function checkpoint(): u64 {
  return ext_corejam_checkpoint_version_1();
}

/** The remaining weight, in picoseconds. */
export function weightRemaining(): u64 {
  return ext_corejam_weight_remaining_version_1();
}
