// Expected encodings: derived by hand from the specification, as the comments show.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, fromHex, toHex } from '../../../host/bytes/index.js';
import { decodeNode, encodeNode, InvalidNode, toNodeHash, trieRoot } from '../../../host/trie/index.js';
import type { Child, TrieNode } from '../../../host/trie/index.js';
import { SEED } from '../../random.js';
import { TrieRandom } from './random.js';
import { StoredTrie } from './stored-trie.js';

const hash = toNodeHash(new Uint8Array(32).fill(0xab));
const ab = 'ab'.repeat(32);

function slots(children: Record<number, Child>): (Child | undefined)[] {
  return Array.from({ length: 16 }, (_, slot) => children[slot]);
}

const leaf = (partial: string, value: string): TrieNode => ({ partial, value: fromHex(value), children: undefined });

describe('encodings by hand', () => {
  test.each<[string, TrieNode, string]>([
    // leaf of 2 nibbles: 0x40 | 2; key aa; value of 1 byte: compact 0x04
    ['a leaf', leaf('aa', '0xbb'), '0x42aa04bb'],
    // odd partial key: padded with a zero nibble at the start
    ['a leaf with an odd partial key', leaf('314', '0xff'), '0x43031404ff'],
    ['a leaf with nothing at all', leaf('', '0x'), '0x4000'],
    ['a leaf with a hashed value', { partial: 'f', value: hash, children: undefined }, `0x210f${ab}`],
    // branch without value: 0x80; slots 1 and 4: bits 0x0012; each child below 32 bytes: compact length and encoding
    [
      'a branch',
      { partial: '', value: undefined, children: slots({ 1: leaf('314', '0xff'), 4: leaf('819', '0xfe') }) },
      '0x8012001443031404ff14430819' + '04fe',
    ],
    [
      'a branch with a value',
      { partial: 'c', value: fromHex('0x01'), children: slots({ 15: hash }) },
      `0xc10c0080040180${ab}`,
    ],
    [
      'a branch with a hashed value',
      { partial: '12', value: hash, children: slots({ 0: hash }) },
      `0x12120100${ab}80${ab}`,
    ],
    // 63 nibbles do not fit 6 bits: all ones, then 0
    ['a leaf of 63 nibbles', leaf('1'.repeat(63), '0x00'), `0x7f00${'1'.repeat(63).padStart(64, '0')}0400`],
    // 63 + 255 + 1
    ['a leaf of 319 nibbles', leaf('1'.repeat(319), '0x00'), `0x7fff01${'1'.repeat(319).padStart(320, '0')}0400`],
    // 31 nibbles do not fit 5 bits, 15 do not fit 4
    [
      'a hashed leaf of 31 nibbles',
      { partial: '1'.repeat(31), value: hash, children: undefined },
      `0x3f000${'1'.repeat(31)}${ab}`,
    ],
    [
      'a hashed branch of 15 nibbles',
      { partial: '1'.repeat(15), value: hash, children: slots({ 0: hash }) },
      `0x1f000${'1'.repeat(15)}0100${ab}80${ab}`,
    ],
  ])('%s', (_name, node, encoded) => {
    expect(toHex(encodeNode(node))).toBe(encoded);
    expect(decodeNode(fromHex(encoded))).toEqual(node);
  });

  test("two keys without a common prefix, as in the tests of Substrate's trie", () => {
    const entries: [Uint8Array, Uint8Array][] = [
      [fromHex('0x4819'), fromHex('0xfe')],
      [fromHex('0x1314'), fromHex('0xff')],
    ];
    expect(toHex(trieRoot(entries, 0))).toBe(
      toHex(blake2_256(fromHex('0x80120014430314' + '04ff' + '14430819' + '04fe'))),
    );
  });

  test('the empty trie is one zero byte', () => {
    expect(decodeNode(Uint8Array.of(0))).toBeUndefined();
  });

  test('longer references replace hashes', () => {
    const ref = hash + '\x01\x02';
    const node: TrieNode = { partial: '1', value: ref, children: slots({ 3: ref, 5: leaf('', '0x01') }) };
    expect(decodeNode(encodeNode(node, 34), 34)).toEqual(node);
    const hashed: TrieNode = { ...node, value: hash, children: slots({ 3: hash, 5: leaf('', '0x01') }) };
    expect(toHex(encodeNode(node))).toBe(toHex(encodeNode(hashed)));
  });

  test('a partial key that is too long for a header is refused', () => {
    expect(() => encodeNode(leaf('1'.repeat(65_536), '0x00'))).toThrow(RangeError);
    expect(decodeNode(encodeNode(leaf('1'.repeat(65_535), '0x00')))?.partial).toHaveLength(65_535);
  });
});

describe('malformed nodes', () => {
  test.each([
    ['nothing', '0x'],
    ['a zero byte followed by another', '0x0000'],
    ['an unknown header', '0x01'],
    ['a header cut short', '0x7f'],
    ['a partial key cut short', '0x44aa'],
    ['an odd partial key with padding', '0x43131404ff'],
    ['a value cut short', '0x42aa08bb'],
    ['bytes left over', '0x42aa04bb00'],
    ['a compact length in a longer form', '0x42aa010001'],
    ['a hash cut short', `0x210f${ab.slice(2)}`],
    ['a branch without children', '0x800000'],
    ['a branch with a child missing', '0x800300' + '1443031404ff'],
    ['an inline child that should be hashed', `0x800100${'84'}5e${'00'.repeat(32)}`],
    ['an inline child shorter than its length', '0x800100' + '1842aa04bb0000'],
    ['an inline child longer than its length', '0x800100' + '0c42aa04bb'],
    ['an empty child', '0x8001000400'],
    ['a partial key without an end', '0x7f' + 'ff'.repeat(300)],
  ])('%s is refused', (_name, encoded) => {
    expect(() => decodeNode(fromHex(encoded))).toThrow(InvalidNode);
  });

  test(`altered nodes either throw InvalidNode or encode to the same bytes (seed ${SEED})`, () => {
    const random = new TrieRandom(SEED ^ 0x99);
    const trie = new StoredTrie();
    trie.change(
      Array.from({ length: 300 }, () => [random.key(), random.bytes(random.below(40))] as const),
      1,
    );
    const nodes = [...trie.items.values()].filter((item) => isNode(item));
    let decoded = 0;
    for (let round = 0; round < 5000; round++) {
      const bytes = random.pick(nodes).slice();
      bytes[random.below(Math.min(bytes.length, 8))]! ^= 1 << random.below(8);
      let node: TrieNode | undefined;
      try {
        node = decodeNode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidNode);
        continue;
      }
      decoded++;
      if (node !== undefined) expect(toHex(encodeNode(node))).toBe(toHex(bytes));
    }
    expect(decoded).toBeGreaterThan(100);
    expect(decoded).toBeLessThan(5000);
  });
});

function isNode(item: Uint8Array): boolean {
  try {
    return decodeNode(item) !== undefined;
  } catch {
    return false; // a value that is stored by its hash
  }
}
