// The shares of cores in the bytes of authorized packages. Spec: D40.
import { expect, test } from '@jest/globals';
import { MAX_ENCODED_PACKAGE_SIZE } from '../../../host/contract/index.js';
import { BOUNDS } from '../../../host/validators/queues/bounds.js';
import { type Place, placeOf, Shares } from '../../../host/validators/queues/shares.js';

interface Item {
  readonly name: string;
  readonly bytes: number;
}

function sharesOf(
  bounds: Partial<typeof BOUNDS>,
  onChain: readonly string[] = [],
): {
  /** Adds a package in the place of others. Returns their names. */
  add(name: string, core: number, bytes: number, authId?: number, by?: string): string | undefined;
  shares: Shares<Item>;
} {
  const standing = { mayLeave: ({ name }: Item) => !onChain.includes(name), isStuck: () => false };
  const shares = new Shares<Item>({ ...BOUNDS, ...bounds }, standing);
  return {
    shares,
    add: (name, core, bytes, authId = 1, by = 'a') => {
      const place: Place<Item> = placeOf({ name, bytes }, core, authId, { address: by, connection: by });
      const leaving = shares.leavingFor(place);
      if (leaving === undefined) return undefined;
      for (const each of leaving) shares.remove(each);
      shares.add(place);
      return leaving.map(({ item }) => item.name).join(' ');
    },
  };
}

test("one core's packages do not take all bytes: every other core can have a second package", () => {
  const { add, shares } = sharesOf({});
  let count = 0;
  while (add(`p${count}`, 0, MAX_ENCODED_PACKAGE_SIZE) === '') count++;
  expect(add('small', 1, 1_000)).toBe(''); // a core's first one always has room
  expect(add('second', 1, 4 * 2 ** 20)).toBe(`p${count - 1}`);
  expect(shares.count(1)).toBe(2);
});

test('room is taken from the core with most bytes, until the newcomer has as many', () => {
  const { add, shares } = sharesOf({ authorizedBytesMax: 100 });
  for (let index = 0; index < 6; index++) add(`a${index}`, 0, 10);
  for (let index = 0; index < 4; index++) add(`b${index}`, 1, 10);
  expect(add('c0', 2, 20)).toBe(''); // its core's first: 120
  expect(add('c1', 2, 10)).toBe('a5 a4 a3'); // 130 - 30; before each, core 0 has 60, 50 and 40; core 1 has 40
  expect(shares.bytes).toBe(100);
});

test("packages on the chain count, but stay; the newcomer's core gives way in itself last", () => {
  const { add } = sharesOf({ authorizedBytesMax: 50 }, ['a0', 'a1', 'a2']);
  for (let index = 0; index < 3; index++) add(`a${index}`, 0, 10);
  for (let index = 0; index < 2; index++) add(`b${index}`, 1, 10, 1, 'greedy');
  expect(add('b2', 1, 5, 1, 'greedy')).toBeUndefined();
  expect(add('b3', 1, 5, 1, 'modest')).toBe('b1');
});

test('a package can be removed once', () => {
  const { add, shares } = sharesOf({});
  const place = placeOf({ name: 'one', bytes: 3 }, 0, 1, { address: 'a', connection: 'a' });
  shares.add(place);
  expect([add('two', 0, 4), shares.bytes]).toEqual(['', 7]);
  shares.remove(place);
  expect([shares.count(0), shares.bytes]).toEqual([1, 4]);
  expect(() => shares.remove(place)).toThrow('core 0 has no such package that could be concluded');
});
