// The author's choice of bitfields: turns. Spec: § Weight of prune and accumulate, 6.
import { describe, expect, test } from '@jest/globals';
import { inTurn } from '../../../host/validators/availability.js';
import { Random, seedOf } from '../../random.js';

const validators = (count: number): { index: number }[] => Array.from({ length: count }, (_, index) => ({ index }));
const taken = (count: number, block: number, most: number): number[] =>
  inTurn(validators(count), count, block, most)
    .slice(0, most)
    .map(({ index }) => index);

describe('turns', () => {
  test('begin at validator (block number · that many mod n)', () => {
    // 2 · 3 mod 7 = 6, 3 · 3 mod 7 = 2.
    expect(taken(7, 2, 3)).toEqual([6, 0, 1]);
    expect(taken(7, 3, 3)).toEqual([2, 3, 4]);
  });

  test('all validators come in order if all fit', () => {
    expect(taken(4, 1, 9)).toEqual([1, 2, 3, 0]);
  });

  test('of validators whose keys other nodes hold, the next ones come', () => {
    expect(inTurn([{ index: 0 }, { index: 2 }, { index: 5 }], 7, 1, 3).map(({ index }) => index)).toEqual([5, 0, 2]);
    expect(inTurn([{ index: 0 }, { index: 2 }], 7, 1, 3).map(({ index }) => index)).toEqual([0, 2]);
  });

  test("each validator's turn comes within ⌈n / that many⌉ successive blocks, from any block on", () => {
    const random = new Random(seedOf('turns'));
    for (let round = 0; round < 200; round++) {
      const count = 1 + random.below(1_023);
      const most = 1 + random.below(600);
      const first = random.below(2 ** 31);
      const seen = new Set<number>();
      for (let block = 0; block < Math.ceil(count / most); block++)
        for (const index of taken(count, first + block, most)) seen.add(index);
      expect([count, most, first, seen.size]).toEqual([count, most, first, count]);
    }
  });
});
