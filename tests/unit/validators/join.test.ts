// The author's join (D5a), with classes made up by the tests.
import { describe, expect, test } from '@jest/globals';
import type { JoinAnswer, WorkReport } from '../../../host/contract/index.js';
import { askAlone, type Joined } from '../../../host/validators/join/join.js';
import type { LeftOut } from '../../../host/validators/join/verdicts.js';
import { API_CALL_PS, API_CALLS_FREE } from '../../../host/validators/join/prune-calls.js';
import {
  firstOfLetter,
  indices,
  joinOf,
  names,
  nameOf,
  overran,
  report,
  type Script,
  scripted,
  type ScriptedCalls,
  type Terms,
  trapped,
} from './join-world.js';

const MS = 1_000_000_000n;

function joined(reports: WorkReport[], script: Script, terms: Terms = {}): Joined & ScriptedCalls {
  const world = scripted(reports, script, terms);
  return { ...joinOf(reports, world.calls), ...world };
}

/** The names of the packages left out, by kind. */
const left = ({ leftOut }: Pick<Joined, 'leftOut'>, kind: LeftOut['kind']): string =>
  names([...leftOut].flatMap(([one, verdict]) => (verdict.kind === kind ? [one] : [])));

/** Number of calls of a class. */
const callsOf = ({ log }: ScriptedCalls, id: number): number => log.flat().filter((call) => call.id === id).length;

describe('a set that every class accepts', () => {
  test('is taken in order, with one call of the API and one of each class', () => {
    const all = joined([report('a', [1]), report('b', [2, 1])], () => undefined);
    expect(names(all.taken)).toBe('ab');
    expect(all.leftOut.size).toBe(0);
    expect(all.log.map((made) => made.map(({ id }) => id))).toEqual([[1, 2]].map((ids) => expect.arrayContaining(ids)));
    expect(all.log.flat()).toHaveLength(2);
  });

  test('classes without prune weight or without successful outputs are not called', () => {
    const all = joined([report('a', [1, -2]), report('b', [3])], () => trapped, { perOutputPs: { 1: 0n, 3: 0n } });
    expect(names(all.taken)).toBe('ab');
    expect(all.log).toEqual([]);
  });

  test('in a round, the class with the smallest allotment is called first', () => {
    // Class 1 has two outputs of 3 ms, class 2 one of 5 ms, class 3 one of 7 ms.
    const all = joined([report('a', [1, 1]), report('b', [3, 2])], () => undefined, {
      perOutputPs: { 1: 3n * MS, 2: 5n * MS, 3: 7n * MS },
    });
    expect(all.log[0]!.map(({ id, givenPs }) => [id, givenPs])).toEqual([
      [2, 5n * MS],
      [1, 6n * MS],
      [3, 7n * MS],
    ]);
  });
});

describe('a package that is named', () => {
  test('alone on top of those taken is concluded as pruned, with the class', () => {
    const all = joined([report('a1', [1]), report('b1', [1]), report('a2', [1, 2])], firstOfLetter);
    expect(names(all.taken)).toBe('a1b1');
    expect([...all.leftOut]).toEqual([
      [expect.anything(), { kind: 'pruned', class: 1, reason: 'Work Class 1 rejected an output of the package' }],
    ]);
    // Asked: all of them, those left, and a2 on top of those taken.
    expect(
      all.log
        .flat()
        .filter(({ id }) => id === 1)
        .map(({ outputs }) => outputs.join(' ')),
    ).toEqual(['a1 b1 a2', 'a1 b1', 'a1 b1 a2']);
  });

  test('an innocent package that collided with one that was itself left out is taken', () => {
    // a2 collides with a1, which class 9 keeps out of the block by an endless loop.
    const all = joined([report('a1', [1, 9]), report('a2', [1])], (outputs, id) =>
      id === 9 ? overran : firstOfLetter(outputs, id),
    );
    expect(names(all.taken)).toBe('a2');
    // Tried by itself after a2: class 1 names it alone, but class 9 fails again, so nothing is concluded.
    expect([...all.leftOut.values()]).toEqual([
      { kind: 'postponed', reason: 'Work Class 9 failed: its prune ran out of weight' },
    ]);
  });

  test('an innocent package that collided with one that another class prunes is taken', () => {
    const all = joined([report('a1', [1, 2]), report('a2', [1])], (outputs, id) =>
      id === 2 ? indices(0) : firstOfLetter(outputs, id),
    );
    expect(names(all.taken)).toBe('a2');
    expect(left(all, 'pruned')).toBe('a1');
  });

  test('beside others is not concluded: it is postponed', () => {
    // With three outputs the class names the last; with a third on top of two, the first two and the last.
    let calls = 0;
    const all = joined([report('a', [1]), report('b', [1]), report('c', [1])], (outputs) => {
      if (outputs.length < 3) return undefined;
      return calls++ === 0 ? indices(2) : indices(0, 2);
    });
    expect(names(all.taken)).toBe('ab');
    expect([...all.leftOut.values()]).toEqual([
      { kind: 'postponed', reason: 'Work Class 1 rejected outputs of other packages because of it' },
    ]);
  });

  test('alone by one class and beside others by another is not concluded', () => {
    const reports = [report('a', [1, 2]), report('b', [1, 2])];
    const all = joined(
      reports,
      (outputs, id) => (outputs.length < 2 ? undefined : id === 1 ? indices(1) : indices(0, 1)),
      {
        perOutputPs: { 2: 2n * MS },
      },
    );
    // Both leave the set; a is taken, and on top of it b is named by both classes, by class 2 together with a.
    expect(names(all.taken)).toBe('a');
    expect([...all.leftOut.values()]).toEqual([
      { kind: 'postponed', reason: 'Work Class 2 rejected outputs of other packages because of it' },
    ]);
  });

  test('takes its dependents along, which are tried again once it is taken, and not otherwise', () => {
    // Class 1 accepts two outputs at most, and names the first and third of a, b, c; class 2 has no objections.
    const twoAtMost: Script = (outputs, id) => {
      if (id !== 1 || outputs.length <= 2) return undefined;
      return outputs.join('') === 'abc' ? indices(0, 2) : indices(2);
    };
    const all = joined(
      [report('a', [1]), report('d', [2], 'a'), report('b', [1]), report('c', [1]), report('e', [2], 'c')],
      twoAtMost,
    );
    // On top of b, a is accepted, and then d; c is one too many, and e depends on it.
    expect(names(all.taken)).toBe('bad');
    expect(left(all, 'pruned')).toBe('c');
    expect([...all.leftOut.values()].at(-1)).toEqual({
      kind: 'postponed',
      reason: 'its prerequisite is not in the block',
    });
  });

  test('is not tried when the total is used up: it is unchecked', () => {
    // First call 2 ms, repeat 1 ms, trial 2 ms; six calls of the API are free.
    const reports = [report('a1', [1]), report('a2', [1])];
    const total = 5n * MS;
    expect(left(joined(reports, firstOfLetter, { totalPs: total }), 'pruned')).toBe('a2');
    const less = joined(reports, firstOfLetter, { totalPs: total - 1n });
    expect(names(less.taken)).toBe('a1');
    expect([...less.leftOut.values()]).toEqual([{ kind: 'unchecked', reason: expect.stringContaining('used up') }]);
    expect(less.log).toHaveLength(2);
  });
});

describe('a class that fails', () => {
  test.each<[string, JoinAnswer, string]>([
    ['traps', trapped, 'its prune trapped'],
    ['overruns', overran, 'its prune ran out of weight'],
    ['returns something malformed', { kind: 'malformed' }, 'its prune did not return a list of its outputs'],
    ['names an output out of range', indices(5), 'its prune named an output that it was not given'],
  ])('because it %s loses its packages, and no other class does', (_how, answer, reason) => {
    const reports = [report('a', [1]), report('b', [2]), report('c', [1, 2]), report('d', [2])];
    const all = joined(reports, (_outputs, id) => (id === 1 ? answer : undefined));
    expect(names(all.taken)).toBe('bd');
    expect(all.failed).toEqual(new Map([[1, reason]]));
    // Called for all its outputs, and then for those of one package; not for c.
    expect(
      all.log
        .flat()
        .filter(({ id }) => id === 1)
        .map(({ outputs }) => outputs.join('')),
    ).toEqual(['ac', 'a']);
    expect([...all.leftOut].map(([one, verdict]) => [nameOf(one), verdict])).toEqual(
      ['a', 'c'].map((name) => [name, { kind: 'postponed', reason: `Work Class 1 failed: ${reason}` }]),
    );
  });

  test('has one package taken, if it accepts that one by itself', () => {
    const all = joined([report('a', [1]), report('b', [1]), report('c', [2])], (outputs, id) =>
      id === 1 && outputs.length > 1 ? trapped : undefined,
    );
    expect(names(all.taken)).toBe('ca');
    expect(left(all, 'postponed')).toBe('b');
    expect([...all.failed.keys()]).toEqual([1]);
  });

  test('names the package that it is called for: that is not concluded, as it may depend on others of the class', () => {
    const all = joined([report('a', [1]), report('b', [1])], (outputs) => (outputs.length > 1 ? trapped : indices(0)));
    expect(names(all.taken)).toBe('');
    expect([left(all, 'pruned'), left(all, 'postponed')]).toEqual(['', 'ab']);
  });

  test('is called for a package without another failed class, which could spoil its only call', () => {
    // Both classes fail with two packages; class 9 fails with one too.
    const all = joined([report('a', [1, 9]), report('b', [9]), report('c', [1])], (outputs, id) =>
      id === 9 || outputs.length > 1 ? trapped : undefined,
    );
    expect(names(all.taken)).toBe('c');
    expect([...all.failed.keys()].sort()).toEqual([1, 9]);
  });

  test('is tried after the packages without a failed class', () => {
    const order: string[] = [];
    joined([report('a1', [1, 9]), report('b1', [1]), report('b2', [1])], (outputs, id) => {
      order.push(`${id}:${outputs.join(' ')}`);
      return id === 9 ? trapped : firstOfLetter(outputs, id);
    });
    expect(order.indexOf('1:b1 b2')).toBeLessThan(order.indexOf('9:a1', order.indexOf('9:a1') + 1));
  });

  test('in a trial keeps what was taken, with which it is content, and gets no further trial', () => {
    // Content with one output, names the others of four, and traps with two: called for all four, for those named together
    // on top of a, and for b on top of a.
    const all = joined([report('a', [1]), report('b', [1]), report('c', [1]), report('d', [1])], (outputs) =>
      outputs.length === 4 ? indices(1, 2, 3) : outputs.length > 1 ? trapped : undefined,
    );
    expect(names(all.taken)).toBe('a');
    expect(left(all, 'postponed')).toBe('bcd');
    expect([...all.failed.keys()]).toEqual([1]);
    expect(all.log.flat().map(({ outputs }) => outputs.join(''))).toEqual(['abcd', 'a', 'abcd', 'ab']);
  });
});

describe('rounds', () => {
  const letters = [...'abcdefgh'];
  test('end when two calls of each class for its family, and half of the rest, would not be left', () => {
    // Class 1 names its last output. Its first calls are 10 ms with that of class 9. Two of its 8 own outputs are reserved, 16
    // ms, and 4 * 2 ms for calls of the API. Of 64 ms, 30 ms are neither used nor reserved: rounds have 15 ms, 8 + 7.
    const reports = [report('x', [1, 9]), ...letters.map((name) => report(name, [1]))];
    const callsWith = (totalPs: bigint): string[] =>
      joined(reports, (outputs, id) => (id === 1 ? indices(outputs.length - 1) : undefined), { totalPs }).log.flatMap(
        (made) => made.flatMap(({ id, outputs }) => (id === 1 ? [outputs.join('')] : [])),
      );
    expect(callsWith(64n * MS).slice(0, 4)).toEqual(['xabcdefgh', 'xabcdefg', 'xabcdef', 'abcdefgh']);
    expect(callsWith(64n * MS - 2n).slice(0, 3)).toEqual(['xabcdefgh', 'xabcdefg', 'abcdefgh']);
  });

  test('let a class wait while smaller ones could change what it has', () => {
    // Class 1 (1 ms an output) names its last package as long as it has more than six; class 2 (40 ms) is in all of them.
    const all = joined(
      letters.map((name) => report(name, [1, 2])),
      (outputs, id) => (id === 1 && outputs.length > 6 ? indices(outputs.length - 1) : undefined),
      { perOutputPs: { 2: 40n * MS } },
    );
    expect(names(all.taken)).toBe('abcdef');
    expect(all.log.slice(0, 4).map((made) => made.map(({ id, outputs }) => `${id}:${outputs.length}`))).toEqual([
      ['1:8', '2:8'],
      ['1:7'],
      ['1:6'],
      ['2:6'],
    ]);
  });
});

describe('more reports, for cores whose packages were left out', () => {
  const more = (first: WorkReport[], others: WorkReport[], script: Script): Joined & ScriptedCalls => {
    const world = scripted([...first, ...others], script);
    const all = joinOf(first, world.calls);
    all.offer(others);
    return { ...all, ...world };
  };

  test('are taken with one call if all classes are content with them on top of those taken', () => {
    const all = more(
      [report('a1', [1]), report('a2', [1])],
      [report('b', [1, 2]), report('c', [2], 'b')],
      firstOfLetter,
    );
    expect(names(all.taken)).toBe('a1bc');
    expect(all.log.at(-1)!.map(({ id, outputs }) => `${id}:${outputs.join('')}`)).toEqual(['1:a1b', '2:bc']);
    expect(left(all, 'pruned')).toBe('a2');
  });

  test('are tried in halves otherwise, and those taken stay', () => {
    const all = more([report('a1', [1])], [report('a2', [1]), report('b', [1]), report('c', [])], firstOfLetter);
    expect(names(all.taken)).toBe('a1bc');
    expect(left(all, 'pruned')).toBe('a2');
  });

  test('are taken without those that are named, which are tried by themselves', () => {
    const others = Array.from({ length: 64 }, (_, at) => report(at === 13 || at === 40 ? 'a' : `b${at}`, [1]));
    const twice: Script = (outputs) => indices(...outputs.flatMap((one, at) => (at > 0 && one === 'a' ? [at] : [])));
    const all = more([report('a', [1])], others, twice);
    expect(all.taken).toHaveLength(63);
    expect(left(all, 'pruned')).toBe('aa');
    // The first one of `a`; all 64; those not named; the two that were, together, and each by itself.
    expect(callsOf(all, 1)).toBe(6);
  });

  test('are taken without those of a class that objects to what was taken, which are tried by themselves', () => {
    const all = more([report('a', [1, 9])], [report('b', [1, 9]), report('c', [1])], (outputs, id) =>
      id === 9 && outputs.length > 1 ? indices(0) : undefined,
    );
    expect(names(all.taken)).toBe('ac');
    expect(left(all, 'postponed')).toBe('b');
    expect(callsOf(all, 1)).toBe(4); // a, abc, ac, acb
  });

  test('are tried in halves of groups first, so that those of one group can be taken in one call', () => {
    // Class 1 objects to what was taken if there is a package of class 9, too; they come in turn.
    const others = Array.from({ length: 16 }, (_, at) => report(at % 2 === 0 ? `h${at}` : `e${at}`, [1, 8 + (at % 2)]));
    const all = more([report('x', [1])], others, (outputs, id) =>
      id === 1 && outputs.some((one) => one.startsWith('e')) ? indices(0) : undefined,
    );
    expect(all.taken).toHaveLength(9);
    const calls = all.log.map((made) => made.find(({ id }) => id === 1)!.outputs);
    expect(calls[1]).toHaveLength(17);
    expect(calls[2]!.join('')).toBe('xh0h2h4h6h8h10h12h14');
  });

  test('of one group are tried in halves if the class objects to what was taken because of one of them', () => {
    const others = Array.from({ length: 16 }, (_, at) => report(`h${at}`, [1]));
    const all = more([report('x', [1])], others, (outputs) => (outputs.includes('h5') ? indices(0) : undefined));
    expect(all.taken).toHaveLength(16);
    expect(left(all, 'postponed')).toBe('h5');
    // x; all 16; and two calls at each of log2(16) = 4 halvings.
    expect(callsOf(all, 1)).toBe(1 + 1 + 2 * 4);
  });

  test('of which k of n groups are not accepted cost O(k log n) calls', () => {
    // Each package has a class of its own beside class 1, which names what was taken before if there are certain ones.
    const others = Array.from({ length: 64 }, (_, at) => report(`b${at}`, [1, 100 + at]));
    const all = more([report('a', [1])], others, (outputs, id) =>
      id === 1 && outputs.some((one) => one === 'b13' || one === 'b40') ? indices(0) : undefined,
    );
    expect(all.taken).toHaveLength(63);
    expect(left(all, 'postponed')).toBe('b13b40');
    // The first one; all 64; and for each of the two, two calls at each of log2(64) = 6 halvings, of which they share the
    // first.
    expect(callsOf(all, 1)).toBe(1 + 1 + 2 * 2 * 6 - 2);
  });

  test('of which some are taken without one that spoils the others go on in halves', () => {
    // Class 1 objects to what was taken because of h5; g has no output of it.
    const others = [...Array.from({ length: 16 }, (_, at) => report(`h${at}`, [1])), report('g', [2])];
    const all = more([report('x', [1])], others, (outputs) => (outputs.includes('h5') ? indices(0) : undefined));
    expect(all.taken).toHaveLength(17);
    expect(left(all, 'postponed')).toBe('h5');
    // x; all 16; and two calls at each of log2(16) = 4 halvings.
    expect(callsOf(all, 1)).toBe(1 + 1 + 2 * 4);
  });

  test('of a class that fails with them: what was taken stays', () => {
    const all = more([report('a', [1])], [report('b', [1]), report('c', [2])], (outputs, id) =>
      id === 1 && outputs.length > 1 ? trapped : undefined,
    );
    expect(names(all.taken)).toBe('ac');
    expect([...all.failed.keys()]).toEqual([1]);
    expect(left(all, 'postponed')).toBe('b');
  });
});

describe('when the total of a block ends', () => {
  test('only classes that are not content with exactly what is left lose their packages', () => {
    // Round 1: class 1 has 1 ms, class 2 has 2 ms, class 3 has 5 ms. The total ends before class 3 is called.
    const reports = [report('a', [1]), report('b', [2]), report('c', [2]), report('d', [3])];
    const terms = (totalPs: bigint): Terms => ({ totalPs, perOutputPs: { 3: 5n * MS } });
    const all = joined(reports, () => undefined, terms(3n * MS));
    expect(names(all.taken)).toBe('abc');
    expect(left(all, 'unchecked')).toBe('d');
    expect(all.failed.size).toBe(0);
    expect(names(joined(reports, () => undefined, terms(8n * MS)).taken)).toBe('abcd');
  });

  test('a class whose outputs change by that must be content again, or loses its packages too', () => {
    const reports = [report('a', [1]), report('b', [1, 3])];
    // Class 1 is content with a and b; b leaves with class 3, which can't be called.
    const terms = (totalPs: bigint): Terms => ({ totalPs, perOutputPs: { 3: 50n * MS } });
    expect(names(joined(reports, () => undefined, terms(3n * MS - 1n)).taken)).toBe('');
    expect(names(joined(reports, () => undefined, terms(3n * MS)).taken)).toBe('a');
  });

  test('the calls of the API count too, so that their number is bounded', () => {
    const all = joined(
      Array.from({ length: 200 }, (_, index) => report(`a${index}`, [1])),
      firstOfLetter,
      { totalPs: 100n * API_CALL_PS, perOutputPs: { 1: 1n } },
    );
    expect(names(all.taken)).toBe('a0');
    expect(all.log.length).toBeLessThan(100 + API_CALLS_FREE);
    expect(all.leftOut.size).toBe(199);
  });
});

describe('classes taken singly', () => {
  test('are called for their own package only, in one call of the API', () => {
    const reports = [report('a', [1, 3]), report('b', [2, 3])];
    const { calls, log } = scripted(reports, (_outputs, id) => (id === 1 ? overran : undefined));
    const alone = askAlone(reports, new Set([1, 2]), calls, () => false);
    expect(log.map((made) => made.map(({ id, outputs }) => `${id}:${outputs.join('')}`))).toEqual([['1:a', '2:b']]);
    expect([...alone.failed.keys()]).toEqual([1]);
    expect(left(alone, 'postponed')).toBe('a');
    // Class 2 is content, and is not called again.
    joinOf([reports[1]!], calls, { content: new Set([2]) });
    expect(log[1]!.map(({ id }) => id)).toEqual([3]);
  });

  test('that name their only package conclude it', () => {
    const reports = [report('a', [1, 1])];
    const { calls } = scripted(reports, () => indices(1));
    expect(
      left(
        askAlone(reports, new Set([1]), calls, () => false),
        'pruned',
      ),
    ).toBe('a');
  });

  test('that name it conclude nothing if its prerequisite, or others of the class, may be why', () => {
    const { calls } = scripted([report('a', [1])], () => indices(0));
    const alone = (one: WorkReport, companions: boolean): Omit<Joined, 'taken'> =>
      askAlone([one], new Set([1]), calls, () => companions);
    expect(left(alone(report('a', [1]), false), 'pruned')).toBe('a');
    expect(left(alone(report('a', [1]), true), 'postponed')).toBe('a');
    expect(left(alone(report('a', [1], 'first'), false), 'postponed')).toBe('a');
  });
});
