// The chain's state: a map of bytes to bytes with nested transactions, stored by the host. Keys are raw; `frame` has
// typed storage items.
import { Bytes } from '../scale';
import {
  ext_storage_append_version_1,
  ext_storage_clear_prefix_version_2,
  ext_storage_clear_version_1,
  ext_storage_commit_transaction_version_1,
  ext_storage_exists_version_1,
  ext_storage_get_version_1,
  ext_storage_next_key_version_1,
  ext_storage_read_version_1,
  ext_storage_rollback_transaction_version_1,
  ext_storage_root_version_2,
  ext_storage_set_version_1,
  ext_storage_start_transaction_version_1,
} from './env';
import { fat, fatBytes, optionalLimit, Removal, take, takeOptionalBytes, takeOptionalU32, takeRemoval } from './memory';

/** The value at `key`, or null. */
export function storageGet(key: Bytes): Bytes | null {
  return takeOptionalBytes(ext_storage_get_version_1(fatBytes(key)));
}

/** Sets the value at `key`. */
export function storageSet(key: Bytes, value: Bytes): void {
  ext_storage_set_version_1(fatBytes(key), fatBytes(value));
}

/** Removes the value at `key`. */
export function storageClear(key: Bytes): void {
  ext_storage_clear_version_1(fatBytes(key));
}

/** Whether there is a value at `key`. */
export function storageExists(key: Bytes): bool {
  return ext_storage_exists_version_1(fatBytes(key)) != 0;
}

/** The length of the value at `key` in bytes; −1 if there is none. */
export function storageLength(key: Bytes): i64 {
  return storageRead(key, 0, 0);
}

/** Copies at most `length` bytes of the value at `key` to `address`. Returns the length of the value; −1 if there is none. */
export function storageRead(key: Bytes, address: usize, length: u32): i64 {
  return takeOptionalU32(ext_storage_read_version_1(fatBytes(key), fat(address, length), 0));
}

/** Appends one encoded item to the SCALE Vec at `key`. */
export function storageAppend(key: Bytes, item: Bytes): void {
  ext_storage_append_version_1(fatBytes(key), fatBytes(item));
}

/** The first key after `key` in byte order; null at the end of the state. */
export function storageNextKey(key: Bytes): Bytes | null {
  return takeOptionalBytes(ext_storage_next_key_version_1(fatBytes(key)));
}

/** Removes keys that start with `prefix`: all of them, or at most `limit` of those below the overlay. */
export function storageClearPrefix(prefix: Bytes, limit: i64 = -1): Removal {
  return takeRemoval(ext_storage_clear_prefix_version_2(fatBytes(prefix), fatBytes(optionalLimit(limit))));
}

/** The root of the current state, in the given state version. */
export function storageRoot(version: u8): Bytes {
  return take(ext_storage_root_version_2(version));
}

/** Opens a nested transaction. */
export function beginTransaction(): void {
  ext_storage_start_transaction_version_1();
}

/** Commits the innermost transaction. */
export function commitTransaction(): void {
  ext_storage_commit_transaction_version_1();
}

/** Rolls back the innermost transaction. */
export function rollbackTransaction(): void {
  ext_storage_rollback_transaction_version_1();
}
