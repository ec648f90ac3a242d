// Default child tries: a state of its own below one key of the chain's. `trie` is its name, without the host's prefix.
import { Bytes } from '../scale';
import {
  ext_default_child_storage_clear_prefix_version_2, ext_default_child_storage_clear_version_1,
  ext_default_child_storage_exists_version_1, ext_default_child_storage_get_version_1,
  ext_default_child_storage_next_key_version_1, ext_default_child_storage_read_version_1,
  ext_default_child_storage_root_version_2, ext_default_child_storage_set_version_1,
  ext_default_child_storage_storage_kill_version_3,
} from './env';
import { fat, fatBytes, optionalLimit, Removal, take, takeOptionalBytes, takeOptionalU32, takeRemoval } from './memory';

/** The value at `key` of a child trie, null when there is none. */
export function childGet(trie: Bytes, key: Bytes): Bytes | null {
  return takeOptionalBytes(ext_default_child_storage_get_version_1(fatBytes(trie), fatBytes(key)));
}

/** Puts `value` at `key` of a child trie. */
export function childSet(trie: Bytes, key: Bytes, value: Bytes): void {
  ext_default_child_storage_set_version_1(fatBytes(trie), fatBytes(key), fatBytes(value));
}

/** Removes what is at `key` of a child trie. */
export function childClear(trie: Bytes, key: Bytes): void {
  ext_default_child_storage_clear_version_1(fatBytes(trie), fatBytes(key));
}

/** Whether a child trie has a value at `key`. */
export function childExists(trie: Bytes, key: Bytes): bool {
  return ext_default_child_storage_exists_version_1(fatBytes(trie), fatBytes(key)) != 0;
}

/** The length in bytes of the value at `key` of a child trie, −1 when there is none. */
export function childLength(trie: Bytes, key: Bytes): i64 {
  return takeOptionalU32(ext_default_child_storage_read_version_1(fatBytes(trie), fatBytes(key), fat(0, 0), 0));
}

/** The first key of a child trie after `key` in byte order, null at its end. */
export function childNextKey(trie: Bytes, key: Bytes): Bytes | null {
  return takeOptionalBytes(ext_default_child_storage_next_key_version_1(fatBytes(trie), fatBytes(key)));
}

/** Removes keys of a child trie that start with `prefix`: all of them, or at most `limit`. */
export function childClearPrefix(trie: Bytes, prefix: Bytes, limit: i64 = -1): Removal {
  return takeRemoval(ext_default_child_storage_clear_prefix_version_2(
    fatBytes(trie), fatBytes(prefix), fatBytes(optionalLimit(limit)),
  ));
}

/** Removes a child trie: all of it, or at most `limit` entries. */
export function childKill(trie: Bytes, limit: i64 = -1): Removal {
  return takeRemoval(ext_default_child_storage_storage_kill_version_3(fatBytes(trie), fatBytes(optionalLimit(limit))));
}

/** The root of a child trie as it stands, in the given state version. */
export function childRoot(trie: Bytes, version: u8): Bytes {
  return take(ext_default_child_storage_root_version_2(fatBytes(trie), version));
}
