// The transaction pool on its own, with a minimal chain.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8 } from '../../../host/bytes/index.js';
import { TransactionPool, type PoolLimits } from '../../../host/node/index.js';
import type { Validity, ValidityError } from '../../../host/node/validity.js';

interface Verdict {
  priority?: bigint;
  requires?: string[];
  provides?: string[];
  longevity?: bigint;
  error?: ValidityError['name'];
  throws?: string;
}

let verdicts: Map<number, Verdict>;
let best: number;
let nowMs: number;
let validations: number;
/** Validations in which signatures were presumed valid. */
let estimates: number;
let later: (() => void)[];

/** A transaction by its number. */
const bytes = (id: number): Uint8Array => Uint8Array.of(8, id, 0);
const hash = (id: number): string => toHex(blake2_256(bytes(id)));
const tag = (name: string): string => toHex(utf8(name));

beforeEach(() => {
  verdicts = new Map();
  best = 10;
  nowMs = 0;
  validations = 0;
  estimates = 0;
  later = [];
});

function pool(limits: Partial<PoolLimits> = {}): TransactionPool {
  const verdictOn = (extrinsic: Uint8Array): Validity => {
    const {
      priority = 1n,
      requires = [],
      provides = [`${extrinsic[1]}`],
      longevity = (1n << 64n) - 1n,
      error,
      throws,
    } = verdicts.get(extrinsic[1]!) ?? {};
    if (throws !== undefined) throw new Error(throws);
    if (error !== undefined)
      return {
        ok: false,
        error: { kind: error === 'CannotLookup' ? 'unknown' : 'invalid', name: error, message: error },
      };
    return {
      ok: true,
      value: {
        priority,
        requires: requires.map(utf8),
        provides: provides.map(utf8),
        longevity,
        propagate: true,
      },
    };
  };
  return new TransactionPool(
    {
      validate: (extrinsic) => {
        validations++;
        return verdictOn(extrinsic);
      },
      estimate: (extrinsic) => {
        estimates++;
        return verdictOn(extrinsic);
      },
      bestNumber: () => best,
      nowMs: () => nowMs,
      later: (call) => later.push(call),
      onFault: (error) => {
        throw error;
      },
    },
    limits,
  );
}

const given = (id: number, what: Verdict): number => {
  verdicts.set(id, what);
  return id;
};
const order = (of: TransactionPool): number[] => {
  const candidates = of.candidates();
  const ids: number[] = [];
  for (let entry = candidates.next(); entry !== undefined; entry = candidates.next()) ids.push(entry.bytes[1]!);
  return ids;
};
/** A block with these of the pool's transactions. */
const block = (of: TransactionPool, ...ids: number[]): void => {
  best++;
  of.onBlock(
    best,
    Uint8Array.of(best),
    ids.map((id) => ({
      hash: hash(id),
      provides: of.providesOf(hash(id)) ?? (verdicts.get(id)?.provides ?? [`${id}`]).map(tag),
    })),
  );
};
const watch = (of: TransactionPool, id: number): unknown[] => {
  const statuses: unknown[] = [];
  expect(of.submit(bytes(id), (status) => statuses.push(status))).toMatchObject({ ok: true });
  return statuses;
};

describe('order', () => {
  test('by priority, then by the earlier end, then by arrival; none before what it requires', () => {
    const p = pool();
    given(1, { priority: 5n, requires: ['a'], provides: ['b'] });
    given(2, { priority: 1n, provides: ['a'] });
    given(3, { priority: 3n });
    given(4, { priority: 3n, longevity: 64n });
    given(5, { priority: 3n });
    for (const id of [1, 2, 3, 4, 5]) p.submit(bytes(id));
    expect(order(p)).toEqual([4, 3, 5, 2, 1]);
  });

  test('the dependents of a skipped transaction are skipped too, for that block', () => {
    const p = pool();
    given(1, { priority: 9n, provides: ['a'] });
    given(2, { requires: ['a'], provides: ['b'] });
    for (const id of [1, 2, 3]) p.submit(bytes(id));
    const candidates = p.candidates();
    expect(candidates.next()!.bytes[1]).toBe(1);
    candidates.skip();
    expect(candidates.next()!.bytes[1]).toBe(3);
    expect(candidates.next()).toBeUndefined();
    expect(order(p)).toEqual([1, 2, 3]);
  });
});

describe('ready and future', () => {
  test('a gap keeps all later transactions waiting until it closes', () => {
    const p = pool();
    given(1, { provides: ['n0'] });
    given(2, { requires: ['n0'], provides: ['n1'] });
    given(3, { requires: ['n1'], provides: ['n2'] });
    const third = watch(p, 3);
    const second = watch(p, 2);
    expect([p.readyCount, p.futureCount]).toEqual([0, 2]);
    p.submit(bytes(1));
    expect([p.readyCount, p.futureCount]).toEqual([3, 0]);
    expect([second, third]).toEqual([
      ['future', 'ready'],
      ['future', 'ready'],
    ]);
  });

  test('a block that provides a tag promotes those that waited for it, and usurps a rival', () => {
    const p = pool();
    given(1, { requires: ['n0'], provides: ['n1'] });
    given(2, { provides: ['n0'] });
    given(3, { provides: ['n0'], priority: 7n });
    const waiting = watch(p, 1);
    const rival = watch(p, 2);
    expect(waiting).toEqual(['future', 'ready']);
    block(p, 3);
    expect(rival).toEqual(['ready', { usurped: blake2_256(bytes(3)) }]);
    expect(order(p)).toEqual([1]);
  });

  test('in a block, and final after a delay', () => {
    const p = pool();
    const statuses = watch(p, 1);
    block(p, 1);
    expect(statuses).toEqual(['ready', { inBlock: Uint8Array.of(11) }]);
    later.forEach((call) => call());
    expect(statuses.slice(2)).toEqual([{ finalized: Uint8Array.of(11) }]);
    expect(p.isEmpty).toBe(true);
  });

  test('a block does not revalidate new transactions', () => {
    const p = pool();
    for (let id = 0; id < 100; id++) p.submit(bytes(id));
    block(p, 1, 2, 3);
    expect([validations, p.readyCount]).toEqual([100, 97]);
  });
});

describe('replacement', () => {
  test('needs a higher priority than the sum of those it replaces', () => {
    const p = pool();
    given(1, { provides: ['a'], priority: 2n });
    given(2, { provides: ['b'], priority: 3n });
    given(3, { provides: ['a', 'b'], priority: 5n });
    given(4, { provides: ['a', 'b'], priority: 6n });
    const [first, second] = [watch(p, 1), watch(p, 2)];
    expect(p.submit(bytes(3))).toEqual({ ok: false, error: { kind: 'tooLowPriority', old: 5n, new: 5n } });
    expect(p.submit(bytes(4))).toMatchObject({ ok: true });
    expect([first.length, second.length]).toEqual([2, 2]);
    expect(order(p)).toEqual([4]);
  });

  test('needs no room: in a full pool too, though the new one is the later in its chain', () => {
    const p = pool({ ready: { count: 2, bytes: 1000 } });
    given(1, { provides: ['a'], priority: 1n });
    given(2, { requires: ['a'], provides: ['b'], priority: 5n });
    given(3, { requires: ['a'], provides: ['b'], priority: 6n });
    for (const id of [1, 2, 3]) expect(p.submit(bytes(id))).toMatchObject({ ok: true });
    expect(order(p)).toEqual([1, 3]);
  });

  test('dependents of the replaced transaction stay', () => {
    const p = pool();
    given(1, { provides: ['a', 'x'], priority: 1n });
    given(2, { requires: ['a'] });
    given(3, { requires: ['x'] });
    given(4, { provides: ['x', 'a', 'y'], priority: 9n });
    for (const id of [1, 2, 3, 4]) p.submit(bytes(id));
    expect(order(p)).toEqual([4, 2, 3]);
    expect(p.future()).toEqual([]);
  });

  test('provides all tags of what it replaces, because others were refused for one of them (D42)', () => {
    const p = pool();
    given(1, { provides: ['nonce', 'content'], priority: 1n });
    given(2, { provides: ['content'], priority: 1n });
    given(3, { provides: ['nonce'], priority: 9n });
    const statuses = watch(p, 1);
    expect(p.submit(bytes(2))).toEqual({ ok: false, error: { kind: 'tooLowPriority', old: 1n, new: 1n } });
    expect(p.submit(bytes(3))).toEqual({ ok: false, error: { kind: 'abandonsTag' } });
    expect([order(p), statuses]).toEqual([[1], ['ready']]);
  });
});

describe('refusals', () => {
  test.each<[string, Verdict, unknown]>([
    ['invalid', { error: 'Stale' }, { kind: 'validity', error: { kind: 'invalid', name: 'Stale', message: 'Stale' } }],
    ['a runtime that traps', { throws: 'it trapped' }, { kind: 'trapped', message: 'it trapped' }],
    ['no tags', { provides: [] }, { kind: 'noTags' }],
    ['a cycle', { provides: ['a'], requires: ['a'] }, { kind: 'cycle' }],
  ])('%s', (_name, what, refusal) => {
    const p = pool();
    given(1, what);
    expect(p.submit(bytes(1))).toEqual({ ok: false, error: refusal });
    expect(p.isEmpty).toBe(true);
  });

  test('bytes that are not an extrinsic are refused without a call of the runtime', () => {
    expect(pool().submit(Uint8Array.of(8, 1))).toMatchObject({ ok: false, error: { kind: 'malformed' } });
    expect(validations).toBe(0);
  });

  test('one that is ready, or waits, is known, and is not verified again', () => {
    const p = pool();
    given(1, { provides: ['n0'] });
    given(2, { requires: ['n1'], provides: ['n2'] });
    expect([watch(p, 1), watch(p, 2)]).toEqual([['ready'], ['future']]);
    const before = validations;
    for (const id of [1, 2])
      expect(p.submit(bytes(id))).toEqual({ ok: false, error: { kind: 'alreadyImported', hash: hash(id) } });
    expect(validations).toBe(before);
  });

  test('those that are removed by request are banned; of others nothing is said or done', () => {
    const p = pool();
    given(2, { requires: ['x'] });
    const statuses = [watch(p, 1), watch(p, 2)];
    expect(p.remove([hash(3), hash(2), hash(1), hash(1)])).toEqual([hash(2), hash(1)]);
    expect(statuses).toEqual([
      ['ready', 'dropped'],
      ['future', 'dropped'],
    ]);
    for (const id of [1, 2]) expect(p.submit(bytes(id))).toEqual({ ok: false, error: { kind: 'banned' } });
    expect(p.submit(bytes(3))).toMatchObject({ ok: true });
  });

  test('a rejected one is banned for half an hour, and its dependents wait', () => {
    const p = pool();
    given(1, { provides: ['a'] });
    given(2, { requires: ['a'] });
    const first = watch(p, 1);
    const second = watch(p, 2);
    p.reject(hash(1));
    expect([first, second]).toEqual([
      ['ready', 'invalid'],
      ['ready', 'future'],
    ]);
    expect(p.submit(bytes(1))).toEqual({ ok: false, error: { kind: 'banned' } });
    nowMs = 30 * 60 * 1000 - 1;
    expect(p.submit(bytes(1))).toMatchObject({ ok: false });
    nowMs++;
    expect(p.submit(bytes(1))).toMatchObject({ ok: true });
    expect(order(p)).toEqual([1, 2]);
  });
});

describe('bounds', () => {
  test('by count: the worst is dropped, even if it is the new one', () => {
    const p = pool({ ready: { count: 2, bytes: 1000 } });
    given(1, { priority: 2n });
    given(2, { priority: 3n });
    given(3, { priority: 1n });
    given(4, { priority: 4n });
    const first = watch(p, 1);
    p.submit(bytes(2));
    expect(p.submit(bytes(3))).toEqual({ ok: false, error: { kind: 'full' } });
    expect(p.submit(bytes(4))).toMatchObject({ ok: true });
    expect(first).toEqual(['ready', 'dropped']);
    expect(order(p)).toEqual([4, 2]);
  });

  /** A chain of nonces `from` to `to` of an account, as transactions from number `first`. */
  const chainOf = (account: string, first: number, from: number, to: number, priority = 1n): number[] =>
    Array.from({ length: to - from }, (_, index) =>
      given(first + index, {
        priority,
        requires: from + index === 0 ? [] : [`${account}${from + index - 1}`],
        provides: [`${account}${from + index}`],
      }),
    );
  const readyIds = (of: TransactionPool): number[] =>
    of
      .ready()
      .map((entry) => entry.bytes[1]!)
      .sort((a, b) => a - b);

  test('a full ready pool does not drop the transaction that fills a gap, but the tail of its chain', () => {
    const p = pool({ ready: { count: 3, bytes: 1000 } });
    const [gap, ...others] = chainOf('a', 1, 0, 5) as [number, ...number[]];
    const statuses = others.map((id) => watch(p, id));
    const filler = watch(p, gap);
    expect(order(p)).toEqual([1, 2, 3]);
    expect(filler).toEqual(['ready']);
    expect(statuses).toEqual([
      ['future', 'ready'],
      ['future', 'ready'],
      ['future', 'ready', 'dropped'],
      ['future', 'ready', 'dropped'],
    ]);
  });

  test('nor where the pool is full of the transactions of others: the longest chain loses its tail', () => {
    const p = pool({ ready: { count: 6, bytes: 1000 } });
    for (const id of chainOf('a', 1, 0, 6)) p.submit(bytes(id));
    const [gap, next] = chainOf('b', 11, 0, 2) as [number, number];
    const waiting = watch(p, next);
    const filler = watch(p, gap);
    expect([filler, waiting]).toEqual([['ready'], ['future', 'ready']]);
    expect(readyIds(p)).toEqual([1, 2, 3, 4, 11, 12]);
  });

  test('a chain is as long as what of it is in the pool, not as the number of its transactions so far', () => {
    const p = pool({ ready: { count: 5, bytes: 1000 } });
    for (const id of chainOf('a', 1, 0, 5)) p.submit(bytes(id));
    block(p, 1, 2, 3);
    // 'a' has two left, and now 'b' has three: of these, the third is to go.
    for (const id of chainOf('b', 11, 0, 3)) p.submit(bytes(id));
    expect(p.submit(bytes(given(21, { provides: ['c0'] })))).toMatchObject({ ok: true });
    expect(readyIds(p)).toEqual([4, 5, 11, 12, 21]);
  });

  test('a tail of high priority does not protect a chain of low priority', () => {
    const p = pool({ ready: { count: 3, bytes: 1000 } });
    given(1, { priority: 1n, provides: ['a0'] });
    given(2, { priority: 100n, requires: ['a0'], provides: ['a1'] });
    given(3, { priority: 5n, provides: ['b0'] });
    given(4, { priority: 5n, provides: ['c0'] });
    for (const id of [1, 2, 3, 4]) expect(p.submit(bytes(id))).toMatchObject({ ok: true });
    expect(readyIds(p)).toEqual([1, 3, 4]);
  });

  test('what does not fit is refused without a verification of its signature, and before it is told that it is ready', () => {
    const p = pool({ ready: { count: 2, bytes: 1000 } });
    for (const id of chainOf('a', 1, 0, 2)) p.submit(bytes(id));
    expect([validations, estimates]).toEqual([2, 0]);
    const statuses: unknown[] = [];
    chainOf('a', 3, 2, 3);
    expect(p.submit(bytes(3), (status) => statuses.push(status))).toEqual({ ok: false, error: { kind: 'full' } });
    expect([validations, estimates, statuses]).toEqual([2, 1, []]);
    // One that fits is validated in full.
    expect(p.submit(bytes(given(4, { priority: 2n })))).toMatchObject({ ok: true });
    expect([validations, estimates]).toEqual([3, 2]);
    expect(readyIds(p)).toEqual([1, 4]);
  });

  test('a full future half drops the tail of a chain, not what others of it wait for', () => {
    const p = pool({ future: { count: 3, bytes: 1000 } });
    for (const id of chainOf('a', 1, 1, 4)) p.submit(bytes(id));
    expect(p.submit(bytes(given(9, { requires: ['x'], priority: 2n })))).toMatchObject({ ok: true });
    expect(p.future().map((entry) => entry.bytes[1])).toEqual([1, 2, 9]);
  });

  test('once a tail is dropped, what it waited for is the tail, though it was none before', () => {
    const p = pool({ future: { count: 3, bytes: 1000 } });
    for (const [id, priority] of [
      [1, 5n],
      [2, 1n],
      [3, 3n],
    ] as const)
      p.submit(bytes(given(id, { requires: [`a${id}`], provides: [`a${id + 1}`], priority })));
    const waiting = (): number[] => p.future().map((entry) => entry.bytes[1]!);
    // The second has the lowest priority, but the third waits for it.
    expect(p.submit(bytes(given(9, { requires: ['x'], priority: 4n })))).toMatchObject({ ok: true });
    expect(waiting()).toEqual([1, 2, 9]);
    expect(p.submit(bytes(given(10, { requires: ['y'], priority: 2n })))).toMatchObject({ ok: true });
    expect(waiting()).toEqual([1, 9, 10]);
  });

  test('by bytes, and the future half by a bound of its own', () => {
    const p = pool({ ready: { count: 10, bytes: 6 }, future: { count: 1, bytes: 100 } });
    for (const id of [1, 2]) expect(p.submit(bytes(id))).toMatchObject({ ok: true });
    expect(p.submit(bytes(3))).toMatchObject({ ok: false, error: { kind: 'full' } });
    given(4, { requires: ['x'] });
    given(5, { requires: ['y'] });
    expect(p.submit(bytes(4))).toMatchObject({ ok: true });
    expect(p.submit(bytes(5))).toMatchObject({ ok: false, error: { kind: 'full' } });
  });

  test('watchers', () => {
    const p = pool({ watchers: 1 });
    watch(p, 1);
    expect(p.submit(bytes(2), () => undefined)).toMatchObject({ ok: false, error: { kind: 'full' } });
    expect(p.submit(bytes(2))).toMatchObject({ ok: true });
  });
});

describe('time', () => {
  test('a mortal transaction is removed after its last block', () => {
    const p = pool();
    given(1, { longevity: 3n });
    const statuses = watch(p, 1);
    block(p);
    block(p);
    expect(statuses).toEqual(['ready']);
    block(p);
    expect(statuses).toEqual(['ready', 'invalid']);
  });

  test('a transaction is validated again after eight blocks, sixteen per block, oldest first', () => {
    const p = pool();
    for (let id = 0; id < 20; id++) p.submit(bytes(id));
    given(0, { error: 'Payment' });
    given(1, { error: 'CannotLookup' });
    for (let i = 0; i < 7; i++) block(p);
    expect(validations).toBe(20);
    block(p);
    expect([validations, p.readyCount]).toEqual([36, 19]);
    block(p);
    // The four that were left, and the one whose validity was unknown.
    expect([validations, p.readyCount]).toEqual([41, 19]);
    block(p);
    expect(validations).toBe(42);
  });
});
