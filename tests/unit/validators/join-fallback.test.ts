// The fallback of the join: families that are settled separately, and what follows from it: D5a.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../../host/contract/index.js';
import type { Below } from '../../../host/validators/lots.js';
import { Probation } from '../../../host/validators/selection/probation.js';
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

/** The packages of an adversary: H names the first, and then G or H, in turn, each next one for want of the one before. */
const chainOf = (length: number): WorkReport[] =>
  Array.from({ length }, (_, i) => {
    const [after, before] = [i === 0 ? 'k.9' : `c${i - 1}.1`, `c${i}.0`];
    return withOutputs(report(`c${i}`, [H, G]), ...(i % 2 === 0 ? [after, before] : [before, after]));
  });

describe('a family in which honest classes object one after the other', () => {
  test.each([
    // H, G, H and G are called before the reserve ends: enough for two that leave. One more makes it shrink, to as many as
    // can be called in three passes with what a call less leaves: 1/2 of one pass, which is three passes of 1/6.
    [512, 2, 100n, 510],
    [512, 3, 100n, 509 / 6 - 1],
    [512, 8, 100n, 504 / 10],
    [512, 6, 50n, 506],
    [512, 40, 50n, 472 / 8],
    [512, 6, 25n, 506],
    [512, 40, 25n, 472 / 6],
    [40, 4, 100n, 36 / 10],
  ])(
    'keeps some of its packages, if not all (%i cores, %i of a chain, %i %% used)',
    (cores, length, usedPercent, least) => {
      const random = new Random(seedOf(`join: a chain of ${length} on ${cores} cores`));
      const half = wppOf(cores) / 6n - 1_000n;
      const theirs = Array.from({ length: cores - length }, (_, i) => report(`h${i}.0`, [H, G]));
      const reports = random.bool() ? [...chainOf(length), ...theirs] : [...theirs, ...chainOf(length)];
      const totalPs = wppOf(cores) * BigInt(cores);
      const { calls, usedPs } = scripted(reports, gapless, {
        totalPs,
        perOutputPs: { [H]: half, [G]: half },
        usedPercent,
      });
      const { taken } = joinOf(reports, calls, { below: (limit) => random.below(limit) });
      expect(theirs.filter((one) => taken.includes(one)).length).toBeGreaterThanOrEqual(least);
      expect(usedPs() <= totalPs).toBe(true);
    },
  );
});

describe('families that are settled separately', () => {
  /** The outputs with which a class was called, in each call. */
  const callsOf = (log: { id: number; outputs: string[] }[][], id: number): string[] =>
    log.flat().flatMap((call) => (call.id === id ? [call.outputs.join(' ')] : []));

  test('include one that is content, if it has lost packages because of others', () => {
    // All weight is used. G names y.1, for want of y.0 that comes later with an output of class 9; class 9 names y.0, and
    // G is content without them. H names h.5, so that it has to be called again, for which there is no weight. H and G are
    // connected by class 9.
    const reports = [
      ...Array.from({ length: 8 }, (_, i) => report(`g${i}.0`, [G])),
      withOutputs(report('poison', [G, 9]), 'y.0', 'x'),
      report('y.0', [G]),
      ...Array.from({ length: 40 }, (_, i) => report(`h${i}.0`, [H])),
      report('h.5', [H]),
      report('z.0', [H, 9]),
    ];
    const script: Script = (outputs, id) => {
      if (id !== 9) return (id === G ? firstOfKey : gapless)(outputs, id);
      return outputs[0] === 'x' ? indices(0) : undefined;
    };
    // First calls: G 10 ms, H 42 ms, class 9 2 ms. Reserved: 2 * (9 + 41) ms, and 8 ms. Of the total of 189 ms, 27 ms are
    // neither used nor reserved. Rounds have 13 ms: class 9 is called again for 1 ms, and G for 8 ms, but not H.
    const { calls, log } = scripted(reports, script, { totalPs: 189n * MS });
    const { taken } = joinOf(reports, calls);
    expect(taken.map(nameOf)).toContain('y.0');
    const again = [...Array.from({ length: 8 }, (_, i) => `g${i}.0`), 'y.0'].join(' ');
    expect(callsOf(log, G).slice(0, 3)).toEqual([expect.stringMatching(/y.0 y.0$/), again.slice(0, -4), again]);
  });

  test('include one that is connected with others only by a package that follows one of theirs', () => {
    // G is called again in the rounds, and is content with the follower of p0, which collides with y.0. Then there is no weight to call
    // H again. The follower leaves with p0, which is in no base, and y.0 is in the set again.
    const reports = [
      ...Array.from({ length: 20 }, (_, i) => report(`h${i}.0`, [H])),
      report('again', [H]),
      ...Array.from({ length: 20 }, (_, i) => report(`x${i}.0`, [9])),
      report('p0.0', [H, 9]),
      withOutputs(report('follower', [G], 'p0.0'), 'y.0'),
      ...['y.0', 'y1.0', 'y2.0'].map((name) => report(name, [G])),
    ];
    const script: Script = (outputs, id) => {
      if (id !== H) return firstOfKey(outputs, id);
      return outputs.includes('again') ? indices(outputs.indexOf('again')) : undefined;
    };
    const { calls, log } = scripted(reports, script, { totalPs: 145n * MS, perOutputPs: { [G]: 1n } });
    const { taken } = joinOf(reports, calls);
    expect(callsOf(log, G).slice(0, 3)).toEqual(['y.0 y.0 y1.0 y2.0', 'y.0 y1.0 y2.0', 'y.0 y1.0 y2.0']);
    expect(taken.map(nameOf)).toContain('y.0');
  });

  test('shrink to half after more than eight passes', () => {
    // Class 1 names the last of 64 outputs of almost no weight, each time. A call of the API is 2 ms, from the ninth on.
    const reports = Array.from({ length: 64 }, (_, i) => report(`${i}`, [1]));
    const { calls, log } = scripted(reports, (outputs) => indices(outputs.length - 1), {
      totalPs: 60n * MS,
      perOutputPs: { 1: 1n },
    });
    joinOf(reports, calls);
    const sizes = log.map(([call]) => call!.outputs.length);
    const halved = sizes.flatMap((size, at) => (at > 0 && size <= Math.floor((sizes[at - 1]! - 1) / 2) ? [at] : []));
    // Of 60 ms, 8 ms are reserved, and a little for class 1; rounds have a little less than 26 ms, 8 + 12 calls. Then there
    // are nine passes.
    expect(halved[0]).toBe(20 + 9);
  });

  test('of one class keep as many packages as one call can have, when they shrink', () => {
    // 20 outputs of 1 ms, of which the class names one; that of x is in no base. Of 55 ms, the first call uses 20 ms and a little
    // for class 9, and that of the base 19 ms: not quite 16 ms are left for the other 18.
    const reports = [
      ...Array.from({ length: 18 }, (_, i) => report(`h${i}.0`, [H])),
      withOutputs(report('again', [H]), 'h0.0'),
      report('x.0', [H, 9]),
    ];
    const { calls, log } = scripted(reports, (outputs, id) => (id === H ? firstOfKey(outputs, id) : undefined), {
      totalPs: 55n * MS,
      perOutputPs: { 9: 1n },
    });
    const { taken } = joinOf(reports, calls);
    expect(log.map((made) => made.find(({ id }) => id === H)!.outputs.length)).toEqual([20, 19, 15]);
    expect(taken).toHaveLength(15);
  });

  test('lose packages of the class whose call needs most first, when they shrink', () => {
    // Class 1 has 20 outputs of 1 ms, ten of them in packages with an output of 20 ms of class 2, which names one at once.
    const reports = [
      ...Array.from({ length: 10 }, (_, i) => report(`g${i === 9 ? 8 : i}.0`, [G, H])),
      ...Array.from({ length: 10 }, (_, i) => report(`h${i}.0`, [H])),
    ];
    const { calls } = scripted(reports, (outputs, id) => (id === G ? firstOfKey(outputs, id) : undefined), {
      totalPs: 320n * MS,
      perOutputPs: { [G]: 20n * MS },
    });
    // 100 ms are left after the first calls. Three passes of 31 ms: 11 outputs of class 1 and one of class 2.
    const { taken } = joinOf(reports, calls);
    expect(taken.filter((one) => nameOf(one).startsWith('h'))).toHaveLength(10);
    expect(taken.filter((one) => nameOf(one).startsWith('g')).length).toBeGreaterThan(0);
  });

  test('do not use weight that is reserved for others', () => {
    // 100 cores at their limit, two thirds of whose weight is left after the first calls. H and G need two passes each, all that
    // is reserved for them; class 9 names a package in every call.
    const cores = 100;
    const limit = wppOf(cores) / 3n;
    const reports = [
      ...Array.from({ length: 30 }, (_, i) => report(`e${i}`, [9])),
      ...chainOf(2),
      ...Array.from({ length: 68 }, (_, i) => report(`h${i}.0`, [H, G])),
    ];
    const { calls, log } = scripted(
      reports,
      (outputs, id) => (id === 9 ? indices(outputs.length - 1) : gapless(outputs, id)),
      { totalPs: wppOf(cores) * BigInt(cores), perOutputPs: { 9: limit, [H]: limit / 2n, [G]: limit / 2n } },
    );
    const { taken } = joinOf(reports, calls);
    expect(
      log.slice(0, 5).map((made) => made.flatMap(({ id, outputs }) => (id === 9 ? [] : [outputs.length]))),
    ).toEqual([[70, 70], [69], [69], [68], [68]]);
    expect(taken.filter((one) => nameOf(one).startsWith('h'))).toHaveLength(68);
  });

  test('lose packages that no party can foresee when they shrink', () => {
    const cores = 60;
    const half = wppOf(cores) / 6n;
    const reports = [...chainOf(6), ...Array.from({ length: cores - 6 }, (_, i) => report(`h${i}.0`, [H, G]))];
    const takenWith = (below: Below): string[] => {
      const totalPs = wppOf(cores) * BigInt(cores);
      const { calls } = scripted(reports, gapless, { totalPs, perOutputPs: { [H]: half, [G]: half } });
      return joinOf(reports, calls, { below }).taken.map(nameOf);
    };
    const [last, first] = [takenWith(() => 0), takenWith((limit) => limit - 1)];
    expect(last).toContain('h53.0');
    expect(last).not.toContain('h0.0');
    expect(first).not.toContain('h53.0');
  });

  test('put no core on probation because of a trial in which a class objects that all tried have', () => {
    // Class 1 names h0 if there is another with class 9 too. Nothing else is wrong with them, and there is room for one trial.
    const reports = [
      ...Array.from({ length: 10 }, (_, i) => report(`h${i}`, [H])),
      report('h0', [H]),
      report('e', [H, 8]),
      report('f', [H, 9]),
    ];
    const { calls } = scripted(
      reports,
      (outputs, id) => {
        if (id !== H) return undefined;
        if (outputs.length > 11 && outputs.includes('f')) return indices(0);
        return indices(...outputs.flatMap((one, at) => (one === 'h0' && at > 0 ? [at] : [])));
      },
      { totalPs: (15n + 22n + 8n + 15n) * MS },
    );
    const all = joinOf(reports, calls);
    expect(all.unsteady.map(nameOf)).not.toContain('e');
    expect(all.unsteady.map(nameOf)).not.toContain('f');
  });

  test('conclude no package for want of one that left with them', () => {
    // a.0 is in no base, and too heavy to be tried again. H names a.1 for want of it, and a second h0.0.
    const reports = [
      report('a.0', [H, 9]),
      report('a.1', [H]),
      ...Array.from({ length: 7 }, (_, i) => report(`h${i}.0`, [H])),
      withOutputs(report('again', [H]), 'h0.0'),
    ];
    // First calls: H 10 ms, class 9 40 ms. Reserved: 2 * 9 ms, and 8 ms. With 17.9 ms beside these, there is no round of 9 ms.
    const { calls } = scripted(reports, gapless, { totalPs: 93_900_000_000n, perOutputPs: { 9: 40n * MS } });
    const { taken, leftOut } = joinOf(reports, calls);
    expect(taken).toHaveLength(7);
    expect([...leftOut].map(([one, { kind }]) => `${nameOf(one)} ${kind}`).sort()).toEqual([
      'a.0 unchecked',
      'a.1 postponed',
      'again postponed',
    ]);
  });
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

  test('one that spoils a trial of those on probation is not for longer', () => {
    const spoiled = (isOnProbation: (one: WorkReport) => boolean): string[] => {
      const reports = [
        report('e', [H, 9]),
        report('f', [H, 9]),
        report('h', [H]),
        report('g1', [G]),
        report('g2', [G]),
      ];
      // Of p and q, which are in no base, class 7 names the first one, in a trial of both.
      reports.push(report('p', [H, 7]), report('q', [H, 7]));
      const script: Script = (outputs, id) => {
        if (id === 7) return String(outputs) === 'p,q' ? indices(0) : undefined;
        if (id === 9) return outputs.length === 2 ? indices(0) : trapped;
        return id === G && outputs.length > 1 ? indices(1) : undefined;
      };
      const { calls } = scripted(reports, script, { totalPs: 21n * MS, perOutputPs: { 7: 1n } });
      return joinOf(reports, calls, { isOnProbation }).unsteady.map(nameOf);
    };
    expect(spoiled((one) => 'pq'.includes(nameOf(one)))).toEqual(['f']);
  });

  test('one that collides with another at once is not, though it is named again with its base', () => {
    // All weight is used. G names the second k.0; the package with an output of class 8 is in no base.
    const reports = [
      ...['a.0', 'k.0', 'b.0', 'c.0'].map((name) => report(name, [G])),
      withOutputs(report('again', [G]), 'k.0'),
      report('x.0', [G, 8]),
    ];
    const { calls, log } = scripted(reports, (outputs, id) => (id === G ? firstOfKey(outputs, id) : undefined), {
      totalPs: 3n * 7n * MS,
    });
    const { unsteady } = joinOf(reports, calls);
    expect(log.slice(0, 3).map((made) => made.find(({ id }) => id === G)!.outputs.join(' '))).toEqual([
      'a.0 k.0 b.0 c.0 k.0 x.0',
      'a.0 k.0 b.0 c.0 k.0',
      'a.0 k.0 b.0 c.0',
    ]);
    expect(unsteady).toEqual([]);
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
