// The parameters of a request: what is read, and the sentence for what is not.
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../host/node/index.js';
import { blockNumberOf, Params } from '../../../host/rpc/params.js';
import { RpcError } from '../../../host/rpc/errors.js';

/** The only parameter, `p`. */
const given = (value: Json): Params => new Params([value]);

/** The sentence with which a parameter is refused, which has Substrate's code. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    expect(error.code).toBe(-32602);
    const [, sentence = error.message] = /^Invalid params: (.*)$/.exec(error.message) ?? [];
    return sentence;
  }
  throw new Error('the parameter was read');
}

describe('parameters', () => {
  test.each<[unknown, Json]>([
    [undefined, null],
    [null, null],
    [[], null],
    [[7], 7],
    [[null], null],
    [{ aName: 8 }, 8],
    [{ a_name: 9 }, 9],
    [{ aName: 8, a_name: 9 }, 8],
    [{ other: 1 }, null],
    [{}, null],
  ])('of %j: the first, aName, is %j', (values, expected) => {
    const params = new Params(values);
    expect(params.json(0, 'aName')).toBe(expected);
    expect(params.has(0, 'aName')).toBe(expected !== null);
  });

  test.each([1, 'text', true])('as %j are refused', (values) => {
    expect(refusal(() => new Params(values))).toBe('the parameters must be given as a list or as an object');
  });
});

describe('bytes', () => {
  test.each<[Json, number[]]>([
    ['0x', []],
    ['', []],
    ['0x0aFf', [10, 255]],
    ['0aff', [10, 255]],
    ['0xaff', [10, 255]],
    ['f', [15]],
    [
      [0, 255, 256 - 1],
      [0, 255, 255],
    ],
    [[], []],
  ])('%j', (value, expected) => {
    expect([...given(value).bytes(0, 'p')]).toEqual(expected);
    expect([...given(value).optionalBytes(0, 'p')!]).toEqual(expected);
  });

  const FORMS = 'p must be bytes: a string of hex digits, or a list of numbers from 0 to 255';
  const BYTE = 'p[1] must be a whole number from 0 to 255';
  test.each<[Json, string]>([
    [null, FORMS],
    [7, FORMS],
    [{}, FORMS],
    [[0, 256], BYTE],
    [[0, -1], BYTE],
    [[0, 0.5], BYTE],
    [[0, '1'], BYTE],
    [[0, null], BYTE],
  ])('%j are refused', (value, expected) => {
    expect(refusal(() => given(value).bytes(0, 'p'))).toBe(expected);
  });

  test('digits that are none are refused', () => {
    expect(refusal(() => given('0x0g').bytes(0, 'p'))).toMatch(/^p: .+/);
    expect(refusal(() => given('0x 0').bytes(0, 'p'))).toMatch(/^p: .+/);
  });

  test('that are absent are undefined', () => {
    expect(given(null).optionalBytes(0, 'p')).toBeUndefined();
    expect(given(null).optionalHash(0, 'p')).toBeUndefined();
  });
});

describe('a hash', () => {
  const hex = '0123456789abcdef'.repeat(4);
  const bytes = Array.from({ length: 32 }, (_, index) => parseInt(hex.slice(2 * index, 2 * index + 2), 16));

  test.each<[Json]>([[`0x${hex}`], [hex], [bytes]])('%j', (value) => {
    expect([...given(value).hash(0, 'p')]).toEqual(bytes);
    expect([...given(value).optionalHash(0, 'p')!]).toEqual(bytes);
  });

  test.each<[Json, number]>([
    [`0x${hex.slice(1)}`, 31.5],
    [`0x${hex.slice(2)}`, 31],
    [`${hex}00`, 33],
    [bytes.slice(1), 31],
    [[...bytes, 0], 33],
    ['0x', 0],
  ])('%j is refused', (value, length) => {
    expect(refusal(() => given(value).hash(0, 'p'))).toBe(`p must be a hash of 32 bytes, and this one has ${length}`);
  });
});

describe('lists', () => {
  test('have at most so many items', () => {
    expect(given([1, 2]).list(0, 'p', 2)).toEqual([1, 2]);
    expect(refusal(() => given([1, 2, 3]).list(0, 'p', 2))).toBe('p must hold at most 2 items, and this one has 3');
  });

  test.each<[Json]>([['text'], [null], [{ length: 1 }]])('are no %j', (value) => {
    expect(refusal(() => given(value).list(0, 'p', 2))).toBe('p must be a list');
  });

  test('of byte strings name the one that is refused', () => {
    expect(given(['0x01', '']).bytesList(0, 'p', 2)).toEqual([Uint8Array.of(1), Uint8Array.of()]);
    expect(refusal(() => given(['0x01', 1]).bytesList(0, 'p', 2))).toBe(
      'p[1] must be bytes: a string of hex digits, or a list of numbers from 0 to 255',
    );
    expect(refusal(() => given(['', '', '']).bytesList(0, 'p', 2))).toMatch(/at most 2 items/);
  });
});

describe('text and truth', () => {
  test('are read', () => {
    expect(given('').string(0, 'p')).toBe('');
    expect([given(true).boolean(0, 'p'), given(false).boolean(0, 'p')]).toEqual([true, false]);
  });

  test.each<[Json]>([[null], [0], [[]]])('%j is neither', (value) => {
    expect(refusal(() => given(value).string(0, 'p'))).toBe('p must be a string');
    expect(refusal(() => given(value).boolean(0, 'p'))).toBe('p must be true or false');
  });
});

describe('a number of 32 bits', () => {
  test.each<[Json, number]>([
    [0, 0],
    [4_294_967_295, 4_294_967_295],
    ['0x0', 0],
    ['0xFFffFFff', 4_294_967_295],
    ['0x00000000ffffffff', 4_294_967_295],
  ])('%j', (value, expected) => expect(given(value).u32(0, 'p')).toBe(expected));

  test.each<[Json]>([
    [-1],
    [0.5],
    [4_294_967_296],
    ['0x100000000'],
    ['0x'],
    ['12'],
    ['1x12'],
    ['0x1g'],
    ['0x1 '],
    [' 0x1'],
    ['0x00000000000000001'],
    [null],
    [true],
  ])('%j is refused', (value) => {
    expect(refusal(() => given(value).u32(0, 'p'))).toBe('p must be a whole number from 0 to 4294967295');
  });
});

describe('a block number', () => {
  test.each<[Json, number | undefined]>([
    [0, 0],
    [4_294_967_295, 4_294_967_295],
    [4_294_967_296, undefined],
    ['0xff', 255],
    ['Ff', 255],
    ['10', 16],
    [`0x${'0'.repeat(56)}ffffffff`, 4_294_967_295],
    [`0x${'f'.repeat(64)}`, undefined],
  ])('%j', (value, expected) => expect(blockNumberOf(value, 'p')).toBe(expected));

  test.each<[Json]>([[-1], [0.5], [''], ['0x'], ['g'], ['x0'], ['1 '], [' 1'], [`0x${'0'.repeat(65)}`], [null], [[]]])(
    '%j is refused',
    (value) => {
      expect(refusal(() => blockNumberOf(value, 'p'))).toBe('p must be a whole number, or its hex digits');
    },
  );
});
