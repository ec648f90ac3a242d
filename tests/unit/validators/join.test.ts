// The rounds of `join`, with results of `prune` made up by the tests.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, err, ok, utf8 } from '../../../host/bytes/index.js';
import type { JoinAnswer, WorkReport } from '../../../host/contract/index.js';
import { join } from '../../../host/validators/index.js';
import type { AskClasses } from '../../../host/validators/index.js';
import { Random, seedOf } from '../../random.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));

/** A report with one output for each class; a negative class stands for an item that failed. */
function report(name: string, classes: number[], prerequisite?: string): WorkReport {
  return {
    packageSpec: { hash: hash(name), root: hash('root'), len: 1 },
    context: { headerHash: hash('block'), prerequisite: prerequisite === undefined ? undefined : hash(prerequisite) },
    coreIndex: 0,
    results: classes.map((id) => ({
      class: Math.abs(id),
      itemHash: hash('item'),
      weight: 1n,
      result: id < 0 ? err('panic') : ok(utf8(name)),
    })),
    authorization: { kind: 'bulk', evidence: utf8(name) },
    authId: 10_000,
  };
}

const nameOf = ({ authorization }: WorkReport): string =>
  authorization.kind === 'bulk' ? String.fromCharCode(...authorization.evidence) : '';
const names = (reports: readonly WorkReport[]): string => reports.map(nameOf).join('');

type Script = (round: number, outputs: string[], id: number) => JoinAnswer;
const fine: JoinAnswer = { kind: 'indices', indices: [] };
const indices = (...list: number[]): JoinAnswer => ({ kind: 'indices', indices: list });

/** Calls `script` for every class that has an output, as the runtime would; counts the rounds. */
function asking(script: Script): AskClasses & { rounds: () => number } {
  let round = 0;
  const ask: AskClasses = (reports) => {
    round++;
    const outputs = new Map<number, string[]>();
    for (const one of reports) {
      for (const { class: id, result } of one.results) {
        if (result.ok) outputs.set(id, [...(outputs.get(id) ?? []), nameOf(one)]);
      }
    }
    return new Map([...outputs].sort(([a], [b]) => a - b).map(([id, list]) => [id, script(round, list, id)]));
  };
  return Object.assign(ask, { rounds: () => round });
}

describe('join', () => {
  test('takes all in order if no class complains, in one round', () => {
    const ask = asking(() => fine);
    const joined = join([report('a', [1]), report('b', [2, 1])], ask);
    expect(names(joined.taken)).toBe('ab');
    expect(joined).toMatchObject({ pruned: [], postponed: [], misbehaved: [] });
    expect(ask.rounds()).toBe(1);
  });

  test('drops the package of a named output, counting only successful outputs of the class', () => {
    // The outputs of class 1 are a, c, c, d: index 2 is the second of c.
    const reports = [report('a', [1]), report('b', [-1, 2]), report('c', [1, 1]), report('d', [1])];
    const joined = join(
      reports,
      asking((_round, outputs, id) => (id === 1 && outputs.join('') === 'accd' ? indices(2) : fine)),
    );
    expect(names(joined.taken)).toBe('abd');
    expect(joined.pruned.map(({ report: one, class: id }) => [nameOf(one), id])).toEqual([['c', 1]]);
    expect(joined.postponed).toEqual([]);
  });

  test('a package named by several classes is pruned once', () => {
    const joined = join(
      [report('a', [1, 2]), report('b', [1])],
      asking((round) => (round === 1 ? indices(0) : fine)),
    );
    expect(names(joined.taken)).toBe('b');
    expect(joined.pruned).toHaveLength(1);
  });

  test('packages that depend on a dropped one are postponed, not pruned', () => {
    const reports = [report('a', [1]), report('b', [2], 'a'), report('c', [2], 'b'), report('d', [2])];
    const joined = join(
      reports,
      asking((round, _outputs, id) => (round === 1 && id === 1 ? indices(0) : fine)),
    );
    expect(names(joined.taken)).toBe('d');
    expect(names(joined.postponed)).toBe('bc');
  });

  test.each<[string, JoinAnswer]>([
    ['traps', { kind: 'trapped' }],
    ['overruns', { kind: 'overran' }],
    ['answers nonsense', { kind: 'malformed' }],
    ['names an output that is not there', indices(5)],
  ])('a class that %s loses the later half of its packages, in each of two rounds', (_name, answer) => {
    const reports = ['a', 'b', 'c', 'd', 'e'].map((name) => report(name, [1]));
    // Of 5 it keeps 2 (a, b), of 2 it keeps 1 (a); then it does not complain.
    const joined = join(
      [...reports, report('x', [2])],
      asking((_round, outputs, id) => (id === 1 && outputs.length > 1 ? answer : fine)),
    );
    expect(names(joined.taken)).toBe('ax');
    expect(names(joined.postponed)).toBe('cdeb');
    expect(joined.pruned).toEqual([]);
  });

  test('round 3: drops all packages of classes that complain, and all packages of more than one class', () => {
    const reports = [report('a', [1]), report('b', [2]), report('c', [3]), report('d', [3]), report('m', [2, 4])];
    const joined = join(
      reports,
      asking((round, _outputs, id) => {
        if (id === 1) return { kind: 'trapped' }; // loses a in round 1: the later half of one package is that package
        return id === 3 && round >= 2 ? { kind: 'overran' } : fine;
      }),
    );
    // Round 2: class 3 has c, d and loses d. Round 3: class 3 loses c, and m is dropped because it has two classes.
    expect(names(joined.taken)).toBe('b');
    expect(joined.misbehaved).toEqual([3]);
    expect(names(joined.postponed)).toBe('adcm');
  });

  test('round 4: a class that complains loses all its remaining packages, and no other class does', () => {
    const reports = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => report(name, [1]));
    const joined = join(
      [...reports, report('m', [2, 3]), report('n', [3])],
      asking((round, _outputs, id) => {
        if (id === 1) return { kind: 'trapped' };
        return id === 3 && round === 4 ? indices(0) : fine;
      }),
    );
    // Rounds 1 and 2 leave a, b of class 1; round 3 drops them and m; in round 4 class 3 complains about n.
    expect(names(joined.taken)).toBe('');
    expect(joined.misbehaved).toEqual([1, 3]);
  });

  test('for random results: at most five rounds, no package lost or repeated, and no complaint in the last round', () => {
    const random = new Random(seedOf('join'));
    for (let run = 0; run < 500; run++) {
      const count = 1 + random.below(12);
      const reports = Array.from({ length: count }, (_, index) =>
        report(
          String.fromCharCode(97 + index),
          Array.from({ length: 1 + random.below(3) }, () => 1 + random.below(4)),
          index > 0 && random.chance(0.3) ? String.fromCharCode(97 + random.below(index)) : undefined,
        ),
      );
      let last = new Map<number, JoinAnswer>();
      const script = asking((_round, outputs) => {
        const percent = random.below(100);
        if (percent < 40) return fine;
        if (percent < 60) return indices(random.below(outputs.length));
        if (percent < 70) return indices(outputs.length + 3);
        return { kind: percent < 85 ? 'trapped' : 'overran' };
      });
      const joined = join(reports, (list) => (last = script(list)));
      expect(script.rounds()).toBeLessThanOrEqual(5);
      const all = [...joined.taken, ...joined.postponed, ...joined.pruned.map((one) => one.report)];
      expect(all.map(nameOf).sort()).toEqual(reports.map(nameOf).sort());
      // The taken packages are in the given order, after their prerequisites among the candidates.
      const taken = names(joined.taken);
      expect(taken).toBe([...taken].sort().join(''));
      for (const one of joined.taken) {
        const first = reports.find(
          (other) =>
            one.context.prerequisite !== undefined &&
            nameOf(other) !== '' &&
            Buffer.compare(other.packageSpec.hash, one.context.prerequisite) === 0,
        );
        if (first !== undefined) expect(taken).toContain(nameOf(first));
      }
      if (joined.taken.length > 0) {
        expect([...last.values()].every((answer) => answer.kind === 'indices' && answer.indices.length === 0)).toBe(
          true,
        );
      }
    }
  });
});
