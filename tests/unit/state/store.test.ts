// The store: views by root, batches shared with other writes, and missing nodes.
import { describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader, toHex, utf8 } from '../../../host/bytes/index.js';
import { Batch, LmdbDatabase, MemoryDatabase } from '../../../host/db/index.js';
import { childRootKey, Overlay, StateStore, TrieView, UnknownState } from '../../../host/state/index.js';
import {
  hashOf,
  EMPTY_ROOT,
  MissingNode,
  ProofSource,
  toNodeHash,
  trieRoot,
  verifyProof,
} from '../../../host/trie/index.js';
import { BoundedCache } from '../../../host/state/cache.js';
import { SortedPaths } from '../../../host/state/sorted-paths.js';
import { Random, SEED } from '../../random.js';

const number = (value: number) => utf8(String(value).padStart(5, '0'));

/** A store whose state `root` has the keys 00000 to 00499, with values that are hashed. */
function filled(db = new MemoryDatabase()): { db: MemoryDatabase; store: StateStore; root: Uint8Array } {
  const store = new StateStore(db);
  const overlay = new Overlay(store.empty);
  for (let i = 0; i < 500; i++) overlay.set(number(i), new Uint8Array(40).fill(i));
  return { db, store, root: store.commit(overlay, 1).root };
}

describe('views', () => {
  test('the empty state always exists', () => {
    const store = new StateStore(new MemoryDatabase());
    expect(store.empty.root).toEqual(hashOf(EMPTY_ROOT));
    expect(store.has(store.empty.root)).toBe(true);
    expect(store.at(store.empty.root).get(utf8('a'))).toBeUndefined();
    expect(store.at(store.empty.root).nextKey(new Uint8Array(0))).toBeUndefined();
    expect(store.empty.proof([utf8('a')])).toEqual([]);
  });

  test('an unknown root is refused with a message', () => {
    const { store } = filled();
    const root = new Uint8Array(32).fill(1);
    expect(store.has(root)).toBe(false);
    expect(() => store.at(root)).toThrow(UnknownState);
    expect(() => store.at(root)).toThrow(`the state with the root ${toHex(root)} is not stored here`);
  });

  test('old states do not change', () => {
    const { store, root } = filled();
    const overlay = new Overlay(store.at(root));
    for (let i = 0; i < 500; i += 2) overlay.set(number(i), undefined);
    const later = store.commit(overlay, 1).root;
    expect(store.at(root).keys(new Uint8Array(0), 1000)).toHaveLength(500);
    expect(store.at(later).keys(new Uint8Array(0), 1000)).toHaveLength(250);
    expect(store.at(root).get(number(4))).toEqual(new Uint8Array(40).fill(4));
  });

  test('the length of a stored value is known without reading the value', () => {
    const db = new MemoryDatabase();
    const reads = jest.spyOn(Reader.prototype, 'raw'); // what copies bytes of a page
    const longest = (): number => Math.max(...reads.mock.calls.map(([count]) => count));
    const first = new StateStore(db);
    const overlay = new Overlay(first.empty);
    const big = new Uint8Array(1_000_000);
    overlay.set(utf8('big'), big);
    overlay.child(utf8('x')).set(utf8('big'), big);
    const { root } = first.commit(overlay, 1);

    const state = new Overlay(new StateStore(db).at(root)); // with an empty cache
    expect(state.length(utf8('big'))).toBe(big.length);
    expect(state.readChild(utf8('x')).length(utf8('big'))).toBe(big.length);
    expect(state.length(utf8('none'))).toBeUndefined();
    expect(longest()).toBeLessThan(1_000); // nodes
    expect(state.get(utf8('big'))?.length).toBe(big.length);
    expect(longest()).toBe(big.length);
    reads.mockRestore();
  });

  test('keys are paged', () => {
    const { store, root } = filled();
    const view = store.at(root);
    expect(view.keys(utf8('0001'), 3)).toEqual([10, 11, 12].map(number));
    expect(view.keys(utf8('0001'), 3, number(18))).toEqual([number(19)]);
    expect(view.keys(utf8('0001'), 0)).toEqual([]);
    expect(view.nextKey(number(499))).toBeUndefined();
    expect([...view.entries(utf8('0049'))].map(([key]) => key)).toEqual(
      Array.from({ length: 10 }, (_, i) => number(490 + i)),
    );
  });

  test('a proof has the path to every key, and can be viewed as a state', () => {
    const { store, root } = filled();
    const overlay = new Overlay(store.at(root));
    overlay.child(utf8('c')).set(utf8('k'), new Uint8Array(50));
    const view = store.at(store.commit(overlay, 1).root);
    const proof = view.proof([number(7), utf8('none'), childRootKey(utf8('c'))]);
    expect(verifyProof(view.root, proof, number(7))).toEqual(new Uint8Array(40).fill(7));
    expect(verifyProof(view.root, proof, utf8('none'))).toBeUndefined();

    const childProof = view.child(utf8('c'))!.proof([utf8('k')]);
    const remote = new TrieView(new ProofSource([...proof, ...childProof]), toNodeHash(view.root));
    expect(remote.get(number(7))).toEqual(new Uint8Array(40).fill(7));
    expect(remote.child(utf8('c'))!.get(utf8('k'))).toEqual(new Uint8Array(50));
    expect(() => remote.get(number(300))).toThrow(MissingNode);
  });
});

describe('committing', () => {
  test('an overlay without changes has the root of its parent', () => {
    const { store, root } = filled();
    expect(store.commit(new Overlay(store.at(root)), 1).root).toEqual(root);
  });

  test('with a batch writes nothing before the batch is written', () => {
    const { db, store, root } = filled();
    const overlay = new Overlay(store.at(root));
    overlay.set(utf8('x'), utf8('1'));
    const batch = new Batch().put('headers', utf8('head'), utf8('block'));
    const next = store.commit(overlay, 1, batch).root;
    expect(store.has(next)).toBe(false);
    db.write(batch);
    expect(store.at(next).get(utf8('x'))).toEqual(utf8('1'));
    expect(db.column('headers').get(utf8('head'))).toEqual(utf8('block'));
  });

  test('a batch that is never written does not affect later ones', () => {
    const { db, store, root } = filled();
    const dropped = new Overlay(store.at(root));
    dropped.set(utf8('x'), new Uint8Array(100));
    store.commit(dropped, 1, new Batch());
    const kept = new Overlay(store.at(root));
    kept.set(utf8('x'), new Uint8Array(100));
    const { root: next } = store.commit(kept, 1);
    const fresh = new StateStore(db);
    expect(fresh.at(next).get(utf8('x'))).toEqual(new Uint8Array(100));
    expect(fresh.at(next).keys(new Uint8Array(0), 1000)).toHaveLength(501);
  });

  test('a state that author and importer both make is stored once', () => {
    const { db, store, root } = filled();
    const make = () => {
      const overlay = new Overlay(store.at(root));
      overlay.set(utf8('x'), utf8('1'));
      return overlay;
    };
    const first = store.commit(make(), 1).root;
    const size = [...db.column('nodes').entries()].length;
    expect(store.commit(make(), 1).root).toEqual(first);
    expect([...db.column('nodes').entries()]).toHaveLength(size);
  });

  test('a value that is removed and set again is found', () => {
    const { store, root } = filled();
    const without = new Overlay(store.at(root));
    without.set(number(3), undefined);
    const back = new Overlay(store.at(store.commit(without, 1).root));
    back.set(number(3), new Uint8Array(40).fill(3));
    expect(store.commit(back, 1).root).toEqual(root);
    expect(store.at(root).get(number(3))).toEqual(new Uint8Array(40).fill(3));
  });

  test('another store over the same database reads all states, with and without a cache', () => {
    const { db, root } = filled();
    for (const cacheBytes of [0, 1 << 20]) {
      const store = new StateStore(db, { cacheBytes });
      const entries = [...store.at(root).entries()];
      expect(entries).toHaveLength(500);
      expect(trieRoot(entries, 1)).toEqual(root);
      expect(store.cachedBytes).toBeLessThanOrEqual(cacheBytes);
    }
  });

  test('nodes and values fill pages of the database, and a long one has its own', () => {
    const db = new MemoryDatabase();
    const overlay = new Overlay(new StateStore(db).empty);
    for (let i = 0; i < 3000; i++) overlay.set(number(i), new Uint8Array(i % 300).fill(i));
    for (const length of [4000, 4050, 4064, 4065, 70_000, 200_000])
      overlay.set(number(length), new Uint8Array(length).fill(1));
    const { root } = new StateStore(db).commit(overlay, 1);
    const entries = [...new StateStore(db).at(root).entries()];
    expect(entries).toHaveLength(3006);
    expect(trieRoot(entries, 1)).toEqual(root);
    // A page of LMDB's file holds 4,064 bytes; a longer page is a single item.
    for (const [, page] of db.column('nodes').entries()) {
      const reader = new Reader(page);
      reader.bytes();
      expect(page.length <= 4064 || reader.remaining === 0).toBe(true);
    }
  });

  test('states survive in a durable database, and page numbers continue', async () => {
    const path = mkdtempSync(join(tmpdir(), 'corejam-state-'));
    let root: Uint8Array | undefined;
    for (let round = 0; round < 3; round++) {
      const db = new LmdbDatabase(path);
      const store = new StateStore(db);
      const overlay = new Overlay(root === undefined ? store.empty : store.at(root));
      for (let i = 0; i < 100; i++) overlay.set(number(round * 100 + i), new Uint8Array(i).fill(round));
      root = store.commit(overlay, 1).root;
      const entries = [...store.at(root).entries()];
      expect(entries).toHaveLength((round + 1) * 100);
      expect(trieRoot(entries, 1)).toEqual(root);
      await db.close();
    }
    rmSync(path, { recursive: true });
  });
});

describe('the cache', () => {
  test('never exceeds its bound, and keeps entries that are used', () => {
    const cache = new BoundedCache<string>(100, (value) => value.length);
    cache.set('kept', 'x'.repeat(10));
    for (let i = 0; i < 1000; i++) {
      cache.set(String(i), 'x'.repeat(10));
      expect(cache.bytes).toBeLessThanOrEqual(100);
      expect(cache.get('kept')).toBe('x'.repeat(10));
    }
    expect(cache.get('0')).toBeUndefined();
    expect(cache.get('999')).toBe('x'.repeat(10));
  });

  test('does not keep an entry that is larger than the bound', () => {
    const cache = new BoundedCache<string>(100, (value) => value.length);
    cache.set('small', 'x');
    cache.set('large', 'x'.repeat(1000));
    expect(cache.get('large')).toBeUndefined();
    expect(cache.get('small')).toBe('x');
  });
});

test(`sorted paths have the contents of a sorted array (seed ${SEED})`, () => {
  const random = new Random(SEED ^ 0x44);
  for (const count of [0, 1, 300, 5000]) {
    const paths = new SortedPaths();
    const model = new Set<string>();
    const ascending = random.chance(0.5);
    for (let i = 0; i < count; i++) {
      const path = ascending ? i.toString(16).padStart(6, '0') : random.below(1 << 24).toString(16);
      if (!model.has(path)) paths.add(path);
      model.add(path);
      if (random.chance(0.3)) {
        const gone = random.pick([...model].slice(0, 20));
        model.delete(gone);
        paths.delete(gone);
      }
    }
    const sorted = [...model].sort();
    expect(paths.size).toBe(sorted.length);
    expect([...paths.from('', true)]).toEqual(sorted);
    for (let probe = 0; probe < 50; probe++) {
      const from = sorted.length > 0 && random.chance(0.5) ? random.pick(sorted) : random.below(1 << 24).toString(16);
      expect([...paths.from(from, true)]).toEqual(sorted.filter((path) => path >= from));
      expect([...paths.from(from, false)]).toEqual(sorted.filter((path) => path > from));
    }
  }
});
