/**
 * `ext_storage_*`: the top level of the state, and nested transactions over all of it.
 *
 * Arguments go to the overlay as views of the runtime's memory: it copies what it keeps. Writes to the roots of child
 * tries (keys below `:child_storage:`) it ignores, as Substrate does.
 */
import { tryDecode, Writer, type Reader } from '../../bytes/index.js';
import { KEY_BYTES_MAX } from '../../state/index.js';
import { HostCallError } from '../errors.js';
import { define, type Family, type RuntimeHost } from '../host.js';
import { fatLength } from '../memory.js';

/** Copies a value from `offset` on to where `out` points, as much as fits; answers Option<u32>, the length from `offset`. */
export function readInto(host: RuntimeHost, value: Uint8Array | undefined, out: bigint, offset: number): bigint {
  if (value === undefined) return host.giveOptionalU32(undefined);
  const rest = value.subarray(Math.min(offset >>> 0, value.length));
  host.view(out, 'out').set(rest.subarray(0, fatLength(out)));
  return host.giveOptionalU32(rest.length);
}

/** The Option<u32> argument of the functions that remove many keys. */
export function readLimit(host: RuntimeHost, fat: bigint): number | undefined {
  return readArgument(host, fat, 'limit', (reader) => reader.option((inner) => inner.u32()));
}

/** Decodes a SCALE argument; one that is malformed stops the call. */
export function readArgument<T>(host: RuntimeHost, fat: bigint, what: string, read: (reader: Reader) => T): T {
  const decoded = tryDecode(host.view(fat, what), read);
  if (!decoded.ok) throw new HostCallError(`${what}: malformed SCALE: ${decoded.error.message}`);
  return decoded.value;
}

/** KillStorageResult: 0 all are removed, 1 some remain; then how many. */
export function giveRemoved(host: RuntimeHost, { removed, all }: { removed: number; all: boolean }): bigint {
  return host.give(
    new Writer(5)
      .u8(all ? 0 : 1)
      .u32(removed)
      .finish(),
  );
}

/** State version 0 or 1 from a plain argument. */
export function stateVersion(version: number): 0 | 1 {
  if (version !== 0 && version !== 1) throw new HostCallError(`state version ${version} is not known`);
  return version;
}

/** A key to write at: the trie can't encode longer ones. */
export function writableKey(host: RuntimeHost, fat: bigint): Uint8Array {
  const key = host.view(fat, 'key');
  if (key.length <= KEY_BYTES_MAX) return key;
  throw new HostCallError(`key: ${key.length} bytes are more than the ${KEY_BYTES_MAX} a key may have`);
}

function ownTransaction(host: RuntimeHost): void {
  if (host.openTransactions <= 0) throw new HostCallError('there is no open storage transaction');
}

export const storage: Family = {
  ext_storage_get_version_1: define(['i64'], 'i64', (host, key) =>
    host.giveOptionalBytes(host.overlay.get(host.view(key, 'key'))),
  ),

  ext_storage_read_version_1: define(['i64', 'i64', 'i32'], 'i64', (host, key, out, offset) =>
    readInto(host, host.overlay.get(host.view(key, 'key')), out, offset),
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

  ext_storage_append_version_1: define(['i64', 'i64'], undefined, (host, key, value) => {
    host.overlay.append(writableKey(host, key), host.view(value, 'value'));
  }),

  ext_storage_root_version_1: define([], 'i64', (host) => host.give(host.overlay.root(0))),

  ext_storage_root_version_2: define(['i32'], 'i64', (host, version) =>
    host.give(host.overlay.root(stateVersion(version))),
  ),

  /** There are no changes tries any more: none, as in Substrate. */
  ext_storage_changes_root_version_1: define(['i64'], 'i64', (host) => host.giveOptionalBytes(undefined)),

  ext_storage_next_key_version_1: define(['i64'], 'i64', (host, key) =>
    host.giveOptionalBytes(host.overlay.nextKey(host.view(key, 'key'))),
  ),

  ext_storage_start_transaction_version_1: define([], undefined, (host) => host.overlay.begin()),

  ext_storage_commit_transaction_version_1: define([], undefined, (host) => {
    ownTransaction(host);
    host.overlay.commit();
  }),

  ext_storage_rollback_transaction_version_1: define([], undefined, (host) => {
    ownTransaction(host);
    host.overlay.rollback();
  }),
};
