// Storage items: keys against @polkadot/types, values, iteration, removal.
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { seedOf } from '../../random.js';
import { clientOf, fixtureBlob, hex, ScaleRandom } from './fixture.js';
import type { Client } from './fixture.js';
import { Blob, BlobTrap } from './host.js';

const random = new ScaleRandom(seedOf('storage'));
let wasm: Uint8Array;
let blob: Blob;
let client: Client;

beforeAll(async () => {
  wasm = await fixtureBlob();
  client = clientOf(new Blob(wasm), 15);
});
beforeEach(() => {
  blob = new Blob(wasm);
});

/** The storage key of a client. */
function keyOf(pallet: string, item: string, ...args: unknown[]): string {
  const entry = client.meta.query[pallet]![item]!;
  return Buffer.from(client.registry.createType('Bytes', entry(...args)).toU8a(true)).toString('hex');
}

const encode = (type: string, value: unknown): Uint8Array => client.registry.createType(type, value).toU8a();

/** Arguments of the Items API, by name and encoded. */
interface Drawn {
  number: number;
  text: string;
  hash: Uint8Array;
  pair: { left: number; right: Uint8Array };
  encoded: Uint8Array;
}

function draw(): Drawn {
  const pair = { left: random.below(1000), right: random.bytes(32) };
  const drawn = { number: random.below(2 ** 16), text: random.text(), hash: random.bytes(32), pair };
  const encoded = Uint8Array.from([
    ...encode('u32', drawn.number),
    ...encode('Text', drawn.text),
    ...drawn.hash,
    ...encode('u32', pair.left),
    ...pair.right,
  ]);
  return { ...drawn, encoded };
}

describe('keys and values', () => {
  test("are at a client's storage keys, for every hasher", () => {
    for (let round = 0; round < 20; round++) {
      blob = new Blob(wasm);
      const { number, text, hash, pair, encoded } = draw();
      blob.call('Items_fill', encoded);
      const expected = new Map<string, string>([
        [keyOf('items', 'number'), hex(encode('u64', number))],
        [keyOf('items', 'list'), '0x0801000200'],
        [keyOf('items', 'maybePair'), hex(Uint8Array.from([...encode('u32', pair.left), ...pair.right]))],
        [keyOf('items', 'loud'), '0xc8'],
        [keyOf('items', 'blake128', number), '0x01'],
        [keyOf('items', 'blake256', number), '0x02'],
        [keyOf('items', 'blake128Concat', text), '0x03'],
        [keyOf('items', 'twox128', number), '0x04'],
        [keyOf('items', 'twox256', number), '0x05'],
        [keyOf('items', 'twox64Concat', pair), '0x080607'],
        [keyOf('items', 'identity', hash), hex(encode('u128', 8))],
        [keyOf('items', 'both', number, text), hex(encode('u32', 9))],
        [keyOf('items', 'maybeBoth', hash, 10), hex(Uint8Array.from([...encode('u32', pair.left), ...pair.right]))],
      ]);
      expect(Object.fromEntries([...blob.state].map(([key, value]) => [key, hex(value)]))).toEqual(
        Object.fromEntries(expected),
      );
    }
  });

  test('are read back', () => {
    const { number, pair, encoded } = draw();
    blob.call('Items_fill', encoded);
    // number + list 1+2 + 1+2+3+4+5 + 6+7 + identity 8 + both 9 + two pairs + Sparse.Last.
    const sum = BigInt(number + 3 + 15 + 13 + 8 + 9 + 2 * pair.left + 200);
    expect(hex(blob.call('Items_sum', encoded))).toBe(hex(encode('u64', sum)));
  });

  test('are the defaults of their types if absent', () => {
    const { encoded } = draw();
    // The first member of Sparse is 1; everything else counts nothing.
    expect(hex(blob.call('Items_sum', encoded))).toBe(hex(encode('u64', 1)));
    expect(hex(blob.call('Items_present', encoded))).toBe(`0x24${'00'.repeat(9)}`);
    expect(hex(blob.call('Items_lengths'))).toBe(`0x${'ff'.repeat(16)}`);
  });

  test('exist after they are set', () => {
    const { encoded } = draw();
    blob.call('Items_fill', encoded);
    expect(hex(blob.call('Items_present', encoded))).toBe(`0x24${'01'.repeat(9)}`);
    expect(hex(blob.call('Items_lengths'))).toBe('0x08000000000000000100000000000000');
  });

  test('do not exist after they are taken or removed', () => {
    const { number, pair, encoded } = draw();
    blob.call('Items_fill', encoded);
    const answer = blob.call('Items_clear', encoded);
    expect(hex(answer)).toBe(
      hex(Uint8Array.from([...encode('u64', number), ...encode('u32', 9), 1, ...encode('u32', pair.left)])),
    );
    expect(blob.state.size).toBe(0);
  });

  test('that do not decode trap', () => {
    blob.state.set(keyOf('items', 'number'), Uint8Array.of(1, 2, 3));
    expect(() => blob.call('Items_lengths')).not.toThrow();
    expect(() => blob.call('Items_sum', draw().encoded)).toThrow('storage: a value does not decode');
  });
});

describe('iteration', () => {
  const texts = (list: Uint8Array): string[] =>
    client.registry.createType('Vec<Text>', list).map((each) => each.toString());
  const expected = (item: string, keys: unknown[]): string[] =>
    keys
      .map((key) => ({ key: keyOf('items', item, ...[key].flat()), name: String([key].flat().at(-1)) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map((each) => each.name);

  test('lists keys in the order of their storage keys', () => {
    blob.call('Items_insert_many', encode('u16', 30));
    const names = Array.from({ length: 30 }, (_, index) => String(index));
    expect(texts(blob.call('Items_keys', encode('i32', 100)))).toEqual(expected('blake128Concat', names));
    expect(texts(blob.call('Items_keys', encode('i32', 4)))).toEqual(expected('blake128Concat', names).slice(0, 4));
  });

  test('lists the second keys below a first', () => {
    blob.call('Items_insert_many', encode('u16', 30));
    const second = Array.from({ length: 10 }, (_, index) => [1, String(3 * index + 1)]);
    expect(texts(blob.call('Items_keys_below', encode('u16', 1)))).toEqual(expected('both', second));
  });

  test('lists pairs of keys', () => {
    blob.call('Items_insert_many', encode('u16', 9));
    const pairs = client.registry
      .createType('Vec<(u16, Text)>', blob.call('Items_all_keys'))
      .map((each) => each.toString());
    expect(pairs).toHaveLength(9);
    expect(new Set(pairs)).toEqual(
      new Set(Array.from({ length: 9 }, (_, index) => JSON.stringify([index % 3, String(index)]))),
    );
  });

  test('ends at the end of the item, not of the state', () => {
    blob.call('Items_insert_many', encode('u16', 3));
    blob.state.set('ff'.repeat(40), Uint8Array.of(1));
    expect(texts(blob.call('Items_keys', encode('i32', 100)))).toHaveLength(3);
  });

  test('of a map whose hasher does not keep the key traps with that message', () => {
    blob.call('Items_fill', draw().encoded);
    expect(() => blob.call('Items_hashed_keys')).toThrow(BlobTrap);
    expect(() => blob.call('Items_hashed_keys')).toThrow('hashed away');
  });
});
