// Families of classes, and what the fallback of the join makes of them: D5a.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../../host/contract/index.js';
import { entriesOf } from '../../../host/validators/join-entries.js';
import { familiesOf } from '../../../host/validators/join-families.js';
import { Probation } from '../../../host/validators/probation.js';
import { Random, seedOf } from '../../random.js';
import {
  firstOfKey,
  gapless,
  GENEROUS_PS,
  indices,
  joinOf,
  nameOf,
  report,
  type Script,
  scripted,
  trapped,
  withOutputs,
} from './join-world.js';

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

describe('a family in which honest classes object one after the other', () => {
  /** The packages of an adversary: H names the first, and then G or H, in turn, each next one for want of the one before. */
  const chainOf = (length: number): WorkReport[] =>
    Array.from({ length }, (_, i) => {
      const [after, before] = [i === 0 ? 'k.9' : `c${i - 1}.1`, `c${i}.0`];
      return withOutputs(report(`c${i}`, [H, G]), ...(i % 2 === 0 ? [after, before] : [before, after]));
    });

  test.each([
    // H, G, H and G are called before the reserve ends: enough for two that leave. One more makes it shrink, to as many as
    // can be called twice more with what a call less leaves: 1/2 of one pass, which is two passes of 1/4.
    [512, 2, 100n, 510],
    [512, 3, 100n, 509 / 5],
    [512, 8, 100n, 504 / 20],
    [512, 6, 50n, 506 / 2],
    [512, 40, 50n, 472 / 8],
    [512, 6, 25n, 506],
    [512, 40, 25n, 472 / 8],
    [40, 4, 100n, 36 / 6],
  ])(
    'keeps some of its packages, if not all (%i cores, %i of a chain, %i %% used)',
    (cores, length, usedPercent, least) => {
      const random = new Random(seedOf(`join: a chain of ${length} on ${cores} cores`));
      const half = wppOf(cores) / 6n - 1_000n;
      const theirs = Array.from({ length: cores - length }, (_, i) => report(`h${i}.0`, [H, G]));
      const reports = [...chainOf(length), ...theirs];
      const totalPs = wppOf(cores) * BigInt(cores);
      const { calls, usedPs } = scripted(reports, gapless, {
        totalPs,
        perOutputPs: { [H]: half, [G]: half },
        usedPercent,
      });
      const counts = Array.from({ length: 1 }, () => {
        const { taken } = joinOf(reports, calls, { below: (limit) => random.below(limit) });
        return theirs.filter((one) => taken.includes(one)).length;
      });
      for (const count of counts) expect(count).toBeGreaterThanOrEqual(least);
      expect(usedPs() <= totalPs).toBe(true);
    },
  );
});

describe('after a block in which families were settled separately', () => {
  test('packages that a class objected to in a repeated call are tried last', () => {
    // All weight is used: class 9 names e, and then f for want of e; the honest class G names g2, beside g1, at once.
    const reports = [report('e', [H, 9]), report('f', [H, 9]), report('h', [H]), report('g1', [G]), report('g2', [G])];
    const script: Script = (outputs, id) => {
      if (id === 9) return outputs.length === 2 ? indices(0) : trapped;
      if (id !== G || outputs.length < 2) return undefined;
      return indices(1);
    };
    const totalPs = 3n * (5n + 2n) * MS;
    const all = joinOf(reports, scripted(reports, script, { totalPs }).calls);
    expect(all.taken.map(nameOf)).toEqual(expect.arrayContaining(['h', 'g1']));
    expect(all.unsteady.map(nameOf)).toEqual(['f']);
    // With room for more rounds, nothing is.
    const roomy = joinOf(reports, scripted(reports, script, { totalPs: GENEROUS_PS }).calls);
    expect(roomy.unsteady).toEqual([]);

    const next = scripted(reports, script, { totalPs });
    const isOnProbation = (one: WorkReport): boolean => nameOf(one) === 'f';
    const { taken } = joinOf(reports, next.calls, { isOnProbation });
    expect(next.log[0]!.map(({ id, outputs }) => `${id}:${outputs.join('')}`).sort()).toEqual([
      '1:eh',
      '2:g1g2',
      '9:e',
    ]);
    expect(taken.map(nameOf)).toEqual(expect.arrayContaining(['h', 'g1']));
  });

  test('small groups that share a large class are taken again, unless the adversary has other cores for each block', () => {
    // 128 cores at their limit: many [H], twelve [H, own class], and four of an adversary with new classes in each block. One
    // class objects at once, so that the families are settled separately. The others object when the trial calls them again, and
    // there is no weight for another trial.
    const [cores, evil, small] = [128, 4, 12];
    const wpp = wppOf(cores);
    const probation = new Probation();
    const counts = Array.from({ length: 5 }, (_, block) => {
      const perOutputPs: Record<number, bigint> = { [H]: wpp / 3n - 50_000_000n };
      const reports = Array.from({ length: cores }, (_, coreIndex) => {
        const own = coreIndex < evil ? 1_000 + 10 * block + coreIndex : 10 + coreIndex;
        perOutputPs[own] = 1_000_000n;
        return { ...report(`${coreIndex}`, coreIndex < evil + small ? [H, own] : [H]), coreIndex };
      });
      const called = new Set<number>();
      const script: Script = (_outputs, id) => {
        const objects = id >= 1_000 && (id % 10 === 0 || called.has(id));
        called.add(id);
        return objects ? indices(0) : undefined;
      };
      probation.beginBlock(block);
      const { calls } = scripted(reports, script, { totalPs: wpp * BigInt(cores), perOutputPs });
      const { taken, unsteady } = joinOf(reports, calls, { isOnProbation: (one) => probation.has(one) });
      probation.add(unsteady);
      return [small, cores].map(
        (most) => taken.filter(({ coreIndex }) => coreIndex >= evil && coreIndex < evil + most).length,
      );
    });
    expect(counts).toEqual([[0, cores - evil - small], ...Array<number[]>(4).fill([small, cores - evil])]);
  });

  test('so are dependents of packages that are tried last, and others that are offered', () => {
    const reports = [report('a', [H]), report('b', [G], 'a'), report('c', [H])];
    const world = scripted([...reports, report('d', [H]), report('e', [H])], firstOfKey);
    const all = joinOf(reports, world.calls, { isOnProbation: (one) => 'ad'.includes(nameOf(one)) });
    expect(all.taken.map(nameOf)).toEqual(['c', 'a', 'b']);
    expect(world.log.map((made) => made.map(({ id, outputs }) => `${id}:${outputs.join('')}`).join(' '))).toEqual([
      '1:c',
      '1:ca 2:b',
    ]);
    all.offer([report('d', [H]), report('e', [H])]);
    expect(all.taken.map(nameOf)).toEqual(['c', 'a', 'b', 'e', 'd']);
  });

  test('a package that a class names for want of one that is tried last is not concluded', () => {
    const reports = [report('a.0', [H]), report('a.1', [H]), report('b.7', [H])];
    const tryFirst = (isOnProbation: (one: WorkReport) => boolean): string[] => {
      const { leftOut } = joinOf(reports, scripted(reports, gapless).calls, { isOnProbation });
      return [...leftOut].map(([one, { kind }]) => `${nameOf(one)} ${kind}`);
    };
    expect(tryFirst((one) => nameOf(one) === 'a.0')).toEqual(['a.1 postponed', 'b.7 postponed']);
    // One behind it is no reason.
    expect(tryFirst((one) => nameOf(one) === 'b.7')).toEqual(['b.7 pruned']);
    expect(tryFirst(() => false)).toEqual(['b.7 pruned']);
  });
});
