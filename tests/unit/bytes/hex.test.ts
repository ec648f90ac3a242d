// Hex text to bytes and back.
import { describe, expect, test } from '@jest/globals';
import { fromHex, isHex, toHex } from '../../../host/bytes/index.js';

describe('hex', () => {
  test('bytes become lower-case digits after 0x', () => {
    expect(toHex(new Uint8Array([0, 1, 0xab, 0xff]))).toBe('0x0001abff');
    expect(toHex(new Uint8Array(0))).toBe('0x');
  });

  test('a view of a larger buffer is converted without the rest', () => {
    expect(toHex(new Uint8Array([1, 2, 3, 4]).subarray(1, 3))).toBe('0x0203');
  });

  test('digits of either case become bytes', () => {
    expect([...fromHex('0x00aBFf')]).toEqual([0, 0xab, 0xff]);
    expect(fromHex('0x')).toHaveLength(0);
  });

  test.each([
    ['00', 'must start with 0x'],
    ['0x0', 'even number of digits'],
    ['0x0g', 'not a hex digit'],
    ['0xg0', 'not a hex digit'],
    ['0x00 0', 'not a hex digit'],
    ['0xée', 'not a hex digit'],
  ])('%s is refused with a message', (input, sentence) => {
    expect(isHex(input)).toBe(false);
    expect(() => fromHex(input)).toThrow(RangeError);
    expect(() => fromHex(input)).toThrow(sentence);
  });

  test('isHex accepts what fromHex accepts', () => {
    for (const input of ['0x', '0x00', '0xABcd']) expect(isHex(input)).toBe(true);
  });
});
