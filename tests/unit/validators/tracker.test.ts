// The tracker of stages: its limit, and its subscriptions.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, utf8 } from '../../../host/bytes/index.js';
import { Tracker } from '../../../host/validators/index.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));
const tracker = (max: number): Tracker =>
  new Tracker(
    () => 0,
    () => undefined,
    max,
  );
const submit = (to: Tracker, name: string): void =>
  to.record(hash(name), 1, undefined, { stage: 'submitted', bytes: 1, items: 1 });
const conclude = (to: Tracker, name: string): void => to.record(hash(name), 2, 0, { stage: 'timedOut' });

describe('the tracker', () => {
  test('removes the oldest concluded package above its limit, never one in progress', () => {
    const to = tracker(3);
    ['a', 'b', 'c'].forEach((name) => submit(to, name));
    conclude(to, 'b');
    submit(to, 'd');
    expect(to.story(hash('b'))).toBeUndefined();
    submit(to, 'e');
    expect(['a', 'c', 'd', 'e'].map((name) => to.story(hash(name))?.length)).toEqual([1, 1, 1, 1]);
  });

  test('keeps a concluded package while it has a listener', () => {
    const to = tracker(1);
    submit(to, 'a');
    const end = to.subscribe(hash('a'), () => undefined);
    conclude(to, 'a');
    submit(to, 'b');
    expect(to.story(hash('a'))).toHaveLength(2);
    end();
    submit(to, 'c');
    expect(to.story(hash('a'))).toBeUndefined();
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
    expect(to.story(hash('a'))).toHaveLength(1);
  });

  test('a listener may subscribe before the package is submitted, and leaves nothing behind when it unsubscribes', () => {
    const to = tracker(3);
    const heard: string[] = [];
    const end = to.subscribe(hash('a'), ({ stage }) => void heard.push(stage));
    expect(to.story(hash('a'))).toBeUndefined();
    submit(to, 'a');
    expect(heard).toEqual(['submitted']);
    end();
    to.subscribe(hash('never'), () => undefined)();
    expect(to.story(hash('never'))).toBeUndefined();
  });
});
