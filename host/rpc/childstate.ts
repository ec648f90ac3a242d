// childstate_*: storage of child tries. Keys of child tries are given with their prefix ":child_storage:default:".
import { blake2_256, toHex } from '../bytes/index.js';
import type { StateView } from '../state/index.js';
import { childStorageKey, ENTRIES_MAX, KEYS_PAGE_MAX, stateAt, type Context } from './context.js';
import { INVALID_COUNT, RpcError } from './errors.js';
import type { Json, Params } from './params.js';

function child(context: Context, params: Params, at: number): StateView | undefined {
  return stateAt(context, params.optionalHash(at, 'at')).child(childStorageKey(params, 0));
}

/** All keys below a prefix, as far as they fit; the paged form has no such end. */
export function getKeys(context: Context, params: Params): Json {
  const prefix = params.optionalBytes(1, 'prefix') ?? new Uint8Array();
  const keys = child(context, params, 2)?.keys(prefix, ENTRIES_MAX + 1) ?? [];
  if (keys.length > ENTRIES_MAX) {
    throw new RpcError(
      INVALID_COUNT,
      `more than ${ENTRIES_MAX} keys match; ask for them in pages, by childstate_getKeysPaged`,
    );
  }
  return keys.map(toHex);
}

/** Keys below a prefix, in order, at most `count`, after `startKey`. */
export function getKeysPaged(context: Context, params: Params): Json {
  const prefix = params.optionalBytes(1, 'prefix') ?? new Uint8Array();
  const count = params.u32(2, 'count');
  if (count > KEYS_PAGE_MAX) {
    throw new RpcError(INVALID_COUNT, `count exceeds maximum value. value: ${count}, max: ${KEYS_PAGE_MAX}`);
  }
  return (child(context, params, 4)?.keys(prefix, count, params.optionalBytes(3, 'startKey')) ?? []).map(toHex);
}

/** One value, or null. */
export function getStorage(context: Context, params: Params): Json {
  const value = child(context, params, 2)?.get(params.bytes(1, 'key'));
  return value === undefined ? null : toHex(value);
}

/** Several values, null for each that is not there. */
export function getStorageEntries(context: Context, params: Params): Json {
  const keys = params.bytesList(1, 'keys', ENTRIES_MAX);
  const found = child(context, params, 2);
  return keys.map((key) => {
    const value = found?.get(key);
    return value === undefined ? null : toHex(value);
  });
}

/** The hash of one value, or null. */
export function getStorageHash(context: Context, params: Params): Json {
  const value = child(context, params, 2)?.get(params.bytes(1, 'key'));
  return value === undefined ? null : toHex(blake2_256(value));
}

/** The length of one value, or null. */
export function getStorageSize(context: Context, params: Params): Json {
  return child(context, params, 2)?.get(params.bytes(1, 'key'))?.length ?? null;
}
