// The forms in which parameters are read: those of Substrate's server. Its code for bytes is `impl_serde::serialize`: hex
// with or without 0x, a zero before an odd number of digits, or a list of numbers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { serve, type Answer, type Served } from './client.js';

let served: Served;
const keys: Record<string, string> = { '': '0x00', '01': '0x01', '0123': '0x23', '012345': '0x45', ab: '0x67' };
beforeAll(async () => {
  const top = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`0x${key}`, value]));
  served = await serve({ genesis: { raw: { top: { ...top, [toHex(utf8(':code'))]: '0x01' }, childrenDefault: {} } } });
  served.node.createBlock();
});
afterAll(() => served.close());

const call = (method: string, params: unknown): Promise<Answer> => served.client.call(method, params);

describe('bytes', () => {
  test.each([
    ['hex without 0x', '0123', '0123'],
    ['hex with 0x', '0x0123', '0123'],
    ['upper case', '0xAB', 'ab'],
    ['an odd number of digits with 0x', '0x123', '0123'],
    ['an odd number of digits without 0x', '12345', '012345'],
    ['one digit', '1', '01'],
    ['the empty string', '', ''],
    ['0x only', '0x', ''],
    ['a list of bytes', [1, 0x23], '0123'],
    ['the empty list', [], ''],
  ])('%s', async (_name, given, key) => {
    expect((await call('state_getStorage', [given])).result).toBe(keys[key]);
    expect((await call('state_queryStorageAt', [[given]])).result).toEqual([
      { block: toHex(served.node.best().hash), changes: [[`0x${key}`, keys[key]]] },
    ]);
  });

  test.each([
    ['a digit that is none', '0x0g', /holds the character "g"/],
    ['0X, which Substrate does not strip', '0X01', /holds the character "X"/],
    ['white space', '01 23', /holds the character " "/],
    ['a number', 1, /must be bytes/],
    ['an object', {}, /must be bytes/],
    ['a byte above 255', [256], /key\[0\] must be a whole number from 0 to 255/],
    ['a negative byte', [-1], /key\[0\]/],
    ['half a byte', [1, 0.5], /key\[1\]/],
    ['a string for a byte', ['1'], /key\[0\]/],
  ])('%s is refused', async (_name, given, message) => {
    const { error } = await call('state_getStorage', [given]);
    expect([error?.code, error?.message]).toEqual([-32602, expect.stringMatching(message)]);
  });
});

describe('hashes', () => {
  test('are read with and without 0x and as a list, but never with a digit left out', async () => {
    const { hash } = served.node.best();
    const hex = toHex(hash);
    for (const given of [hex, hex.slice(2), hex.toUpperCase().replace('0X', '0x'), [...hash]]) {
      expect((await call('chain_getHeader', [given])).result).toMatchObject({ number: '0x1' });
    }
    for (const given of [hex.slice(0, -1), hex.slice(3), `${hex}0`, '', [...hash.slice(1)], [...hash, 0]]) {
      expect((await call('chain_getHeader', [given])).error).toMatchObject({
        code: -32602,
        message: expect.stringMatching(/hash must be a hash of 32 bytes/),
      });
    }
  });
});

describe('block numbers', () => {
  test.each([
    ['a number', 1],
    ['hex', '0x1'],
    ['hex without 0x', '1'],
    ['hex with leading zeros', `0x${'0'.repeat(63)}1`],
  ])('%s', async (_name, given) => {
    expect((await call('chain_getBlockHash', [given])).result).toBe(toHex(served.node.best().hash));
  });

  test('hex without 0x is hex, as in Substrate', async () => {
    expect((await call('chain_getBlockHash', [['10', '0x10', 16]])).result).toEqual([null, null, null]);
  });

  test("u32::MAX is a number that no block has yet; one more has Substrate's error", async () => {
    expect((await call('chain_getBlockHash', [[0xffff_ffff, '0xffffffff']])).result).toEqual([null, null]);
    for (const given of [0x1_0000_0000, '0x100000000']) {
      expect((await call('chain_getBlockHash', [given])).error).toEqual({
        code: 3001,
        message: `\`${given}\` > u32::MAX, the max block number is u32.`,
      });
    }
  });

  test.each([[`0x${'0'.repeat(65)}`], ['0x'], [''], [-1], [0.5], [{}], [true]])('%j is refused', async (given) => {
    expect((await call('chain_getBlockHash', [given])).error).toMatchObject({ code: -32602 });
  });
});

describe('numbers of 32 bits', () => {
  test('u32::MAX is read, and is above the bound of a page; one more is no u32', async () => {
    for (const given of [0xffff_ffff, '0xffffffff']) {
      expect((await call('state_getKeysPaged', ['', given])).error).toEqual({
        code: 4002,
        message: 'count exceeds maximum value. value: 4294967295, max: 1000',
      });
    }
    for (const given of [0x1_0000_0000, '0x100000000', -1, 1.5, '1']) {
      expect((await call('state_getKeysPaged', ['', given])).error).toMatchObject({ code: -32602 });
    }
  });

  test('a page of the greatest size, and one more', async () => {
    expect((await call('state_getKeysPaged', ['01', 1000])).result).toHaveLength(3);
    expect((await call('state_getKeysPaged', ['01', 1001])).error).toMatchObject({ code: 4002 });
    expect((await call('state_getKeysPaged', ['01', 0])).result).toEqual([]);
  });
});

describe('named parameters', () => {
  test('in camel case and in snake case, in any order', async () => {
    for (const startKey of ['startKey', 'start_key']) {
      expect((await call('state_getKeysPaged', { count: 10, [startKey]: '01', prefix: '01' })).result).toEqual([
        '0x0123',
        '0x012345',
      ]);
    }
    const hash = toHex(served.node.genesisHash);
    expect((await call('chain_getHeader', { hash })).result).toMatchObject({ number: '0x0' });
    expect((await call('state_getStorage', { key: '0123', hash })).result).toBe('0x23');
    expect((await call('state_queryStorageAt', { keys: ['01'], at: hash })).result).toEqual([
      { block: hash, changes: [['0x01', '0x01']] },
    ]);
    expect((await call('engine_createBlock', { create_empty: false, finalize: true })).error).toMatchObject({
      code: 1,
    });
  });

  test('an absent one is absent, an unknown one is ignored, and none is read from the prototype', async () => {
    expect((await call('state_getStorage', { keys: '01' })).error).toMatchObject({ code: -32602 });
    expect((await call('chain_getHeader', { other: 1 })).result).toMatchObject({ number: '0x1' });
    expect((await call('state_getStorage', JSON.parse('{"__proto__":{"key":"01"}}'))).error).toMatchObject({
      code: -32602,
    });
  });
});

describe('undecodable input has the code that Substrate gives it', () => {
  const ATTEMPT = 'the length prefix does not match the length';
  test.each([
    ['author_submitExtrinsic', ['0x08'], { code: 1040, message: expect.stringMatching(/^Client error: /) }],
    ['author_submitAndWatchExtrinsic', ['0x08'], { code: 1001, message: expect.stringMatching(/invalid format/) }],
    [
      'author_removeExtrinsic',
      [[{ extrinsic: '0x08' }]],
      { code: 1001, message: expect.stringMatching(/invalid format/) },
    ],
    ['author_hasSessionKeys', ['0x08'], { code: 1040, message: 'Session keys are not encoded correctly' }],
    [
      'author_hasKey',
      ['0x08', 'aur'],
      { code: 1040, message: 'Invalid key type ID format (should be of length four)' },
    ],
    ['payment_queryInfo', ['0x08'], { code: 2, message: 'Unable to query dispatch info.', data: ATTEMPT }],
    ['payment_queryFeeDetails', ['0x08'], { code: 2, message: 'Unable to query fee details.', data: ATTEMPT }],
    ['system_dryRun', ['0x08'], { code: 2, message: 'Unable to dry run extrinsic', data: ATTEMPT }],
  ])('%s', async (method, params, error) => {
    expect((await call(method, params)).error).toEqual(error);
  });

  test('a failure of the runtime has code 1', async () => {
    // The fake runtime has no TransactionPaymentApi.
    expect((await call('payment_queryInfo', ['0x0401'])).error).toMatchObject({
      code: 1,
      message: 'Unable to query dispatch info.',
    });
  });

  test('an unsubscription by something that is no id has a false answer and leaves no trace in the log', async () => {
    for (const given of [{ toString: 1 }, [[]], 1, null, 'none']) {
      expect((await call('chain_unsubscribeNewHeads', [given])).result).toBe(false);
    }
    expect(served.faults).toEqual([]);
  });
});
