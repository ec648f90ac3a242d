// Overlays against naive-state.ts: random operations, transactions and blocks; every result and every root is compared.
import { describe, expect, test } from '@jest/globals';
import { fromHex, toHex, utf8 } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Overlay, StateStore } from '../../../host/state/index.js';
import type { TrieOverlay } from '../../../host/state/index.js';
import { Random, SEED } from '../../random.js';
import { CHILD_ROOTS, NaiveState } from './naive-state.js';
import type { NaiveTrie } from './naive-state.js';

const CHILDREN = ['', 'a', 'ab', 'other'];
const hex = (bytes: Uint8Array | undefined) => bytes && toHex(bytes);

/** One of few keys, so that they recur. Some are prefixes of others. */
function randomKey(random: Random): Uint8Array {
  return Uint8Array.from({ length: random.below(4) }, () => random.pick([0, 1, 0x10, 0xf0, 0xff]));
}

class Comparison {
  readonly overlay: Overlay;
  readonly model: NaiveState;
  /** For each trie, the changed keys of the overlay, in which `clearPrefix` counts stored keys differently. */
  readonly written = new Map<string, Set<string>[]>();

  constructor(
    readonly random: Random,
    readonly store: StateStore,
    root: Uint8Array,
    stored: NaiveState,
  ) {
    this.overlay = new Overlay(store.at(root));
    this.model = new NaiveState(stored);
  }

  step(): void {
    const { random, overlay, model } = this;
    const roll = random.below(100);
    if (roll < 8) {
      if (overlay.depth >= 4) return;
      overlay.begin();
      model.begin();
      for (const sets of this.written.values()) sets.push(new Set(sets.at(-1)));
    } else if (roll < 16) {
      if (overlay.depth === 0) return;
      const keep = random.chance(0.5);
      overlay[keep ? 'commit' : 'rollback']();
      model[keep ? 'commit' : 'rollback']();
      for (const sets of this.written.values()) sets.splice(keep ? -2 : -1, 1);
    } else if (roll < 20) {
      if (random.chance(0.3)) overlay.root(0); // must not be taken for the root of version 1 afterwards
      expect(hex(overlay.root(1))).toBe(toHex(model.root()));
    } else if (roll < 60) {
      this.#operate('main', overlay, model.main);
    } else {
      const name = random.pick(CHILDREN);
      const read = randomKey(random);
      expect(hex(overlay.readChild(utf8(name)).get(read))).toBe(hex(model.child(name).now.get(toHex(read))));
      if (random.chance(0.2)) return;
      this.#operate(name + '!', overlay.child(utf8(name)), model.child(name));
    }
  }

  #writtenIn(trie: string): Set<string> {
    let sets = this.written.get(trie);
    if (sets === undefined) {
      sets = Array.from({ length: this.overlay.depth + 1 }, () => new Set<string>());
      this.written.set(trie, sets);
    }
    return sets.at(-1)!;
  }

  #operate(name: string, ours: Overlay | TrieOverlay, model: NaiveTrie): void {
    const { random } = this;
    const key = randomKey(random);
    const id = toHex(key);
    const written = this.#writtenIn(name);
    switch (random.below(9)) {
      case 0:
      case 1: {
        const value = random.bytes(random.pick([0, 1, 5, 32, 33, 60]));
        ours.set(key, value);
        model.now.set(id, value);
        written.add(id);
        break;
      }
      case 2:
        ours.set(key, undefined);
        model.now.delete(id);
        written.add(id);
        break;
      case 3: {
        const item = random.bytes(random.below(5));
        ours.append(key, item);
        model.append(id, item);
        written.add(id);
        break;
      }
      case 4: {
        const limit = random.pick([undefined, 0, 1, 3]);
        const prefix = key.subarray(0, 1 + random.below(2));
        if (name === 'main' && prefix.length === 0) break;
        const from = random.chance(0.5) ? undefined : randomKey(random);
        expect(ours.clearPrefix(prefix, limit, from)).toEqual(
          model.clearPrefix(toHex(prefix), written, limit, from && toHex(from)),
        );
        break;
      }
      case 5:
        expect(hex(ours.nextKey(key))).toBe(model.keys('0x', 1, id)[0]);
        break;
      case 6: {
        const after = random.chance(0.5) ? randomKey(random) : undefined;
        const prefix = key.subarray(0, random.below(2));
        expect(ours.keys(prefix, 4, after).map(toHex)).toEqual(model.keys(toHex(prefix), 4, after && toHex(after)));
        break;
      }
      default:
        expect(hex(ours.get(key))).toBe(hex(model.now.get(id)));
        expect(ours.has(key)).toBe(model.now.has(id));
        expect(ours.length(key)).toBe(model.now.get(id)?.length);
    }
  }

  finish(): { root: Uint8Array; changes: [Uint8Array, Uint8Array | undefined][] } {
    while (this.overlay.depth > 0) {
      this.overlay.commit();
      this.model.commit();
    }
    return { ...this.store.commit(this.overlay, 1), changes: this.overlay.changes() };
  }
}

describe(`seed ${SEED}`, () => {
  test.each([0, 1, 2, 3, 4, 5])('run %d: ten blocks of random operations', (run) => {
    const random = new Random(SEED + run * 7919);
    // A tiny cache, so that nodes are loaded again and again.
    const store = new StateStore(new MemoryDatabase(), { cacheBytes: run % 2 === 0 ? 1 << 20 : 2000 });
    let root = store.empty.root;
    let stored = new NaiveState();
    const history: { root: Uint8Array; state: NaiveState }[] = [];
    for (let block = 0; block < 10; block++) {
      const comparison = new Comparison(random, store, root, stored);
      for (let step = 0; step < 120; step++) comparison.step();
      const { root: next, changes } = comparison.finish();
      expect(toHex(next)).toBe(toHex(comparison.model.root()));
      for (const [key, value] of changes) expect(hex(value)).toBe(hex(comparison.model.main.now.get(toHex(key))));
      stored = comparison.model;
      root = next;
      history.push({ root, state: stored });
    }
    for (const { root: past, state } of history) {
      const view = store.at(past);
      const main = view
        .keys(new Uint8Array(0), 1000)
        .map(toHex)
        .filter((key) => !key.startsWith(CHILD_ROOTS));
      expect(main).toEqual(state.main.keys('0x').filter((key) => !key.startsWith(CHILD_ROOTS)));
      for (const key of main) expect(hex(view.get(fromHex(key)))).toBe(hex(state.main.now.get(key)));
      for (const name of CHILDREN) {
        const entries = [...(view.child(utf8(name))?.entries() ?? [])].map(([key, value]) => [
          toHex(key),
          toHex(value),
        ]);
        const expected = state.children.get(name);
        expect(entries).toEqual((expected?.keys('0x') ?? []).map((key) => [key, toHex(expected!.now.get(key)!)]));
      }
    }
  });
});
