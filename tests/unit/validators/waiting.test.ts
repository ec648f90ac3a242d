// Queues that are fair between submitters. Spec: D40.
import { describe, expect, test } from '@jest/globals';
import { MAX_ENCODED_PACKAGE_SIZE } from '../../../host/contract/index.js';
import { BOUNDS } from '../../../host/validators/queues/bounds.js';
import type { Submitter } from '../../../host/validators/queues/fairness.js';
import { Waiting } from '../../../host/validators/queues/waiting.js';

interface Item {
  readonly name: string;
  readonly bytes: number;
}

const item = (name: string, bytes = 1): Item => ({ name, bytes });
const names = (items: readonly Item[] | undefined): string | undefined => items?.map(({ name }) => name).join(' ');

/** Of a name "connection" or "connection@address". */
function submitterOf(name: string): Submitter {
  const [connection, address] = name.split('@') as [string, string?];
  return { address: address ?? 'one address', connection };
}

function queueOf(bounds: Partial<typeof BOUNDS>): {
  push(submitter: string, name: string, bytes?: number, queue?: number | 'any'): string | undefined;
  drain(queue?: number | 'any'): string;
  waiting: Waiting<Item>;
} {
  const waiting = new Waiting<Item>({ ...BOUNDS, ...bounds });
  return {
    push: (submitter, name, bytes = 1, queue = 0) =>
      names(waiting.push(queue, submitterOf(submitter), item(name, bytes))),
    drain: (queue = 0) => {
      const out: Item[] = [];
      for (let next = waiting.shift(queue); next !== undefined; next = waiting.shift(queue)) out.push(next);
      return names(out)!;
    },
    waiting,
  };
}

describe('turns', () => {
  test('submitters take turns, each in its own order', () => {
    const { push, drain } = queueOf({});
    for (const name of ['a1', 'a2', 'a3']) push('a', name);
    for (const name of ['b1', 'b2']) push('b', name);
    push('c', 'c1');
    expect(drain()).toBe('a1 b1 c1 a2 b2 a3');
  });

  test('a submitter that comes later waits for one package of each other at most', () => {
    const { push, waiting } = queueOf({});
    for (let index = 0; index < 50; index++) push('a', `a${index}`);
    expect(waiting.shift(0)!.name).toBe('a0');
    push('b', 'b0');
    expect([waiting.shift(0)!.name, waiting.shift(0)!.name]).toEqual(['a1', 'b0']);
  });

  test('submitters are told apart by identity', () => {
    const waiting = new Waiting<Item>(BOUNDS);
    const [one, two] = [{}, {}].map((connection): Submitter => ({ address: 'one address', connection }));
    waiting.push(0, one!, item('a1'));
    waiting.push(0, one!, item('a2'));
    waiting.push(0, two!, item('b1'));
    expect([1, 2, 3].map(() => waiting.shift(0)!.name)).toEqual(['a1', 'b1', 'a2']);
  });

  test('addresses take turns, and the connections from one address take turns in its turn', () => {
    const { push, drain } = queueOf({});
    for (const name of ['a@1', 'b@1', 'c@1', 'a@1']) push(name, name);
    for (const name of ['x@2', 'x@2', 'x@2']) push(name, name);
    expect(drain()).toBe('a@1 x@2 b@1 x@2 c@1 x@2 a@1');
  });

  test('queues are apart', () => {
    const { push, drain } = queueOf({ queuePackagesMax: 1 });
    push('a', 'zero');
    push('a', 'one', 1, 1);
    push('a', 'any', 1, 'any');
    expect([drain('any'), drain(1), drain(0)]).toEqual(['any', 'one', 'zero']);
  });
});

describe('a full queue', () => {
  test('refuses the submitter that filled it', () => {
    const { push, drain } = queueOf({ queuePackagesMax: 3 });
    for (const name of ['a1', 'a2', 'a3']) expect(push('a', name)).toBe('');
    expect(push('a', 'a4')).toBeUndefined();
    expect(drain()).toBe('a1 a2 a3');
    expect(push('a', 'a5')).toBe('');
  });

  test('takes packages of others until they have as many, and the newest of the one with most leave', () => {
    const { push, drain } = queueOf({ queuePackagesMax: 4 });
    for (const name of ['a1', 'a2', 'a3', 'a4']) push('a', name);
    expect([push('b', 'b1'), push('b', 'b2'), push('b', 'b3')]).toEqual(['a4', 'a3', undefined]);
    expect(drain()).toBe('a1 b1 a2 b2');
  });

  test('counts bytes over all queues, and each queue may have one package of the greatest size', () => {
    const { push, waiting } = queueOf({ queuedBytesMax: 10 });
    expect(push('a', 'a1', 6)).toBe('');
    expect(push('a', 'a2', 5)).toBeUndefined(); // 11
    expect(push('a', 'a2', 4)).toBe(''); // 10
    expect(push('a', 'large', MAX_ENCODED_PACKAGE_SIZE, 1)).toBe('');
    expect(push('b', 'too large', MAX_ENCODED_PACKAGE_SIZE + 1, 2)).toBeUndefined();
    expect(waiting.bytes).toBe(10 + MAX_ENCODED_PACKAGE_SIZE);
  });

  test('makes room in bytes from the submitter that has most of them', () => {
    const { push, drain } = queueOf({ queuedBytesMax: 10 });
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) push('a', name, 2);
    expect(push('b', 'b1', 3)).toBe('a5 a4');
    expect(push('b', 'b2', 4)).toBeUndefined(); // b would have 7 of 10
    expect(drain()).toBe('a1 b1 a2 a3');
  });

  test('is left as it was by a package that it can not take', () => {
    const { push, drain, waiting } = queueOf({ queuedBytesMax: 10 });
    push('a', 'a1', 4);
    push('a', 'a2', 4);
    expect(push('b', 'b1', 9)).toBeUndefined();
    expect([waiting.bytes, waiting.count(0), drain(), waiting.bytes]).toEqual([8, 2, 'a1 a2', 0]);
  });

  test('that connections from one address fill takes packages from another address, until it has as many', () => {
    const { push, drain } = queueOf({ queuePackagesMax: 6 });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) push(`${name}@1`, name);
    // The newest of the connection that has most; all have one, so the first.
    expect(['x', 'y', 'z', 'w'].map((name) => push('x@2', name))).toEqual(['a', 'b', 'c', undefined]);
    expect(push('g@1', 'g')).toBeUndefined(); // each connection of its own address has one, too
    expect(drain()).toBe('d x e y f z');
  });

  test('takes packages of other connections from the same address only if they have more', () => {
    const { push } = queueOf({ queuePackagesMax: 3 });
    for (const name of ['a1', 'a2', 'a3']) push('a@1', name);
    expect([push('b@1', 'b1'), push('b@1', 'b2')]).toEqual(['a3', undefined]);
  });

  test('makes room in bytes from other queues: most of the bytes of all do not keep another out of a small queue', () => {
    const { push, waiting } = queueOf({ queuedBytesMax: 100 });
    push('a@1', 'small', 1, 1);
    for (let index = 0; index < 10; index++) push('a@1', `a${index}`, 9, 0);
    expect(waiting.bytes).toBe(91);
    expect(push('b@2', 'b', 27, 1)).toBe('a9 a8'); // 91 + 27 = 118 = 100 + 2 · 9
    expect(waiting.bytes).toBe(100);
    expect(push('b@2', 'too much', 30, 1)).toBeUndefined(); // b would have 57 of 100, a has 73: until a has 55
    expect([waiting.count(0), waiting.count(1)]).toEqual([8, 2]);
  });
});
