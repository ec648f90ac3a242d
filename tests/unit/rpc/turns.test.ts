// Whose work runs next: with a clock that only tasks move, and an event loop that goes round on request.
import { describe, expect, test } from '@jest/globals';
import { inSteps, Turns, type ClientLine, type Steps, type Task } from '../../../host/rpc/turns.js';

/** Turns with slices of 4 ms. `round` is one round of the event loop. */
function setUp(): {
  line: () => ClientLine;
  turns: Turns;
  task: (name: string, ms: number, expectedMs?: number) => Task;
  steps: (name: string, count: number, ms: number) => Task;
  done: string[];
  nowMs: () => number;
  round: () => number;
} {
  let now = 0;
  const later: (() => void)[] = [];
  const done: string[] = [];
  const turns = new Turns({ sliceMs: 4, nowMs: () => now, later: (call) => later.push(call) });
  return {
    turns,
    line: () => turns.line(),
    done,
    nowMs: () => now,
    task: (name, ms, expectedMs = ms) => ({
      expectedMs,
      run: () => {
        now += ms;
        done.push(name);
        return true;
      },
    }),
    steps: (name, count, ms) => {
      function* work(): Steps<string> {
        for (let step = 0; step < count; step++) {
          now += ms;
          yield;
        }
        return name;
      }
      return inSteps(
        ms,
        work(),
        (result) => done.push(result),
        (error) => done.push(String(error)),
      );
    },
    /** Returns how many calls were due. */
    round: () => later.splice(0).map((call) => call()).length,
  };
}

describe('a client with many requests in flight kept others waiting', () => {
  test('an easy request of another runs next, however many wait', () => {
    const { line, task, done, round } = setUp();
    const [busy, other] = [line(), line()];
    for (let index = 0; index < 256; index++) busy.push(task('transfer', 1));
    round();
    expect(done).toEqual(['transfer', 'transfer', 'transfer', 'transfer']);
    other.push(task('easy', 0.1));
    round();
    expect(done[4]).toBe('easy');
  });

  test('also where 255 others have just connected, each with a heavy one', () => {
    const { line, task, done, round } = setUp();
    for (let index = 0; index < 255; index++) line().push(task('heavy', 80));
    line().push(task('easy', 0.1));
    round();
    expect(done[0]).toBe('easy');
  });

  test('idleness is no credit: who comes back shares the time with who was busy', () => {
    const { line, task, done, round } = setUp();
    const [busy, back] = [line(), line()];
    for (let index = 0; index < 100; index++) busy.push(task('busy', 1));
    for (let turn = 0; turn < 10; turn++) round(); // 40 ms of `busy`
    for (let index = 0; index < 40; index++) back.push(task('back', 1));
    done.length = 0;
    for (let turn = 0; turn < 5; turn++) round(); // 20 ms for both
    expect(done.filter((name) => name === 'busy')).toHaveLength(10);
  });

  test('a line that was idle owes 1 ms at most: a garbage collection in its last task is not its debt', () => {
    const { line, task, done, round } = setUp();
    const [easy, busy] = [line(), line()];
    easy.push(task('easy', 500, 0.1));
    round();
    for (let index = 0; index < 100; index++) busy.push(task('busy', 1));
    easy.push(task('easy again', 0.1));
    while (!done.includes('easy again')) round();
    // After one of `busy` the easy one would end at 1.1, the next busy one at 2.
    expect(done.slice(0, 3)).toEqual(['easy', 'busy', 'easy again']);
  });

  test('a heavy one runs once others have used as much: 80 tasks of 1 ms', () => {
    const { line, task, done, round } = setUp();
    const [easy, heavy] = [line(), line()];
    for (let index = 0; index < 500; index++) easy.push(task('easy', 1));
    heavy.push(task('heavy', 80));
    while (!done.includes('heavy')) expect(round()).toBe(1);
    // The heavy one is next when `easy` would have used more than its 80 ms.
    expect(done.indexOf('heavy')).toBe(80);
  });
});

describe('no block was made while requests were served', () => {
  test('the event loop goes round after 4 ms of tasks', () => {
    const { line, task, done, round, nowMs } = setUp();
    const one = line();
    for (let index = 0; index < 10; index++) one.push(task('t', 1.5));
    round();
    // 1.5, 3, 4.5: the slice is over.
    expect([done.length, nowMs()]).toEqual([3, 4.5]);
  });

  test('work in steps is interrupted, goes on in its place, and gives its result once', () => {
    const { line, task, steps, done, round, nowMs } = setUp();
    const one = line();
    one.push(steps('wide', 10, 1));
    one.push(task('after', 0));
    round();
    expect([done, nowMs()]).toEqual([[], 4]);
    round();
    expect([done, nowMs()]).toEqual([[], 8]);
    round();
    expect(done).toEqual(['wide', 'after']);
    expect(round()).toBe(0);
  });

  test('what is thrown in a step is passed on', () => {
    const { done, round, line } = setUp();
    function* failing(): Steps<string> {
      yield;
      throw new Error('no');
    }
    line().push(
      inSteps(
        1,
        failing(),
        () => done.push('done'),
        (error) => done.push(String(error)),
      ),
    );
    round();
    expect(done).toEqual(['Error: no']);
  });
});

describe('a line', () => {
  test('keeps its order; tasks given ahead come first, in theirs', () => {
    const { line, task, done, round } = setUp();
    const one = line();
    for (const name of ['c', 'd']) one.push(task(name, 0));
    one.unshift([task('a', 0), task('b', 0)]);
    round();
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that is held runs nothing until it is released; a closed one nothing more', () => {
    const { line, task, done, round } = setUp();
    const one = line();
    one.push(task('a', 0));
    one.hold('reading');
    one.hold('place');
    one.push(task('b', 0));
    round();
    expect(done).toEqual([]);
    one.release('reading');
    round();
    expect(done).toEqual([]);
    one.release('place');
    round();
    expect(done).toEqual(['a', 'b']);
    one.push(task('c', 0));
    one.close();
    one.push(task('d', 0));
    round();
    expect([done, one.length]).toEqual([['a', 'b'], 0]);
  });

  test('what is to happen at the end of a slice happens once, after its tasks', () => {
    const { line, turns, task, done, round } = setUp();
    line().push(task('a', 0));
    turns.atEnd(() => done.push('end'));
    round();
    expect(done).toEqual(['a', 'end']);
    expect(round()).toBe(0);
  });
});
