// How many watch transactions at a time: a watcher that was removed, or had a final status, makes room for another.
import { expect, test } from '@jest/globals';
import { Watchers } from '../../../host/node/pool/watchers.js';

const ignore = (): void => undefined;
const fail = (error: unknown): void => {
  throw error;
};

test('watchers are full at their limit, and no longer once one is removed, which counts once', () => {
  const watchers = new Watchers(2, fail);
  const removeFirst = watchers.add('a', () => undefined);
  expect(watchers.full).toBe(false);
  watchers.add('a', () => undefined);
  expect(watchers.full).toBe(true);
  removeFirst();
  removeFirst();
  expect([watchers.full, watchers.has('a')]).toEqual([false, true]);
  watchers.add('b', ignore);
  expect(watchers.full).toBe(true);
});

test('a final status makes room, others do not', () => {
  const watchers = new Watchers(1, fail);
  const statuses: unknown[] = [];
  const remove = watchers.add('a', (status) => statuses.push(status));
  watchers.notify('a', 'ready');
  expect(watchers.full).toBe(true);
  watchers.notify('a', 'dropped');
  watchers.notify('a', 'ready');
  remove();
  expect([watchers.full, watchers.has('a'), statuses]).toEqual([false, false, ['ready', 'dropped']]);
  watchers.add('b', ignore);
  expect(watchers.full).toBe(true);
});
