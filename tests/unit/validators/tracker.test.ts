// The tracker of stages: its limit, and its subscriptions.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, utf8, Writer } from '../../../host/bytes/index.js';
import { type StageEvent, Tracker } from '../../../host/validators/index.js';
import { processorMs } from '../../processor-time.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));
const tracker = (storiesMax: number, awaitedMax = 100): Tracker =>
  new Tracker(
    { update: () => undefined, forgotten: () => undefined, warn: () => undefined },
    { storiesMax, awaitedMax },
  );
const at = (block: number, core?: number): Pick<StageEvent, 'timeMs' | 'block' | 'core'> => ({
  timeMs: 0,
  block,
  core,
});
const submit = (to: Tracker, name: string): void =>
  to.record({ ...at(1), package: hash(name), stage: 'submitted', bytes: 1, items: 1 });
/** The stages of a package, in order; undefined if it has no story. */
const stages = (of: Tracker, name: string): string[] | undefined => of.story(hash(name))?.map(({ stage }) => stage);
const conclude = (to: Tracker, name: string): void =>
  to.record({ ...at(2, 0), package: hash(name), stage: 'timedOut' });

describe('the tracker', () => {
  test('removes the oldest concluded package above its limit, never one in progress', () => {
    const to = tracker(3);
    ['a', 'b', 'c'].forEach((name) => submit(to, name));
    conclude(to, 'b');
    submit(to, 'd');
    expect(stages(to, 'b')).toBeUndefined();
    submit(to, 'e');
    for (const name of ['a', 'c', 'd', 'e']) expect(stages(to, name)).toEqual(['submitted']);
  });

  test('keeps a concluded package while it has a listener', () => {
    const to = tracker(1);
    submit(to, 'a');
    const end = to.subscribe(hash('a'), () => undefined)!;
    conclude(to, 'a');
    submit(to, 'b');
    expect(stages(to, 'a')).toEqual(['submitted', 'timedOut']);
    end();
    submit(to, 'c');
    expect(stages(to, 'a')).toBeUndefined();
  });

  test('a package that is submitted again begins a new story, which earlier listeners receive', () => {
    const to = tracker(3);
    submit(to, 'a');
    conclude(to, 'a');
    expect(to.concluded(hash('a'))).toBe(true);
    const heard: string[] = [];
    to.subscribe(hash('a'), ({ stage }) => void heard.push(stage));
    submit(to, 'a');
    expect(heard).toEqual(['submitted', 'timedOut', 'submitted']);
    expect(to.concluded(hash('a'))).toBe(false);
    expect(stages(to, 'a')).toEqual(['submitted']);
  });

  test('a listener may subscribe before the package is submitted, and leaves nothing behind when it unsubscribes', () => {
    const to = tracker(3);
    const heard: string[] = [];
    const end = to.subscribe(hash('a'), ({ stage }) => void heard.push(stage))!;
    expect(stages(to, 'a')).toBeUndefined();
    submit(to, 'a');
    expect(heard).toEqual(['submitted']);
    end();
    to.subscribe(hash('never'), () => undefined)!();
    expect(stages(to, 'never')).toBeUndefined();
  });

  test('a package that unsubscribed after its story was removed and begun again is not removed while in progress', () => {
    const to = tracker(1);
    submit(to, 'a');
    const end = to.subscribe(hash('a'), () => undefined)!;
    conclude(to, 'a');
    end();
    submit(to, 'b'); // "a" is removed
    submit(to, 'a');
    end();
    submit(to, 'c');
    for (const name of ['a', 'b', 'c']) expect(stages(to, name)).toEqual(['submitted']);
  });

  test('a concluded package that gets a listener again is kept again', () => {
    const to = tracker(1);
    submit(to, 'a');
    conclude(to, 'a');
    const end = to.subscribe(hash('a'), () => undefined)!;
    submit(to, 'b');
    expect(stages(to, 'a')).toEqual(['submitted', 'timedOut']);
    end();
    submit(to, 'c');
    expect(stages(to, 'a')).toBeUndefined();
  });

  test('listeners to unknown packages are bounded, and take no room of the stories', () => {
    const to = tracker(2, 2);
    const heard: string[] = [];
    const listen = (name: string): (() => void) | undefined =>
      to.subscribe(hash(name), ({ stage }) => void heard.push(`${name} ${stage}`));
    const ends = ['x', 'y'].map(listen);
    expect(['z', 'x'].map(listen)).toEqual([undefined, undefined]);
    submit(to, 'a');
    conclude(to, 'a');
    submit(to, 'b');
    expect(stages(to, 'a')).toEqual(['submitted', 'timedOut']); // two stories, although two more are awaited
    listen('b'); // known
    ends[1]!();
    listen('z');
    submit(to, 'x'); // known now
    listen('y');
    expect(listen('w')).toBeUndefined();
    for (const name of ['w', 'y', 'z']) submit(to, name);
    expect(heard).toEqual(['b submitted', 'x submitted', 'y submitted', 'z submitted']);
  });

  test('listeners of one party to packages that never come give way to one of another', () => {
    const to = tracker(2, 4);
    const left: string[] = [];
    const events: string[] = [];
    const listen = (name: string, address: string, connection: string): boolean =>
      to.subscribe(
        hash(name),
        ({ stage }) => void events.push(`${name} ${stage}`),
        { address, connection },
        () => void left.push(name),
      ) !== undefined;
    // One address, however many connections it uses: the newest of the connection with most leave.
    for (const [name, connection] of ['a1', 'b1', 'c2', 'd1'].map((each) => [each[0]!, each[1]!] as const))
      expect(listen(name, 'greedy', connection)).toBe(true);
    expect(listen('x', 'modest', '1')).toBe(true);
    expect(listen('y', 'modest', '1')).toBe(true);
    expect(left).toEqual(['d', 'b']);
    // Both have two now.
    expect([listen('z', 'modest', '1'), listen('e', 'greedy', '3')]).toEqual([false, false]);
    for (const name of ['a', 'b', 'x']) submit(to, name);
    expect(events).toEqual(['a submitted', 'x submitted']);
  });

  test('a stage costs the same, however many packages have listeners or are in progress', () => {
    const numbered = (number: number): Uint8Array => new Writer().u32(number).raw(new Uint8Array(28)).finish();
    const msOf = (awaited: number, inProgress: number): number => {
      const to = tracker(16, awaited);
      const begin = (number: number): void =>
        to.record({ ...at(1), package: numbered(number), stage: 'submitted', bytes: 1, items: 1 });
      for (let i = 0; i < awaited; i++) to.subscribe(numbered(i), () => undefined);
      for (let i = 0; i < inProgress; i++) begin(awaited + i);
      const ms = processorMs(() => {
        for (let i = 0; i < 512; i++) begin(awaited + inProgress + i);
      });
      return ms / 512;
    };
    // A scan of 60,000 stories takes over 0.5 ms; a stage takes some microseconds.
    expect([msOf(60_000, 0) < 0.3, msOf(0, 60_000) < 0.3]).toEqual([true, true]);
  });
});
