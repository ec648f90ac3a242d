// Proofs against smoldot's: it verifies proofs made here, and proofs that it made are verified here.
import { describe, expect, test } from '@jest/globals';
import { create_proof, decode_proof } from '@acala-network/chopsticks-executor';
import { fromHex, toHex, utf8 } from '../../../host/bytes/index.js';
import { createProof, InvalidProof, trieRoot, verifyProof } from '../../../host/trie/index.js';
import type { StateVersion } from '../../../host/trie/index.js';
import { SEED } from '../../random.js';
import { TrieRandom } from './random.js';
import { StoredTrie } from './stored-trie.js';

const VERSIONS: StateVersion[] = [0, 1];

function randomTrie(random: TrieRandom, version: StateVersion): { trie: StoredTrie; map: Map<string, Uint8Array> } {
  const map = new Map<string, Uint8Array>();
  for (let count = 1 + random.below(120); count > 0; count--) map.set(toHex(random.key()), random.value());
  const trie = new StoredTrie();
  trie.change(
    [...map].map(([key, value]) => [fromHex(key), value] as const),
    version,
  );
  return { trie, map };
}

describe.each(VERSIONS)(`version %d (seed ${SEED})`, (version) => {
  test('a proof proves the values of its keys, and the absence of others', () => {
    const random = new TrieRandom(SEED ^ 0x71);
    for (let round = 0; round < 20; round++) {
      const { trie, map } = randomTrie(random, version);
      const known = [...map.keys()];
      const pickKey = () => (random.chance(0.7) ? fromHex(random.pick(known)) : random.key());
      const keys = Array.from({ length: 1 + random.below(5) }, pickKey);
      const proof = createProof(trie, trie.rootNode, keys);
      for (const key of keys) expect(verifyProof(trie.rootBytes, proof, key)).toEqual(map.get(toHex(key)));
    }
  });

  test('a proof for one key without one of its items, or with an altered item, is invalid', () => {
    const random = new TrieRandom(SEED ^ 0x72);
    for (let round = 0; round < 20; round++) {
      const { trie, map } = randomTrie(random, version);
      const key = fromHex(random.pick([...map.keys()]));
      const proof = createProof(trie, trie.rootNode, [key]);
      for (const [i, item] of proof.entries()) {
        expect(() => verifyProof(trie.rootBytes, proof.toSpliced(i, 1), key)).toThrow(InvalidProof);
        const altered = item.slice();
        if (altered.length === 0) continue;
        altered[random.below(altered.length)]! ^= 1 << random.below(8);
        expect(() => verifyProof(trie.rootBytes, proof.with(i, altered), key)).toThrow(InvalidProof);
      }
    }
  });

  test('smoldot verifies proofs made here', async () => {
    const random = new TrieRandom(SEED ^ 0x73);
    for (let round = 0; round < 12; round++) {
      const { trie, map } = randomTrie(random, version);
      const keys = Array.from({ length: 3 }, () => random.pick([...map.keys()]));
      const proof = createProof(trie, trie.rootNode, keys.map(fromHex));
      const decoded = new Map((await decode_proof(toHex(trie.rootBytes), proof.map(toHex))) as [string, string][]);
      for (const key of keys) expect(decoded.get(key)).toBe(toHex(map.get(key)!));
    }
  });
});

test('proofs made by smoldot are verified here', async () => {
  const entries = Array.from({ length: 40 }, (_, i): [Uint8Array, Uint8Array] => [
    utf8(`key ${i * 7}`),
    utf8('v'.repeat(i)),
  ]);
  const trie = new StoredTrie();
  trie.change(entries, 0);
  const ours = createProof(
    trie,
    trie.rootNode,
    entries.map(([key]) => key),
  );
  const changes = [
    [toHex(utf8('key 70')), '0x1234'],
    [toHex(utf8('new')), '0x'],
  ];
  const [root, nodes] = (await create_proof(ours.map(toHex), changes)) as [string, string[]];
  const proof = nodes.map(fromHex);
  expect(toHex(verifyProof(fromHex(root), proof, utf8('key 70'))!)).toBe('0x1234');
  expect(toHex(verifyProof(fromHex(root), proof, utf8('new'))!)).toBe('0x');
  for (const [key, value] of entries) {
    if (toHex(key) !== toHex(utf8('key 70'))) expect(verifyProof(fromHex(root), proof, key)).toEqual(value);
  }
  expect(verifyProof(fromHex(root), proof, utf8('key 71'))).toBeUndefined();
});

test('a proof under another root is invalid, and the empty trie needs no proof', () => {
  const trie = new StoredTrie();
  trie.change(
    [
      [utf8('a'), utf8('1')],
      [utf8('b'), utf8('2')],
    ],
    1,
  );
  const proof = createProof(trie, trie.rootNode, [utf8('a')]);
  expect(() => verifyProof(trieRoot([[utf8('a'), utf8('1')]], 1), proof, utf8('a'))).toThrow(InvalidProof);
  expect(verifyProof(trieRoot([], 1), [], utf8('a'))).toBeUndefined();
  expect(createProof(new StoredTrie(), undefined, [utf8('a')])).toEqual([]);
});

test('superfluous items are ignored', () => {
  const trie = new StoredTrie();
  trie.change(
    [
      [utf8('a'), new Uint8Array(50)],
      [utf8('b'), new Uint8Array(60)],
    ],
    1,
  );
  const proof = [...createProof(trie, trie.rootNode, [utf8('a'), utf8('b')]), utf8('noise')];
  expect(verifyProof(trie.rootBytes, proof, utf8('b'))).toEqual(new Uint8Array(60));
});
