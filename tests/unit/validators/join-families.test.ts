// Families of classes, and what the fallback of the join makes of them: D5a.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../../host/contract/index.js';
import { entriesOf } from '../../../host/validators/join/entries.js';
import { familiesOf } from '../../../host/validators/join/families.js';
import { Random, seedOf } from '../../random.js';
import { gapless, indices, joinOf, nameOf, report, type Script, scripted } from './join-world.js';

const MS = 1_000_000_000n;
const [H, G] = [1, 2];
/** Of a core, with 6 s a block: as the scale build has them. */
const wppOf = (cores: number): bigint => (6_000n * MS * 3n) / 4n / BigInt(cores);

describe('families', () => {
  /** Each as its classes and the number of packages in its base. */
  const families = (...groups: [count: number, ...classes: number[]][]): string[] => {
    const reports = groups.flatMap(([count, ...classes], at) =>
      Array.from({ length: count }, (_, i) => report(`${at}.${i}`, classes)),
    );
    const { calls } = scripted(reports, () => undefined);
    return familiesOf(entriesOf(reports, calls, []))
      .map(({ classes, base }) => `${[...classes].sort((a, b) => a - b).join('+')}: ${base.length}`)
      .sort();
  };

  test('are of classes that share a package for four others', () => {
    expect(families([200, 1], [100, 2], [75, 1, 2])).toEqual(['1+2: 375']);
    expect(families([200, 1], [101, 2], [75, 1, 2])).toEqual(['1: 200', '2: 101']);
  });

  test('are formed by the largest groups first, and have what smaller ones of the same classes add', () => {
    // [1, 2] makes a family of 160, which [2, 3] may join with 40, but not with 39.
    expect(families([90, 1, 2], [70, 1], [40, 2, 3])).toEqual(['1+2+3: 200']);
    expect(families([90, 1, 2], [70, 1], [39, 2, 3])).toEqual(['1+2: 160', '3: 0']);
    // Nor with 40, if there is one more of class 3.
    expect(families([90, 1, 2], [70, 1], [40, 2, 3], [1, 3])).toEqual(['1+2: 160', '3: 1']);
  });

  test('that a class of one party gets into have at most four packages of others for each of its own', () => {
    const [F, E] = [3, 9];
    expect(families([20, H], [5, H, E])).toEqual(['1+9: 25']);
    expect(families([21, H], [5, H, E])).toEqual(['1: 21', '9: 0']);
    expect(families([21, H], [4, H, E], [4, E])).toEqual(['1: 21', '9: 4']);
    // Several families count together, and so do groups that are smaller than the party's.
    expect(families([10, H], [11, G], [5, H, G, E])).toEqual(['1: 10', '2: 11', '9: 0']);
    const subsets = [[H], [G], [F], [H, G], [H, F], [G, F], [H, G, F]].map((ids): [number, ...number[]] => [9, ...ids]);
    expect(families(...subsets, [10, H, G, F, E])).toEqual(['1+2: 27', '3: 9', '9: 0']); // 7 * 9 > 4 * 10
  });

  test('keep to that for random packages of one party beside others', () => {
    const random = new Random(seedOf('join: families of an adversary'));
    for (let run = 0; run < 500; run++) {
      const group = (isEvil: boolean): [number, ...number[]] => {
        const ids = random.sample(6, 1 + random.below(3)).map((id) => id + 1);
        return [1 + random.below(12), ...ids, ...(isEvil ? [100 + random.below(4)] : [])];
      };
      const groups = Array.from({ length: 1 + random.below(12) }, (_, i) => group(i % 3 === 0));
      const evil = groups.filter((ids) => ids.some((id) => id >= 100)).reduce((sum, [count]) => sum + count, 0);
      const spoiled = families(...groups)
        .filter((family) => /10\d/.test(family.split(':')[0]!))
        .reduce((sum, family) => sum + Number(family.split(': ')[1]), 0);
      expect(spoiled).toBeLessThanOrEqual(5 * evil);
    }
  });

  test('have a dependent in their base if the classes of its prerequisite are in the family', () => {
    // Two packages of class 1, each behind one of class 2.
    const bases = (others: number): number[] => {
      const first = Array.from({ length: others }, (_, i) => report(`g${i}`, [G]));
      const reports = [...first, report('h', [H], 'g0'), report('i', [H], 'g1')];
      return familiesOf(entriesOf(reports, scripted(reports, () => undefined).calls, [])).map(
        ({ base }) => base.length,
      );
    };
    expect(bases(8)).toEqual([10]);
    expect(bases(9)).toEqual([9, 0]);
  });
});

describe('few cores of an adversary', () => {
  /** Number of cores, of pairs in the chain, of packages that object to being fewer, and the weight used, in per cent. */
  const CASES = [
    [512, 2, 0, 100n],
    [512, 3, 0, 100n],
    [512, 3, 2, 100n],
    [512, 3, 2, 50n],
    [512, 3, 8, 30n],
    [512, 3, 16, 5n],
    [64, 3, 1, 100n],
    [20, 3, 1, 80n],
  ] as const;

  /** Whether those of `others` are taken which the honest classes H and G decide on, as `perOutputPs` of each. */
  function expectTaken(
    [cores, pairs, spoilers, usedPercent]: (typeof CASES)[number],
    perOutputPs: bigint,
    others: (count: number) => WorkReport[],
  ): void {
    const [E0, E9] = [100, 999];
    // Class E0 names 0.0; H then names 0.1 for want of it; then E0 + 1, which has one output only, names 1.0; and so on.
    const chain = Array.from({ length: pairs }, (_, i) => [
      report(`${i}.0`, [H, E0 + i]),
      report(`${i}.1`, [H, E0 + i + 1]),
    ]).flat();
    const honest = others(cores - chain.length - spoilers);
    const spoiling = Array.from({ length: spoilers }, (_, i) => report(`s${i}.0`, [H, G, E9]));
    const reports = [...chain, ...honest.slice(0, 5), ...spoiling, ...honest.slice(5)];
    const script: Script = (outputs, id) => {
      if (id === H || id === G) return gapless(outputs, id);
      if (id === E0) return indices(0);
      if (id < E9) return outputs.length === 1 && id < E0 + pairs ? indices(0) : undefined;
      return outputs.length === spoilers ? undefined : indices(0); // E9 is content with all its packages only
    };
    const weights: Record<number, bigint> = { [H]: perOutputPs, [G]: perOutputPs, [E9]: 1_000_000n };
    for (let i = 0; i <= pairs; i++) weights[E0 + i] = 1_000_000n;
    const totalPs = wppOf(cores) * BigInt(cores);
    const { calls, usedPs } = scripted(reports, script, { totalPs, perOutputPs: weights, usedPercent });
    const { taken } = joinOf(reports, calls);
    expect(honest.filter((one) => !taken.includes(one)).map(nameOf)).toEqual([]);
    expect(usedPs() <= totalPs).toBe(true);
  }

  test.each(CASES)(
    'do not keep packages that two honest classes decide on out of the block (%i cores, %i pairs, %i spoil, %i %% used)',
    (...one) => {
      const perOutputPs = wppOf(one[0]) / 6n - 5_000_000n;
      expectTaken(one, perOutputPs, (count) => Array.from({ length: count }, (_, i) => report(`h${i}.0`, [H, G])));
    },
  );

  test.each(CASES)(
    'do not keep packages behind those of another honest class out of it (%i cores, %i pairs, %i spoil, %i %% used)',
    (...one) => {
      const perOutputPs = wppOf(one[0]) / 3n - 5_000_000n;
      expectTaken(one, perOutputPs, (count) =>
        Array.from({ length: count }, (_, i) =>
          i % 2 === 0 ? report(`h${i}.0`, [G]) : report(`h${i}.0`, [H], `h${i - 1}.0`),
        ),
      );
    },
  );
});
