// Default child tries: a separate state below one key of the chain's. `trie` is its name, without the host's prefix.
import { Bytes } from '../scale';
import {
  ext_default_child_storage_clear_version_1,
  ext_default_child_storage_get_version_1,
  ext_default_child_storage_read_version_1,
  ext_default_child_storage_set_version_1,
} from './env';
import { fat, fatBytes, takeOptionalBytes, takeOptionalU32 } from './memory';

/** The value at `key` of a child trie, or null. */
export function childGet(trie: Bytes, key: Bytes): Bytes | null {
  return takeOptionalBytes(ext_default_child_storage_get_version_1(fatBytes(trie), fatBytes(key)));
}

/** Sets the value at `key` of a child trie. */
export function childSet(trie: Bytes, key: Bytes, value: Bytes): void {
  ext_default_child_storage_set_version_1(fatBytes(trie), fatBytes(key), fatBytes(value));
}

/** Removes the value at `key` of a child trie. */
export function childClear(trie: Bytes, key: Bytes): void {
  ext_default_child_storage_clear_version_1(fatBytes(trie), fatBytes(key));
}

/** The length in bytes of the value at `key` of a child trie; −1 if there is none. */
export function childLength(trie: Bytes, key: Bytes): i64 {
  return takeOptionalU32(ext_default_child_storage_read_version_1(fatBytes(trie), fatBytes(key), fat(0, 0), 0));
}
