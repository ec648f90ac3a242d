// Roots against two independent implementations: smoldot's (compiled into chopsticks-executor), and that of
// reference.ts.
import { describe, expect, test } from '@jest/globals';
import { calculate_state_root } from '@acala-network/chopsticks-executor';
import { compactToU8a } from '@polkadot/util';
import { fromHex, toHex, utf8 } from '../../../host/bytes/index.js';
import { LEVELS_MAX, orderedTrieRoot, sortedChanges, TrieTooDeep, trieRoot, update } from '../../../host/trie/index.js';
import type { StateVersion } from '../../../host/trie/index.js';
import { SEED } from '../../random.js';
import { TrieRandom } from './random.js';
import { referenceRoot } from './reference.js';
import { StoredTrie } from './stored-trie.js';

const VERSIONS: StateVersion[] = [0, 1];

async function smoldotRoot(
  entries: Iterable<readonly [Uint8Array, Uint8Array]>,
  version: StateVersion,
): Promise<string> {
  return (await calculate_state_root(
    [...entries].map(([key, value]) => [toHex(key), toHex(value)]),
    version,
  )) as string;
}

function randomEntries(random: TrieRandom): [Uint8Array, Uint8Array][] {
  const entries = new Map<string, [Uint8Array, Uint8Array]>();
  for (let count = random.below(random.pick([3, 30, 200])); count > 0; count--) {
    const key = random.key();
    entries.set(toHex(key), [key, random.value()]);
  }
  return [...entries.values()];
}

test('the empty trie has the extrinsics root of every empty block', () => {
  for (const version of VERSIONS) {
    expect(toHex(trieRoot([], version))).toBe('0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314');
    expect(orderedTrieRoot([], version)).toEqual(trieRoot([], version));
  }
});

test.each(VERSIONS)(`random maps have the roots that smoldot computes, version %d (seed ${SEED})`, async (version) => {
  const random = new TrieRandom(SEED);
  for (let round = 0; round < 40; round++) {
    const entries = randomEntries(random);
    const root = toHex(trieRoot(entries, version));
    expect(root).toBe(await smoldotRoot(entries, version));
    expect(toHex(referenceRoot(entries, version))).toBe(root);
  }
});

test.each(VERSIONS)("partial keys of every length around the header's limits, version %d", async (version) => {
  // The header has 6, 5 or 4 bits for the length: 63, 31 and 15. Each 255 nibbles more take another byte.
  for (const nibbles of [
    14, 15, 16, 30, 31, 32, 62, 63, 64, 269, 270, 271, 285, 286, 287, 317, 318, 319, 572, 573, 574, 1000,
  ]) {
    const long = new Uint8Array(Math.ceil(nibbles / 2)).fill(0x77);
    for (const value of [utf8('short'), new Uint8Array(33)]) {
      const alone: [Uint8Array, Uint8Array][] = [[long, value]];
      const keys = [long, Uint8Array.of(...long, 1), Uint8Array.of(...long, 0x80)];
      const branch = keys.map((key): [Uint8Array, Uint8Array] => [key, value]);
      expect(toHex(trieRoot(alone, version))).toBe(await smoldotRoot(alone, version));
      expect(toHex(trieRoot(branch, version))).toBe(await smoldotRoot(branch, version));
    }
  }
});

test('only in version 1 are values of 33 bytes hashed; values of 32 bytes are inline', async () => {
  for (const length of [31, 32, 33]) {
    const entries: [Uint8Array, Uint8Array][] = [[utf8('key'), new Uint8Array(length).fill(1)]];
    const [v0, v1] = VERSIONS.map((version) => toHex(trieRoot(entries, version)));
    expect(v0 === v1).toBe(length <= 32);
    expect([v0, v1]).toEqual([await smoldotRoot(entries, 0), await smoldotRoot(entries, 1)]);
  }
});

test('the last value of equal keys counts, and the order of keys does not', () => {
  const [a, b, c] = [utf8('a'), utf8('b'), utf8('c')];
  expect(
    trieRoot(
      [
        [a, b],
        [b, a],
        [a, c],
      ],
      1,
    ),
  ).toEqual(
    trieRoot(
      [
        [b, a],
        [a, c],
      ],
      1,
    ),
  );
});

test('an ordered trie has compact indices as keys', async () => {
  const random = new TrieRandom(7);
  // From 64 and from 16,384, the compact index is longer.
  const values = Array.from({ length: 16_400 }, (_, i) => (i % 1000 === 0 ? random.bytes(50) : Uint8Array.of(i & 255)));
  for (const count of [1, 2, 63, 64, 65, 300, 16_400]) {
    const entries = values.slice(0, count).map((value, i): [Uint8Array, Uint8Array] => [compactToU8a(i), value]);
    for (const version of count > 1000 ? [1 as const] : VERSIONS) {
      expect(toHex(orderedTrieRoot(values.slice(0, count), version))).toBe(await smoldotRoot(entries, version));
    }
  }
});

describe('changing a stored trie', () => {
  test.each(VERSIONS)(
    `after batches of random changes the root is that of the map, version %d (seed ${SEED})`,
    (version) => {
      const random = new TrieRandom(SEED ^ 0x55);
      for (let round = 0; round < 12; round++) {
        const trie = new StoredTrie();
        const map = new Map<string, Uint8Array>();
        for (let batch = 0; batch < 12; batch++) {
          const changes: [Uint8Array, Uint8Array | undefined][] = [];
          for (let count = random.below(random.pick([2, 10, 60])); count > 0; count--) {
            const known = map.size > 0 && random.chance(0.5) ? fromHex(random.pick([...map.keys()])) : random.key();
            changes.push([known, random.chance(0.4) ? undefined : random.value()]);
          }
          if (random.chance(0.1))
            changes.push(...[...map.keys()].map((key): [Uint8Array, undefined] => [fromHex(key), undefined]));
          for (const [key, value] of changes) {
            if (value === undefined) map.delete(toHex(key));
            else map.set(toHex(key), value);
          }
          trie.change(changes, version);
          expect(toHex(trie.rootBytes)).toBe(
            toHex(
              referenceRoot(
                [...map].map(([key, value]) => [fromHex(key), value]),
                version,
              ),
            ),
          );
        }
      }
    },
  );

  test('changes without effect make no nodes', () => {
    const trie = new StoredTrie();
    trie.change(
      [
        [utf8('abc'), utf8('1')],
        [utf8('abd'), new Uint8Array(40)],
        [utf8('x'), utf8('2')],
      ],
      1,
    );
    const before = [trie.rootHash, trie.items.size];
    const unchanged: [Uint8Array, Uint8Array | undefined][] = [
      [utf8('abc'), utf8('1')],
      [utf8('abd'), new Uint8Array(40)],
      [utf8('ab'), undefined],
      [utf8('abcd'), undefined],
      [utf8('y'), undefined],
    ];
    const { root, values } = update(trie, trie.rootNode, sortedChanges(unchanged), 1);
    expect([root, values.size]).toEqual([trie.rootHash, 0]);
    trie.change(unchanged, 1);
    expect([trie.rootHash, trie.items.size]).toEqual(before);
  });

  test('a value set in version 0 is stored inline until it is set in version 1', () => {
    const [key, other, value] = [utf8('key'), utf8('other'), new Uint8Array(40).fill(9)];
    const trie = new StoredTrie();
    trie.change(
      [
        [key, value],
        [other, value],
      ],
      0,
    );
    trie.change([[utf8('third'), utf8('short')]], 1);
    expect(toHex(trie.rootBytes)).toBe(
      toHex(
        trieRoot(
          [
            [key, value],
            [other, value],
            [utf8('third'), utf8('short')],
          ],
          0,
        ),
      ),
    );
    trie.change(
      [
        [key, value],
        [other, value],
      ],
      1,
    );
    expect(toHex(trie.rootBytes)).toBe(
      toHex(
        trieRoot(
          [
            [key, value],
            [other, value],
            [utf8('third'), utf8('short')],
          ],
          1,
        ),
      ),
    );
  });

  test('a chain of a thousand keys, each a prefix of the next, does not exhaust the stack', async () => {
    const keys = Array.from({ length: 1000 }, (_, i) => new Uint8Array(i + 1));
    const trie = new StoredTrie();
    trie.change(
      keys.map((key): [Uint8Array, Uint8Array] => [key, utf8('value')]),
      1,
    );
    expect(toHex(trie.rootBytes)).toBe(
      await smoldotRoot(
        keys.map((key) => [key, utf8('value')]),
        1,
      ),
    );
    trie.change(
      keys.slice(1).map((key): [Uint8Array, undefined] => [key, undefined]),
      1,
    );
    expect(trie.rootBytes).toEqual(trieRoot([[keys[0]!, utf8('value')]], 1));
  });
});

test('a trie has at most 1,024 levels', () => {
  // Each key is a prefix of the next, so each takes a level.
  const nested = (levels: number): [Uint8Array, Uint8Array][] =>
    Array.from({ length: levels }, (_, index) => [new Uint8Array(index + 1), utf8('value')]);
  expect(toHex(trieRoot(nested(200), 1))).toBe(toHex(referenceRoot(nested(200), 1)));
  expect(trieRoot(nested(LEVELS_MAX), 1)).toHaveLength(32);
  expect(() => trieRoot(nested(LEVELS_MAX + 1), 1)).toThrow(TrieTooDeep);
  // The limit also holds for a trie that grows level by level. A long key alone takes only one level.
  const stored = new StoredTrie();
  for (const [key, value] of nested(LEVELS_MAX)) stored.change([[key, value]], 1);
  expect(() => stored.change([[new Uint8Array(LEVELS_MAX + 1), utf8('value')]], 1)).toThrow(TrieTooDeep);
  expect(trieRoot([[new Uint8Array(32_767), utf8('value')]], 1)).toHaveLength(32);
});
