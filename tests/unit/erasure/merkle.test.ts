// The erasure root against the definition of D20, implemented by hand with another implementation of BLAKE2b.
import { describe, expect, test } from '@jest/globals';
import { blake2b, waitReady } from '@polkadot/wasm-crypto';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { merkleTree } from '../../../host/erasure/index.js';

await waitReady();

const hash = (...parts: Uint8Array[]): Uint8Array =>
  blake2b(Uint8Array.from(parts.flatMap((part) => [...part])), new Uint8Array(), 32);
const leaf = (text: string): Uint8Array => hash(Uint8Array.of(0), hash(utf8(text)));
const node = (left: Uint8Array, right: Uint8Array): Uint8Array => hash(Uint8Array.of(1), left, right);
const hexes = (nodes: Uint8Array[] | undefined): string[] | undefined => nodes?.map(toHex);

describe('the erasure root', () => {
  test('one shard: its leaf, and an empty path', () => {
    const { root, paths } = merkleTree([utf8('a')]);
    expect(toHex(root)).toBe(toHex(leaf('a')));
    expect(paths).toEqual([[]]);
  });

  test('three shards: the odd one moves up', () => {
    const { root, paths } = merkleTree(['a', 'b', 'c'].map(utf8));
    const ab = node(leaf('a'), leaf('b'));
    expect(toHex(root)).toBe(toHex(node(ab, leaf('c'))));
    expect(hexes(paths[0])).toEqual(hexes([leaf('b'), leaf('c')]));
    expect(hexes(paths[2])).toEqual(hexes([ab]));
  });

  test('five shards: the odd one moves up twice', () => {
    const { root, paths } = merkleTree(['a', 'b', 'c', 'd', 'e'].map(utf8));
    const abcd = node(node(leaf('a'), leaf('b')), node(leaf('c'), leaf('d')));
    expect(toHex(root)).toBe(toHex(node(abcd, leaf('e'))));
    expect(hexes(paths[4])).toEqual(hexes([abcd]));
    expect(hexes(paths[1])).toEqual(hexes([leaf('a'), node(leaf('c'), leaf('d')), leaf('e')]));
  });

  test('no shards have no root', () => expect(() => merkleTree([])).toThrow(RangeError));
});
