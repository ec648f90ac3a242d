// `ext_default_child_storage_*`: the child tries, each identified by its storage key without `:child_storage:default:`.
import type { TrieOverlay, TrieReader } from '../../state/index.js';
import { define, type Family, type RuntimeHost } from '../host.js';
import { giveRemovals, giveRemoved, readCursor, readInto, readLimit, stateVersion, writableKey } from './storage.js';

/** The child trie whose storage key is at a fat pointer, to be written; empty if it does not exist yet. */
function child(host: RuntimeHost, storageKey: bigint): TrieOverlay {
  return host.overlay.child(host.view(storageKey, 'storage_key'));
}

/** The same trie, to be read. */
function readable(host: RuntimeHost, storageKey: bigint): TrieReader {
  return host.overlay.readChild(host.view(storageKey, 'storage_key'));
}

export const childStorage: Family = {
  ext_default_child_storage_get_version_1: define(['i64', 'i64'], 'i64', (host, storageKey, key) =>
    host.giveOptionalBytes(readable(host, storageKey).get(host.view(key, 'key'))),
  ),

  ext_default_child_storage_read_version_1: define(
    ['i64', 'i64', 'i64', 'i32'],
    'i64',
    (host, storageKey, key, out, offset) =>
      readInto(host, readable(host, storageKey), host.view(key, 'key'), out, offset),
  ),

  ext_default_child_storage_set_version_1: define(['i64', 'i64', 'i64'], undefined, (host, storageKey, key, value) =>
    child(host, storageKey).set(writableKey(host, key), host.view(value, 'value')),
  ),

  ext_default_child_storage_clear_version_1: define(['i64', 'i64'], undefined, (host, storageKey, key) =>
    child(host, storageKey).set(writableKey(host, key), undefined),
  ),

  ext_default_child_storage_exists_version_1: define(['i64', 'i64'], 'i32', (host, storageKey, key) =>
    readable(host, storageKey).has(host.view(key, 'key')) ? 1 : 0,
  ),

  ext_default_child_storage_storage_kill_version_1: define(['i64'], undefined, (host, storageKey) => {
    child(host, storageKey).kill();
  }),

  /** Returns whether the child trie is empty now. */
  ext_default_child_storage_storage_kill_version_2: define(['i64', 'i64'], 'i32', (host, storageKey, limit) =>
    child(host, storageKey).kill(readLimit(host, limit)).cursor === undefined ? 1 : 0,
  ),

  ext_default_child_storage_storage_kill_version_3: define(['i64', 'i64'], 'i64', (host, storageKey, limit) =>
    giveRemoved(host, child(host, storageKey).kill(readLimit(host, limit))),
  ),

  ext_default_child_storage_storage_kill_version_4: define(
    ['i64', 'i64', 'i64'],
    'i64',
    (host, storageKey, limit, cursor) =>
      giveRemovals(host, child(host, storageKey).kill(readLimit(host, limit), readCursor(host, cursor))),
  ),

  ext_default_child_storage_clear_prefix_version_1: define(['i64', 'i64'], undefined, (host, storageKey, prefix) => {
    child(host, storageKey).clearPrefix(host.view(prefix, 'prefix'));
  }),

  ext_default_child_storage_clear_prefix_version_2: define(
    ['i64', 'i64', 'i64'],
    'i64',
    (host, storageKey, prefix, limit) =>
      giveRemoved(host, child(host, storageKey).clearPrefix(host.view(prefix, 'prefix'), readLimit(host, limit))),
  ),

  ext_default_child_storage_clear_prefix_version_3: define(
    ['i64', 'i64', 'i64', 'i64'],
    'i64',
    (host, storageKey, prefix, limit, cursor) => {
      const trie = child(host, storageKey);
      const [start, at] = [host.view(prefix, 'prefix'), readCursor(host, cursor)];
      return giveRemovals(host, trie.clearPrefix(start, readLimit(host, limit), at));
    },
  ),

  ext_default_child_storage_root_version_1: define(['i64'], 'i64', (host, storageKey) =>
    host.give(host.overlay.childRoot(host.view(storageKey, 'storage_key'), 0)),
  ),

  ext_default_child_storage_root_version_2: define(['i64', 'i32'], 'i64', (host, storageKey, version) =>
    host.give(host.overlay.childRoot(host.view(storageKey, 'storage_key'), stateVersion(version))),
  ),

  ext_default_child_storage_next_key_version_1: define(['i64', 'i64'], 'i64', (host, storageKey, key) =>
    host.giveOptionalBytes(readable(host, storageKey).nextKey(host.view(key, 'key'))),
  ),
};
