// The behaviour that runtimes and the node depend on, case by case; overlay-model.test.ts tests combinations.
import { describe, expect, test } from '@jest/globals';
import { calculate_state_root } from '@acala-network/chopsticks-executor';
import { concat, toHex, utf8 } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { childRootKey, KEY_BYTES_MAX, Overlay, StateStore } from '../../../host/state/index.js';
import type { StateView } from '../../../host/state/index.js';
import { EMPTY_ROOT, hashOf, trieRoot } from '../../../host/trie/index.js';
import { processorMs } from '../../processor-time.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const names = (keys: Uint8Array[]) => keys.map((key) => Buffer.from(key).toString());

/** A stored state with these keys, each of which is its own value. */
function stateOf(...keys: string[]): { store: StateStore; view: StateView } {
  const store = new StateStore(new MemoryDatabase());
  const overlay = new Overlay(store.empty);
  for (const key of keys) overlay.set(utf8(key), utf8(key));
  return { store, view: store.at(store.commit(overlay, 1).root) };
}

describe('reading and writing', () => {
  test('writes and removals hide stored values', () => {
    const overlay = new Overlay(stateOf('a', 'b').view);
    overlay.set(utf8('a'), utf8('new'));
    overlay.set(utf8('b'), undefined);
    expect(overlay.get(utf8('a'))).toEqual(utf8('new'));
    expect(overlay.get(utf8('b'))).toBeUndefined();
    expect([overlay.has(utf8('a')), overlay.has(utf8('b')), overlay.has(utf8('c'))]).toEqual([true, false, false]);
  });

  test('an empty value is a value', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.set(utf8('a'), bytes());
    expect(overlay.get(utf8('a'))).toEqual(bytes());
    expect(overlay.has(utf8('a'))).toBe(true);
    expect(overlay.nextKey(bytes())).toEqual(utf8('a'));
  });

  test('the empty key is a key', () => {
    const overlay = new Overlay(stateOf('').view);
    expect(overlay.get(bytes())).toEqual(bytes());
    overlay.set(bytes(), utf8('x'));
    expect(overlay.root(1)).toEqual(trieRoot([[bytes(), utf8('x')]], 1));
  });

  test('a value is copied when it is set', () => {
    const overlay = new Overlay(stateOf().view);
    const value = bytes(1);
    overlay.set(utf8('a'), value);
    value[0] = 2;
    expect(overlay.get(utf8('a'))).toEqual(bytes(1));
  });

  test('changes are listed in order, with removals', () => {
    const overlay = new Overlay(stateOf('a').view);
    overlay.set(utf8('c'), utf8('1'));
    overlay.set(utf8('a'), undefined);
    overlay.append(utf8('b'), bytes(7));
    overlay.child(utf8('x')).set(utf8('y'), utf8('z'));
    expect(overlay.changes()).toEqual([
      [utf8('a'), undefined],
      [utf8('b'), bytes(4, 7)],
      [utf8('c'), utf8('1')],
    ]);
  });

  test('a key that is too long for a node is refused when it is set, not when the root is computed', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.set(new Uint8Array(KEY_BYTES_MAX), utf8('x'));
    expect(() => overlay.set(new Uint8Array(KEY_BYTES_MAX + 1), utf8('x'))).toThrow(RangeError);
    expect(() => overlay.append(new Uint8Array(KEY_BYTES_MAX + 1), utf8('x'))).toThrow(RangeError);
    expect(overlay.root(1)).toEqual(trieRoot([[new Uint8Array(KEY_BYTES_MAX), utf8('x')]], 1));
  });
});

describe('the next key', () => {
  test('is the first of the stored and the changed keys', () => {
    const overlay = new Overlay(stateOf('b', 'd', 'f').view);
    overlay.set(utf8('a'), utf8('1'));
    overlay.set(utf8('d'), undefined);
    overlay.set(utf8('e'), utf8('1'));
    overlay.set(utf8('f'), utf8('1'));
    const seen: Uint8Array[] = [];
    for (let key = overlay.nextKey(bytes()); key !== undefined; key = overlay.nextKey(key)) seen.push(key);
    expect(names(seen)).toEqual(['a', 'b', 'e', 'f']);
    expect(names(overlay.keys(bytes(), 2, utf8('a')))).toEqual(['b', 'e']);
  });

  test('alternating with added keys is fast', () => {
    const overlay = new Overlay(stateOf('m').view);
    const ms = processorMs(() => {
      for (let i = 0; i < 5000; i++) {
        overlay.set(utf8(String((i * 7919) % 5000)), utf8('x'));
        overlay.nextKey(utf8(String(i)));
      }
    });
    // About 100 ms; sorting each time would take minutes.
    expect(ms).toBeLessThan(10_000);
  });
});

describe('clearing a prefix', () => {
  test('without a limit removes all keys that begin with it, stored or not', () => {
    const overlay = new Overlay(stateOf('a', 'ab', 'abc', 'b').view);
    overlay.set(utf8('abd'), utf8('1'));
    expect(overlay.clearPrefix(utf8('ab'))).toEqual({ visited: 2, stored: 2, overlaid: 1, cursor: undefined });
    expect(names(overlay.keys(bytes(), 10))).toEqual(['a', 'b']);
  });

  test('a limit counts stored keys; those only in the overlay are all removed', () => {
    const overlay = new Overlay(stateOf('p1', 'p2', 'p3').view);
    overlay.set(utf8('p0'), utf8('1'));
    overlay.set(utf8('p4'), utf8('1'));
    expect(overlay.clearPrefix(utf8('p'), 2)).toEqual({ visited: 2, stored: 2, overlaid: 2, cursor: utf8('p3') });
    expect(names(overlay.keys(bytes(), 10))).toEqual(['p3']);
  });

  test('removed keys count towards the limit, as in Substrate', () => {
    const overlay = new Overlay(stateOf('p1', 'p2', 'p3').view);
    overlay.set(utf8('p1'), undefined);
    expect(overlay.clearPrefix(utf8('p'), 2)).toEqual({ visited: 2, stored: 1, overlaid: 0, cursor: utf8('p3') });
    expect(names(overlay.keys(bytes(), 10))).toEqual(['p3']);
    expect(overlay.clearPrefix(utf8('p'), 3)).toEqual({ visited: 3, stored: 1, overlaid: 0, cursor: undefined });
  });

  test('a limit of zero removes no stored key', () => {
    const overlay = new Overlay(stateOf('p1').view);
    expect(overlay.clearPrefix(utf8('p'), 0)).toEqual({ visited: 0, stored: 0, overlaid: 0, cursor: utf8('p1') });
    expect(overlay.clearPrefix(utf8('q'), 0)).toEqual({ visited: 0, stored: 0, overlaid: 0, cursor: undefined });
  });

  test('can be rolled back', () => {
    const overlay = new Overlay(stateOf('a', 'b').view);
    overlay.set(utf8('c'), utf8('1'));
    const root = overlay.root(1);
    overlay.begin();
    overlay.clearPrefix(bytes(0x61));
    overlay.child(utf8('x')).set(utf8('k'), utf8('v'));
    expect(overlay.root(1)).not.toEqual(root);
    overlay.rollback();
    expect(overlay.root(1)).toEqual(root);
  });
});

describe('appending', () => {
  const item = bytes(0xaa, 0xbb);

  test('to nothing makes a vector of one', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.append(utf8('v'), item);
    expect(overlay.get(utf8('v'))).toEqual(bytes(4, 0xaa, 0xbb));
  });

  test('extends a stored vector', () => {
    const { store, view } = stateOf();
    const first = new Overlay(view);
    first.append(utf8('v'), item);
    const second = new Overlay(store.at(store.commit(first, 1).root));
    second.append(utf8('v'), bytes(1));
    expect(second.get(utf8('v'))).toEqual(bytes(8, 0xaa, 0xbb, 1));
  });

  test('extends the length prefix if it needs more bytes', () => {
    const overlay = new Overlay(stateOf().view);
    for (let i = 0; i < 63; i++) overlay.append(utf8('v'), bytes(i));
    expect(overlay.get(utf8('v'))).toHaveLength(64);
    overlay.append(utf8('v'), bytes(63));
    // compact(64) = 0x0101
    expect(overlay.get(utf8('v'))).toEqual(Uint8Array.from([1, 1, ...Array.from({ length: 64 }, (_, i) => i)]));
    for (let i = 64; i < 16_384; i++) overlay.append(utf8('v'), bytes(i & 255));
    // compact(16384) = 0x02000100
    expect([...overlay.get(utf8('v'))!.subarray(0, 4)]).toEqual([2, 0, 1, 0]);
    expect(overlay.get(utf8('v'))).toHaveLength(4 + 16_384);
  });

  test.each([
    ['an empty value', bytes()],
    ['a length that is not canonical', bytes(1, 0, 9)],
    ['a length beyond u32', bytes(0x07, 0, 0, 0, 0, 1)],
    ['a length cut short', bytes(0x02, 1)],
  ])('to %s starts a new vector, as in Substrate', (_name, value) => {
    const overlay = new Overlay(stateOf().view);
    overlay.set(utf8('v'), value);
    overlay.append(utf8('v'), item);
    expect(overlay.get(utf8('v'))).toEqual(bytes(4, 0xaa, 0xbb));
  });

  test('to a counter of 2^32 - 1 keeps the bytes and wraps the counter, as in polkadot-sdk', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.set(utf8('v'), bytes(3, 0xff, 0xff, 0xff, 0xff, 7));
    overlay.append(utf8('v'), bytes(8));
    expect(overlay.get(utf8('v'))).toEqual(bytes(0, 7, 8)); // compact(0)
    overlay.append(utf8('v'), bytes(9));
    expect(overlay.get(utf8('v'))).toEqual(bytes(4, 7, 8, 9)); // compact(1)
  });

  test('in transactions that are rolled back has no effect, with any appends and reads in them', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.append(utf8('v'), bytes(1));
    overlay.begin();
    overlay.append(utf8('v'), bytes(2));
    overlay.begin();
    overlay.append(utf8('v'), bytes(3));
    expect(overlay.get(utf8('v'))).toEqual(bytes(12, 1, 2, 3));
    overlay.rollback();
    expect(overlay.get(utf8('v'))).toEqual(bytes(8, 1, 2));
    overlay.append(utf8('v'), bytes(4));
    expect(overlay.get(utf8('v'))).toEqual(bytes(12, 1, 2, 4));
    overlay.rollback();
    expect(overlay.get(utf8('v'))).toEqual(bytes(4, 1));
    overlay.append(utf8('v'), bytes(5));
    expect(overlay.get(utf8('v'))).toEqual(bytes(8, 1, 5));
  });

  test('does not change values that were read before', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.append(utf8('v'), bytes(1));
    const read = overlay.get(utf8('v'))!;
    overlay.append(utf8('v'), bytes(2));
    expect(read).toEqual(bytes(4, 1));
  });
});

describe('transactions', () => {
  test('that are committed inside one that is rolled back have no effect', () => {
    const overlay = new Overlay(stateOf('a').view);
    overlay.begin();
    overlay.set(utf8('b'), utf8('1'));
    overlay.begin();
    overlay.set(utf8('a'), undefined);
    overlay.set(utf8('b'), utf8('2'));
    overlay.commit();
    expect([overlay.has(utf8('a')), overlay.get(utf8('b'))]).toEqual([false, utf8('2')]);
    overlay.rollback();
    expect([overlay.has(utf8('a')), overlay.has(utf8('b'))]).toEqual([true, false]);
    expect(overlay.changes()).toEqual([]);
  });

  test('include child tries that are first accessed in them, at any depth', () => {
    const overlay = new Overlay(stateOf().view);
    overlay.begin();
    overlay.begin();
    overlay.begin();
    overlay.child(utf8('x')).set(utf8('k'), utf8('v'));
    overlay.commit();
    overlay.commit();
    expect(overlay.child(utf8('x')).get(utf8('k'))).toEqual(utf8('v'));
    overlay.rollback();
    expect(overlay.child(utf8('x')).get(utf8('k'))).toBeUndefined();
    expect(overlay.root(1)).toEqual(hashOf(EMPTY_ROOT));
  });

  test('visit only tries that were changed in them when they close, not those read, nor those changed before', () => {
    const overlay = new Overlay(stateOf('a').view);
    overlay.child(utf8('before')).set(utf8('k'), utf8('v'));
    overlay.begin();
    for (let i = 0; i < 100; i++) expect(overlay.readChild(utf8(`read ${i}`)).get(utf8('k'))).toBeUndefined();
    expect(overlay.childTries).toBe(1); // reading keeps nothing
    overlay.begin();
    expect(overlay.commit()).toBe(0); // a checkpoint after reads only
    overlay.begin();
    overlay.child(utf8('x')).set(utf8('k'), utf8('v'));
    overlay.child(utf8('y')).set(utf8('k'), utf8('v'));
    expect(overlay.commit()).toBe(2);
    overlay.begin();
    overlay.child(utf8('y')).set(utf8('k'), utf8('w'));
    expect(overlay.rollback()).toBe(1);
    expect(overlay.child(utf8('y')).get(utf8('k'))).toEqual(utf8('v'));
    expect(overlay.rollback()).toBe(2); // those of the committed one
    expect(overlay.child(utf8('y')).get(utf8('k'))).toBeUndefined();
    expect(overlay.child(utf8('before')).get(utf8('k'))).toEqual(utf8('v'));
  });

  test("can't be closed when none is open, nor stored when one is", () => {
    const { store, view } = stateOf();
    const overlay = new Overlay(view);
    expect(() => overlay.commit()).toThrow('no transaction is open');
    expect(() => overlay.rollback()).toThrow('no transaction is open');
    overlay.begin();
    expect(overlay.depth).toBe(1);
    expect(() => store.commit(overlay, 1)).toThrow('1 open transactions');
  });
});

describe('child tries', () => {
  const childKey = utf8('contract');

  test('have the roots that smoldot computes, which the main trie has too', async () => {
    const { store, view } = stateOf('main');
    const overlay = new Overlay(view);
    const entries = ['1', '2', 'long'].map((key): [Uint8Array, Uint8Array] => [utf8(key), utf8(key.repeat(20))]);
    for (const [key, value] of entries) overlay.child(childKey).set(key, value);
    const childRoot = (await calculate_state_root(
      entries.map(([key, value]) => [toHex(key), toHex(value)]),
      1,
    )) as string;
    expect(toHex(overlay.child(childKey).root(1))).toBe(childRoot);
    const rootKey = toHex(concat(utf8(':child_storage:default:'), childKey));
    const main = [
      [toHex(utf8('main')), toHex(utf8('main'))],
      [rootKey, childRoot],
    ];
    expect(toHex(overlay.root(1))).toBe(await calculate_state_root(main, 1));

    const stored = store.at(store.commit(overlay, 1).root);
    expect(toHex(stored.get(childRootKey(childKey))!)).toBe(childRoot);
    expect(toHex(stored.child(childKey)!.root)).toBe(childRoot);
    expect([...stored.child(childKey)!.entries()]).toEqual(entries);
  });

  test('without keys have no root in the main trie', () => {
    const { store, view } = stateOf('main');
    const first = new Overlay(view);
    first.child(childKey).set(utf8('k'), utf8('v'));
    const second = new Overlay(store.at(store.commit(first, 1).root));
    expect(second.child(childKey).get(utf8('k'))).toEqual(utf8('v'));
    second.child(childKey).set(utf8('k'), undefined);
    expect(second.child(childKey).root(1)).toEqual(hashOf(EMPTY_ROOT));
    expect(second.root(1)).toEqual(view.root);
    expect(store.at(store.commit(second, 1).root).child(childKey)).toBeUndefined();
  });

  test('can be removed entirely or up to a limit', () => {
    const { store, view } = stateOf();
    const first = new Overlay(view);
    for (const key of ['a', 'b', 'c']) first.child(childKey).set(utf8(key), utf8('v'));
    const overlay = new Overlay(store.at(store.commit(first, 1).root));
    expect(overlay.child(childKey).kill(2)).toEqual({ visited: 2, stored: 2, overlaid: 0, cursor: utf8('c') });
    expect(names(overlay.child(childKey).keys(bytes(), 10))).toEqual(['c']);
    expect(overlay.child(childKey).kill()).toEqual({ visited: 3, stored: 1, overlaid: 0, cursor: undefined });
    expect(overlay.root(1)).toEqual(hashOf(EMPTY_ROOT));
  });

  test('two child tries of the same content share their nodes', () => {
    const { store, view } = stateOf();
    const overlay = new Overlay(view);
    for (const name of ['x', 'y'])
      for (const key of ['a', 'b']) overlay.child(utf8(name)).set(utf8(key), new Uint8Array(40));
    const stored = store.at(store.commit(overlay, 1).root);
    const next = new Overlay(stored);
    next.child(utf8('x')).kill();
    const after = store.at(store.commit(next, 1).root);
    expect(after.child(utf8('x'))).toBeUndefined();
    expect(after.child(utf8('y'))!.get(utf8('b'))).toEqual(new Uint8Array(40));
  });

  test("have roots that the main storage can't set or remove", () => {
    const { store, view } = stateOf('main');
    const first = new Overlay(view);
    first.child(childKey).set(utf8('k'), utf8('v'));
    const overlay = new Overlay(store.at(store.commit(first, 1).root));
    const root = overlay.root(1);
    overlay.set(childRootKey(childKey), utf8('forged'));
    overlay.set(childRootKey(childKey), undefined);
    const prefixes = [
      '',
      ':',
      ':child_storage:',
      ':child_storage:d',
      ':child_storage:default:',
      ':child_storage:default:c',
    ];
    for (const prefix of prefixes) {
      const removal = { visited: 0, stored: 0, overlaid: 0, cursor: undefined };
      expect([prefix, overlay.clearPrefix(utf8(prefix))]).toEqual([prefix, removal]);
    }
    expect(overlay.root(1)).toEqual(root);
    expect(overlay.changes()).toEqual([]);
  });

  test('have roots to which the main storage can append; then the child trie is unusable, until the root is computed', () => {
    const { store, view } = stateOf('main');
    const first = new Overlay(view);
    first.append(childRootKey(childKey), bytes(9));
    expect(first.get(childRootKey(childKey))).toEqual(bytes(4, 9));
    expect(first.child(childKey).get(utf8('k'))).toBeUndefined(); // of the stored state
    const overlay = new Overlay(store.at(store.commit(first, 1).root));
    expect(() => overlay.child(childKey).get(utf8('k'))).toThrow('no valid root for the child trie 0x636f6e7472616374');

    const replaced = new Overlay(view);
    replaced.append(childRootKey(childKey), bytes(9));
    replaced.child(childKey).set(utf8('k'), utf8('v'));
    const stored = store.at(store.commit(replaced, 1).root);
    expect(stored.child(childKey)!.get(utf8('k'))).toEqual(utf8('v'));
  });

  test('that were cleared without having keys do not replace what was appended, once anything is rolled back', () => {
    const key = childRootKey(childKey);
    const overlay = new Overlay(stateOf('main').view);
    overlay.append(key, bytes(9));
    const appended = overlay.root(1);
    overlay.child(childKey).kill();
    expect(overlay.root(1)).toEqual(stateOf('main').view.root); // the empty child trie has no root
    overlay.begin();
    overlay.child(utf8('other')).kill();
    overlay.rollback();
    expect(overlay.root(1)).toEqual(appended);
  });

  test('appending after a root was computed is in the next root', () => {
    const overlay = new Overlay(stateOf('main').view);
    const before = overlay.root(1);
    overlay.append(utf8('main'), bytes(1));
    expect(overlay.root(1)).not.toEqual(before);
  });
});
