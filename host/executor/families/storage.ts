// `ext_storage_*`: the main trie of the state, and nested transactions over the whole state.
//
// Arguments are passed to the overlay as views of the runtime's memory; it copies what it keeps. It ignores writes to
// the roots of child tries (keys that begin with `:child_storage:`), except appending, as polkadot-sdk does.
import { tryDecodeStart, Writer, type Reader } from '../../bytes/index.js';
import { KEY_BYTES_MAX, type Removal, type TrieReader } from '../../state/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family, type RuntimeHost } from '../host.js';

/**
 * Copies as much of the value from `offset` as fits in `out`. Returns Option<u32>: the length of the value from
 * `offset`. With an empty `out`, which only asks for the length, the value is not read.
 */
export function readInto(
  host: RuntimeHost,
  values: Pick<TrieReader, 'get' | 'length'>,
  key: Uint8Array,
  out: bigint,
  offset: number,
): bigint {
  const into = host.view(out, 'out');
  const value = into.length === 0 ? undefined : values.get(key);
  const length = into.length === 0 ? values.length(key) : value?.length;
  if (length === undefined) return host.giveOptionalU32(undefined);
  const from = Math.min(offset >>> 0, length);
  if (value !== undefined) into.set(value.subarray(from, from + into.length));
  return host.giveOptionalU32(length - from);
}

/** The Option<u32> argument of the functions that remove many keys. */
export function readLimit(host: RuntimeHost, fat: bigint): number | undefined {
  return readArgument(host, fat, 'limit', (reader) => reader.option((inner) => inner.u32()));
}

/** The Option<Vec<u8>> argument of the functions that go on where an earlier call stopped. */
export function readCursor(host: RuntimeHost, fat: bigint): Uint8Array | undefined {
  return readArgument(host, fat, 'cursor', (reader) => reader.option((inner) => inner.bytes()));
}

/** Decodes a SCALE argument. Bytes after it are ignored, as in polkadot-sdk. Throws HostCallError if it is malformed. */
export function readArgument<T>(host: RuntimeHost, fat: bigint, what: string, read: (reader: Reader) => T): T {
  const decoded = tryDecodeStart(read, host.view(fat, what));
  if (!decoded.ok) throw new HostCallError(`${what}: malformed SCALE: ${decoded.error.message}`);
  return decoded.value;
}

/** Returns KillStorageResult: 0 if all keys are removed or 1 if some remain, then the number of stored keys visited. */
export function giveRemoved(host: RuntimeHost, { visited, cursor }: Removal): bigint {
  return host.give(
    new Writer(5)
      .u8(cursor === undefined ? 0 : 1)
      .u32(visited)
      .finish(),
  );
}

/**
 * Returns MultiRemovalResults: the cursor, if keys remain, then the number of stored keys removed, of all keys removed,
 * and of stored keys visited.
 */
export function giveRemovals(host: RuntimeHost, { visited, stored, overlaid, cursor }: Removal): bigint {
  const encoded = new Writer().option(cursor, (writer, key) => writer.bytes(key));
  return host.give(
    encoded
      .u32(stored)
      .u32(overlaid + stored)
      .u32(visited)
      .finish(),
  );
}

/** The state version in an i32 argument, of which polkadot-sdk uses the lowest byte. Version 2 is 1 for tries. */
export function stateVersion(version: number): 0 | 1 {
  const byte = version & 0xff;
  if (byte > 2) throw new HostCallError(`state version ${byte} is not known`);
  return byte === 0 ? 0 : 1;
}

/** A key to write, which must not be longer than the trie can encode. */
export function writableKey(host: RuntimeHost, fat: bigint): Uint8Array {
  const key = host.view(fat, 'key');
  if (key.length <= KEY_BYTES_MAX) return key;
  throw new HostCallError(`key: ${key.length} bytes are more than the ${KEY_BYTES_MAX} a key may have`);
}

/** Throws HostCallError unless the runtime itself has opened a transaction. */
function ensureTransaction(host: RuntimeHost): void {
  if (host.openTransactions <= 0) throw new HostCallError('there is no open storage transaction');
}

export const storage: Family = {
  ext_storage_get_version_1: define(['i64'], 'i64', (host, key) =>
    host.giveOptionalBytes(host.overlay.get(host.view(key, 'key'))),
  ),

  ext_storage_read_version_1: define(['i64', 'i64', 'i32'], 'i64', (host, key, out, offset) =>
    readInto(host, host.overlay, host.view(key, 'key'), out, offset),
  ),

  ext_storage_set_version_1: define(['i64', 'i64'], undefined, (host, key, value) => {
    host.overlay.set(writableKey(host, key), host.view(value, 'value'));
  }),

  ext_storage_clear_version_1: define(['i64'], undefined, (host, key) => {
    host.overlay.set(writableKey(host, key), undefined);
  }),

  ext_storage_exists_version_1: define(['i64'], 'i32', (host, key) =>
    host.overlay.has(host.view(key, 'key')) ? 1 : 0,
  ),

  ext_storage_clear_prefix_version_1: define(['i64'], undefined, (host, prefix) => {
    host.overlay.clearPrefix(host.view(prefix, 'prefix'));
  }),

  ext_storage_clear_prefix_version_2: define(['i64', 'i64'], 'i64', (host, prefix, limit) =>
    giveRemoved(host, host.overlay.clearPrefix(host.view(prefix, 'prefix'), readLimit(host, limit))),
  ),

  /** Begins with the stored key that an earlier call returned as its cursor. */
  ext_storage_clear_prefix_version_3: define(['i64', 'i64', 'i64'], 'i64', (host, prefix, limit, cursor) =>
    giveRemovals(
      host,
      host.overlay.clearPrefix(host.view(prefix, 'prefix'), readLimit(host, limit), readCursor(host, cursor)),
    ),
  ),

  ext_storage_append_version_1: define(['i64', 'i64'], undefined, (host, key, value) => {
    host.overlay.append(writableKey(host, key), host.view(value, 'value'));
  }),

  ext_storage_root_version_1: define([], 'i64', (host) => host.give(host.overlay.root(0))),

  ext_storage_root_version_2: define(['i32'], 'i64', (host, version) =>
    host.give(host.overlay.root(stateVersion(version))),
  ),

  /** Changes tries no longer exist: always none, as in Substrate. */
  ext_storage_changes_root_version_1: define(['i64'], 'i64', (host, parent) => {
    host.view(parent, 'parent_hash');
    return host.giveOptionalBytes(undefined);
  }),

  ext_storage_next_key_version_1: define(['i64'], 'i64', (host, key) =>
    host.giveOptionalBytes(host.overlay.nextKey(host.view(key, 'key'))),
  ),

  ext_storage_start_transaction_version_1: define([], undefined, (host) => host.overlay.begin()),

  ext_storage_commit_transaction_version_1: define([], undefined, (host) => {
    ensureTransaction(host);
    host.overlay.commit();
  }),

  ext_storage_rollback_transaction_version_1: define([], undefined, (host) => {
    ensureTransaction(host);
    host.overlay.rollback();
  }),
};
