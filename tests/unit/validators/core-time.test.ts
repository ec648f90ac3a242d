// Whose package a core refines next. Spec: D40.
import { describe, expect, test } from '@jest/globals';
import { CoreTime, type Turn } from '../../../host/validators/queues/core-time.js';
import { Random, seedOf } from '../../random.js';

interface Item extends Turn {
  readonly name: string;
  readonly costMs: number;
}

/** `by`: parties, outermost first, separated by "/". */
function item(name: string, by: string, costMs = 1, contextNumber = 0): Item {
  return { name, costMs, contextNumber, bytes: 1, parties: by.split('/') };
}

const all = (): boolean => true;

/** Serves `count` packages. Returns their names. */
function serve(time: CoreTime<Item>, count: number, isReady: (item: Item) => boolean = all): string {
  const names: string[] = [];
  for (let served = 0; served < count; served++) {
    const next = time.next(isReady);
    if (next === undefined) break;
    time.took(next, next.costMs);
    names.push(next.name);
  }
  return names.join(' ');
}

describe('time is shared', () => {
  test("one submitter's 127 packages of 2 s do not delay another's by more than one of them", () => {
    const time = new CoreTime<Item>();
    for (let index = 0; index < 127; index++) time.add(item(`greedy${index}`, 'greedy', 2_000));
    const first = time.next(all)!;
    time.add(item('modest', 'modest', 2_000));
    time.took(first, first.costMs);
    expect([first.name, serve(time, 3)]).toEqual(['greedy0', 'modest greedy1 greedy2']);
  });

  test('by what packages take, not by their number', () => {
    const time = new CoreTime<Item>();
    for (let index = 0; index < 3; index++) time.add(item(`long${index}`, 'a', 40));
    for (let index = 0; index < 9; index++) time.add(item(`short${index}`, 'b', 10));
    // a: 40, b: 0 10 20 30 40, then a as it had its turn longer ago: 80, b: 50 60 70 80, a
    expect(serve(time, 12)).toBe('long0 short0 short1 short2 short3 long1 short4 short5 short6 short7 long2 short8');
  });

  test('between AuthIds, then between their addresses, then between the connections of an address', () => {
    const time = new CoreTime<Item>();
    for (const by of ['x/1/a', 'x/1/b', 'x/2/c', 'y/1/a']) {
      for (let index = 0; index < 8; index++) time.add(item(by, by));
    }
    expect(serve(time, 8)).toBe('x/1/a y/1/a x/2/c y/1/a x/1/b y/1/a x/2/c y/1/a');
  });

  test('a submitter that was away has no more for it, and one that comes back at once no advantage', () => {
    const time = new CoreTime<Item>();
    for (let index = 0; index < 20; index++) time.add(item('a', 'a', 100));
    expect(serve(time, 5)).toBe('a a a a a');
    const served: string[] = [];
    for (let index = 0; index < 8; index++) {
      time.add(item('b', 'b', 100)); // only ever one package
      served.push(serve(time, 1));
    }
    expect(served.join(' ')).toBe('a b a b a b a b');
  });

  test('with ever new addresses, of which two compete at a time, a third has a third', () => {
    const time = new CoreTime<Item>();
    for (let index = 0; index < 40; index++) time.add(item('a', 'a', 100));
    let next = 0;
    const refill = (): void => time.add(item('new', `new${next++}`, 100));
    refill();
    refill();
    let ours = 0;
    for (let turn = 0; turn < 90; turn++) {
      const name = serve(time, 1);
      if (name === 'a') ours++;
      else refill();
    }
    expect(ours).toBeGreaterThanOrEqual(90 / 3 - 1);
  });

  test('of k submitters, each that always has packages waiting has at least 1/k of the time', () => {
    const random = new Random(seedOf('core time'));
    for (let round = 0; round < 60; round++) {
      const k = 2 + random.below(7);
      const costMax = 1 + random.below(2_000);
      const time = new CoreTime<Item>();
      /** The first always has packages; others come and go, some under new names. */
      const names = Array.from({ length: k }, (_, index) => `s${index}`);
      const waiting = new Map<string, number>();
      let renamed = 0;
      const add = (name: string): void => {
        waiting.set(name, (waiting.get(name) ?? 0) + 1);
        time.add(item(name, name, 1 + random.below(costMax)));
      };
      const usedMs = new Map<string, number>();
      let totalMs = 0;
      let worstMs = 0;
      for (let turn = 0; turn < 400; turn++) {
        while ((waiting.get('s0') ?? 0) < 2) add('s0');
        for (let index = 1; index < k; index++) {
          const isIdle = (waiting.get(names[index]!) ?? 0) === 0;
          if (isIdle && random.chance(0.2)) names[index] = `renamed${renamed++}`;
          if (random.chance(isIdle ? 0.4 : 0.6)) for (let n = random.below(4); n >= 0; n--) add(names[index]!);
        }
        const next = time.next(all)!;
        time.took(next, next.costMs);
        waiting.set(next.name, waiting.get(next.name)! - 1);
        usedMs.set(next.name, (usedMs.get(next.name) ?? 0) + next.costMs);
        totalMs += next.costMs;
        worstMs = Math.max(worstMs, totalMs / k - (usedMs.get('s0') ?? 0));
      }
      // At any time it may lack what others began before its turn: as in WF²Q+, in proportion to the longest package.
      expect(worstMs).toBeLessThanOrEqual(2 * costMax);
    }
  });
});

describe('what can be Registered soonest', () => {
  test('packages that the next blocks could Register come first, whosever they are', () => {
    const time = new CoreTime<Item>();
    for (const name of ['a1', 'a2']) time.add(item(name, 'a'));
    for (const name of ['b1', 'b2']) time.add(item(name, 'b'));
    const isReady = ({ name }: Item): boolean => name === 'b2';
    expect(serve(time, 4, isReady)).toBe('b2 a1 b1 a2'); // without a ready one, they take turns
  });

  test("of a submitter's own packages, the one that expires first", () => {
    const time = new CoreTime<Item>();
    for (const [name, context] of [
      ['a7', 7],
      ['a5', 5],
      ['a6', 6],
      ['later a5', 5],
    ] as const)
      time.add(item(name, 'a', 1, context));
    time.add(item('b9', 'b', 1, 9));
    expect(serve(time, 5)).toBe('a5 b9 later a5 a6 a7'); // another's are not displaced by older contexts
  });

  test('time in which a submitter had nothing ready is not made up for', () => {
    const time = new CoreTime<Item>();
    for (let index = 0; index < 20; index++) for (const name of ['a', 'b']) time.add(item(name, name, 100));
    const onlyA = ({ name }: Item): boolean => name === 'a';
    expect(serve(time, 6, onlyA)).toBe('a a a a a a');
    expect(serve(time, 6)).toBe('b a b a b a');
  });
});

test('a package that was removed has no turn', () => {
  const time = new CoreTime<Item>();
  const gone = item('gone', 'a');
  for (const each of [gone, item('kept', 'b')]) time.add(each);
  time.remove(gone);
  expect(serve(time, 2)).toBe('kept');
});
