// Shards and recovery: vectors of independent implementations, and properties over random data with a printed seed.
import { describe, expect, test } from '@jest/globals';
import { err, fromHex, toHex } from '../../../host/bytes/index.js';
import {
  encode,
  encodeShards,
  recover,
  recoverData,
  recoveryThreshold,
  shardLength,
  verify,
} from '../../../host/erasure/index.js';
import { Random, seedOf } from '../../random.js';

describe('vectors', () => {
  // davxy/jam-test-vectors (CC0), erasure/tiny: 2 of 6, which is D20's k for six validators.
  test('three bytes for six validators', () => {
    expect(encode(fromHex('0x615d17'), 6).shards.map(toHex)).toEqual([
      '0x615d',
      '0x1700',
      '0x48c5',
      '0x3e98',
      '0x7378',
      '0x0525',
    ]);
  });

  // Symbols of the C implementation of leopard's FFT in the same basis: the first k are data, the rest is parity.
  test.each([
    [2, '3039 ce70 7742 890b d80d 2644 9f76 613f'],
    [4, '3039 ce70 6ca7 0ade b37d 884b 82c0 21c6 d0b6 1e93 d167 8772 1b35 106f 77c7 e4ad'],
  ])('one symbol a shard, k = %i', (k, symbols) => {
    const shards = symbols
      .split(' ')
      .map((symbol) => Uint8Array.of(parseInt(symbol.slice(2), 16), parseInt(symbol.slice(0, 2), 16)));
    const data = Uint8Array.from(shards.slice(0, k).flatMap((shard) => [...shard]));
    expect(encodeShards(data, k, shards.length).map(toHex)).toEqual(shards.map(toHex));
  });
});

describe('thresholds and lengths', () => {
  // k = floor((n - 1) / 3) + 1
  test.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [6, 2],
    [7, 3],
    [9, 3],
    [10, 4],
    [1_000, 334],
    [1_023, 341],
  ])('%i validators: %i shards are enough', (n, k) => expect(recoveryThreshold(n)).toBe(k));

  test.each([
    [0, 2, 2],
    [1, 2, 2],
    [4, 2, 2],
    [5, 2, 4],
    [8, 2, 4],
    [9, 2, 6],
    [100, 342, 2],
  ])('%i bytes, k = %i: %i bytes a shard', (length, k, bytes) => expect(shardLength(length, k)).toBe(bytes));

  test('no validators, or more than the field has points, are refused', () => {
    expect(() => encode(new Uint8Array(4), 0)).toThrow(RangeError);
    expect(() => encodeShards(new Uint8Array(4), 2, 65_536)).toThrow(RangeError);
    expect(() => encodeShards(new Uint8Array(4), 3, 2)).toThrow(RangeError);
  });
});

/** The shards with these indices. */
const some = (shards: readonly Uint8Array[], indices: readonly number[]): Map<number, Uint8Array> =>
  new Map(indices.map((index) => [index, shards[index]!]));

/** The recovered data; throws if `recover` fails. */
const recovered = (shards: ReadonlyMap<number, Uint8Array>, n: number, length: number): Uint8Array => {
  const result = recover(shards, n, length);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

describe('recovery', () => {
  test('any k of n shards recover the data; k - 1 are refused with a message', () => {
    const random = new Random(seedOf('recovery'));
    for (let round = 0; round < 40; round++) {
      const n = 1 + random.below(40);
      const k = recoveryThreshold(n);
      const data = random.bytes(random.below(5_000));
      const { shards } = encode(data, n);
      const kept = some(shards, random.sample(n, k));
      expect(toHex(recovered(kept, n, data.length))).toBe(toHex(data));
      kept.delete([...kept.keys()][0]!);
      expect(recover(kept, n, data.length)).toEqual(err(`${k - 1} of ${n} shards are not enough: recovery needs ${k}`));
    }
  });

  test('from parity only, without any part of the data', () => {
    const data = new Random(seedOf('parity')).bytes(10_001);
    const { shards } = encode(data, 10);
    const parity = some(shards, [9, 5, 7, 4]);
    expect(toHex(recovered(parity, 10, data.length))).toBe(toHex(data));
  });

  test('shards around and above one window of the library (65,472 bytes)', () => {
    const random = new Random(seedOf('windows'));
    for (const bytes of [65_470, 65_472, 65_474, 140_000]) {
      const data = random.bytes(bytes * 2);
      const { shards } = encode(data, 6);
      expect(Buffer.compare(recovered(some(shards, [2, 5]), 6, data.length), data)).toBe(0);
    }
  });

  test('the windows of a long shard are coded as a short shard is', () => {
    const random = new Random(seedOf('tail'));
    const data = random.bytes(2 * 65_472 + 8);
    // Four bytes of each half are after the first window. Each position is coded on its own, so they can be coded
    // alone.
    const half = data.length / 2;
    const tail = Uint8Array.from([...data.subarray(half - 4, half), ...data.subarray(2 * half - 4)]);
    const long = encodeShards(data, 2, 6).map((shard) => toHex(shard.subarray(half - 4)));
    expect(long).toEqual(encodeShards(tail, 2, 6).map(toHex));
  });

  test('5 MiB for 100 validators', () => {
    const data = new Random(seedOf('large')).bytes(5 * 1024 * 1024);
    const { shards } = encode(data, 100);
    const last = new Map(shards.map((shard, index) => [index, shard] as const).slice(66));
    expect(last.size).toBe(34);
    expect(Buffer.compare(recovered(last, 100, data.length), data)).toBe(0);
  });

  test('shards of another length or index are refused', () => {
    const shard: Uint8Array = new Uint8Array(50);
    const recovering = (index: number, other: Uint8Array) => recover(new Map([[0, shard]]).set(index, other), 6, 100);
    expect(recovering(1, shard).ok).toBe(true);
    expect(recovering(1, shard.subarray(2))).toEqual(err('shard 1 has 48 bytes; each of 100 bytes of data has 50'));
    expect(recovering(6, shard)).toEqual(err('there is no shard 6 of 6'));
    expect(recoverData(new Map([[-1, shard]]), 1, 6, 50)).toEqual(err('there is no shard -1 of 6'));
  });
});

describe('paths', () => {
  test('every shard verifies only with its index, and a flipped bit anywhere is refused', () => {
    const random = new Random(seedOf('paths'));
    for (const n of [1, 2, 3, 5, 6, 7, 9, 33]) {
      const { shards, root, paths } = encode(random.bytes(700), n);
      for (const [i, shard] of shards.entries()) {
        const path = paths[i]!;
        expect(verify(shard, i, n, path, root)).toBe(true);
        // With k = 1 (n up to 3) all shards are equal, so a shard may verify under another index.
        for (let other = 0; other < n && n > 3; other++) {
          expect(verify(shard, other, n, path, root)).toBe(other === i);
        }
        const flipped = shard.slice();
        flipped[random.below(flipped.length)]! ^= 1 << random.below(8);
        expect(verify(flipped, i, n, path, root)).toBe(false);
        expect(verify(shard, i, n, [...path, root], root)).toBe(false);
        if (path.length > 0) {
          expect(verify(shard, i, n, path.slice(1), root)).toBe(false);
          const bent = path.map((node) => node.slice());
          bent[random.below(bent.length)]![random.below(32)]! ^= 1;
          expect(verify(shard, i, n, bent, root)).toBe(false);
        }
      }
    }
  });
});
