// Storage versions of pallets (frame_support's StorageVersion), which tools and migrations read: a u16 for each pallet at
//
//   twox128(pallet name) twox128(":__STORAGE_VERSION__:")
//
// Genesis writes them all. An upgrade writes those of pallets that have nothing in the state yet. A pallet with state and
// without this key has version 0.
import { storageExists, storageNextKey, storageSet } from '../io';
import { Bytes, sliceBytes, startsWithBytes } from '../scale';
import { Generated } from './generated';

const PALLET_BYTES: i32 = 16;
const KEY_BYTES: i32 = 32;
const VERSION_BYTES: i32 = 2;

/** Writes the version of each pallet. */
export function initializeStorageVersions(): void {
  const rows = Generated.storageVersions();
  for (let at = 0; at < rows.length; at += KEY_BYTES + VERSION_BYTES) write(rows, at);
}

/** Writes the version of each pallet that has no state. Returns how many these are. */
export function addStorageVersions(): u32 {
  const rows = Generated.storageVersions();
  let added: u32 = 0;
  for (let at = 0; at < rows.length; at += KEY_BYTES + VERSION_BYTES) {
    if (hasState(sliceBytes(rows, at, at + PALLET_BYTES))) continue;
    write(rows, at);
    added++;
  }
  return added;
}

/** Number of pallets. */
export function storageVersionCount(): u32 {
  return <u32>(Generated.storageVersions().length / (KEY_BYTES + VERSION_BYTES));
}

function hasState(prefix: Bytes): bool {
  if (storageExists(prefix)) return true;
  const next = storageNextKey(prefix);
  return next !== null && startsWithBytes(next, prefix);
}

function write(rows: Bytes, at: i32): void {
  const end = at + KEY_BYTES;
  storageSet(sliceBytes(rows, at, end), sliceBytes(rows, end, end + VERSION_BYTES));
}
