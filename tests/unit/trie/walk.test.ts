// Walks over a trie, against a sorted list of its keys.
import { expect, test } from '@jest/globals';
import { compare, fromHex, startsWith, toHex } from '../../../host/bytes/index.js';
import { find, fromPath, toPath, valueOf, walk } from '../../../host/trie/index.js';
import { SEED } from '../../random.js';
import { TrieRandom } from './random.js';
import { StoredTrie } from './stored-trie.js';

test(`walks with any prefix from any key visit the same as a sorted list (seed ${SEED})`, () => {
  const random = new TrieRandom(SEED ^ 0x33);
  for (let round = 0; round < 40; round++) {
    const map = new Map<string, Uint8Array>();
    for (let count = random.below(80); count > 0; count--) map.set(toHex(random.key()), random.value());
    const entries = [...map].map(([key, value]): [Uint8Array, Uint8Array] => [fromHex(key), value]);
    const sorted = entries.map(([key]) => key).sort(compare);
    const trie = new StoredTrie();
    trie.change(entries, 1);

    for (const [key, value] of entries) expect(valueOf(trie, find(trie, trie.rootNode, toPath(key))!)).toEqual(value);
    for (let probe = 0; probe < 60; probe++) {
      const known = sorted.length > 0 && random.chance(0.6);
      const prefix = (known ? random.pick(sorted) : random.key()).subarray(0, random.pick([0, 0, 1, 2, 3]));
      const after = random.chance(0.3) ? undefined : known && random.chance(0.5) ? random.pick(sorted) : random.key();
      const expected = sorted.filter(
        (key) => startsWith(key, prefix) && (after === undefined || compare(key, after) > 0),
      );
      const found = [...walk(trie, trie.rootNode, toPath(prefix), after && toPath(after))].map(({ path }) =>
        fromPath(path),
      );
      expect(found.map(toHex)).toEqual(expected.map(toHex));
      const absent = random.key();
      expect(find(trie, trie.rootNode, toPath(absent))?.value !== undefined).toBe(map.has(toHex(absent)));
    }
  }
});

test('a path of an odd number of nibbles is not a key', () => {
  expect(() => fromPath('abc')).toThrow(RangeError);
});
