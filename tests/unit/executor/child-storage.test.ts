// ext_default_child_storage_*: the operations of ext_storage_* in child tries.
import { describe, expect, jest, test } from '@jest/globals';
import { text, toHex, utf8 } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Overlay, StateStore, TrieOverlay } from '../../../host/state/index.js';
import { trieRoot } from '../../../host/trie/index.js';
import { emptyOverlay, run, type Step } from './fixtures.js';

const P = 'ext_default_child_storage_';
const SET = `${P}set_version_1`;
const GET = `${P}get_version_1`;
const none = Uint8Array.of(0);
const limit = (count: number): Uint8Array => Uint8Array.of(1, count, 0, 0, 0);
const CHILD = utf8('child');

/** A stored state, in which limits count: a, ab, abc, b in one child trie. */
function stored(): Overlay {
  const store = new StateStore(new MemoryDatabase());
  const overlay = new Overlay(store.empty);
  for (const key of ['a', 'ab', 'abc', 'b']) overlay.child(CHILD).set(utf8(key), utf8(key));
  return new Overlay(store.at(store.commit(overlay, 1).root));
}

const keys = (overlay: Overlay): string[] => overlay.child(CHILD).keys(new Uint8Array(0), 9).map(text);

describe('child storage', () => {
  test('set, get, exists, read, clear, next_key', () => {
    const overlay = emptyOverlay();
    expect(run(overlay, 'fat', [[GET, 'child', 'k']])).toBe('0x00');
    run(overlay, 'none', [[SET, 'child', 'k', 'value']]);
    expect(run(overlay, 'fat', [[GET, 'child', 'k']])).toBe('0x0114' + toHex(utf8('value')).slice(2));
    expect(run(overlay, 'i32', [[`${P}exists_version_1`, 'child', 'k']])).toBe('0x01000000');
    expect(run(overlay, 'fat', [[`${P}read_version_1`, 'child', 'k', '..', 1]])).toBe('0x0104000000');
    expect(run(overlay, 'fat', [[`${P}next_key_version_1`, 'child', 'a']])).toBe('0x01046b');
    run(overlay, 'none', [[`${P}clear_version_1`, 'child', 'k']]);
    expect(run(overlay, 'i32', [[`${P}exists_version_1`, 'child', 'k']])).toBe('0x00000000');
  });

  test('read with no room only asks for the length, for which the value is not read', () => {
    const overlay = stored();
    const read = jest.spyOn(TrieOverlay.prototype, 'get');
    expect(run(overlay, 'fat', [[`${P}read_version_1`, 'child', 'abc', '', 0]])).toBe('0x0103000000');
    expect(run(overlay, 'fat', [[`${P}read_version_1`, 'child', 'abc', '', 2]])).toBe('0x0101000000');
    expect(run(overlay, 'fat', [[`${P}read_version_1`, 'child', 'none', '', 0]])).toBe('0x00');
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });

  test('child tries and the main trie are separate', () => {
    const overlay = emptyOverlay();
    run(overlay, 'none', [[SET, 'one', 'k', '1']]);
    expect(overlay.child(utf8('two')).has(utf8('k'))).toBe(false);
    expect(overlay.has(utf8('k'))).toBe(false);
  });

  test('the root, also in the main trie', () => {
    const overlay = emptyOverlay();
    const value = new Uint8Array(40);
    overlay.child(CHILD).set(utf8('k'), value);
    const root = (version: 0 | 1): Uint8Array => trieRoot([[utf8('k'), value]], version);
    expect(run(overlay, 'fat', [[`${P}root_version_1`, 'child']])).toBe(toHex(root(0)));
    expect(run(overlay, 'fat', [[`${P}root_version_2`, 'child', 1]])).toBe(toHex(root(1)));
    expect(run(overlay, 'fat', [['ext_storage_root_version_2', 1]])).toBe(
      toHex(trieRoot([[utf8(':child_storage:default:child'), root(1)]], 1)),
    );
  });

  test('kill, in its three versions', () => {
    const one = stored();
    run(one, 'none', [[`${P}storage_kill_version_1`, 'child']]);
    expect(keys(one)).toEqual([]);

    const two = stored();
    const kill: Step = [`${P}storage_kill_version_2`, 'child', limit(3)];
    expect(run(two, 'i32', [kill])).toBe('0x00000000');
    expect(keys(two)).toEqual(['b']);
    expect(run(stored(), 'i32', [[`${P}storage_kill_version_2`, 'child', none]])).toBe('0x01000000');

    expect(run(stored(), 'fat', [[`${P}storage_kill_version_3`, 'child', limit(3)]])).toBe('0x0103000000');
    expect(run(stored(), 'fat', [[`${P}storage_kill_version_3`, 'child', limit(4)]])).toBe('0x0004000000');
  });

  test('clear_prefix, in its two versions', () => {
    const one = stored();
    run(one, 'none', [[`${P}clear_prefix_version_1`, 'child', 'ab']]);
    expect(keys(one)).toEqual(['a', 'b']);

    const two = stored();
    expect(run(two, 'fat', [[`${P}clear_prefix_version_2`, 'child', 'a', limit(2)]])).toBe('0x0102000000');
    expect(keys(two)).toEqual(['abc', 'b']);
  });
});
