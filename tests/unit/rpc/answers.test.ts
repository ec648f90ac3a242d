// Bounds of answers: nothing that a client asks for makes one larger than the bound, takes memory without bound on the
// way there, or throws outside of the request.
import { afterEach, describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { boundedJson, boundedText } from '../../../host/rpc/answers.js';
import { createRegistry, type ServerOptions } from '../../../host/rpc/index.js';
import { Params } from '../../../host/rpc/params.js';
import { isSteps } from '../../../host/rpc/turns.js';
import { extrinsic, KIND } from '../node/fake-runtime.js';
import { localClient, post, serve, type Answer, type Served } from './client.js';

let served: Served;
afterEach(async () => {
  expect(served.faults).toEqual([]);
  await served.close();
});

const MIB = 1 << 20;
const hex = (text: string): string => toHex(utf8(text));
const call = (method: string, ...params: unknown[]): Promise<Answer> => served.client.call(method, params);
const TOO_BIG = (max: number): object => ({
  code: -32008,
  message: 'Response is too big',
  data: `Exceeded max limit of ${max}`,
});

/** `count` different values of `bytes` bytes under big00, big01, …; a child trie with one of them. */
function largeState(count: number, bytes: number): Record<string, unknown> {
  const value = (index: number): string => `0x${index.toString(16).padStart(2, '0')}${'ab'.repeat(bytes - 1)}`;
  const keys = Array.from({ length: count }, (_, index) => hex(`big${String(index).padStart(2, '0')}`));
  return {
    raw: {
      top: { [hex(':code')]: '0x01', ...Object.fromEntries(keys.map((key, index) => [key, value(index)])) },
      childrenDefault: { [hex('kid')]: { [hex('big')]: value(0) } },
    },
  };
}
const open = async (count: number, bytes: number, answerBytesMax?: number): Promise<void> => {
  const options: Partial<ServerOptions> = answerBytesMax === undefined ? {} : { limits: { answerBytesMax } };
  served = await serve({ genesis: largeState(count, bytes) }, options);
};

describe('one request without a key ended the node', () => {
  test.each([1_500, 10_000])('state_queryStorageAt with %d times the same key of a large value', async (times) => {
    await open(1, MIB);
    const keys = Array<string>(times).fill(hex('big00'));
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'state_queryStorageAt', params: [keys] });
    const [, answer] = await post(served.server.port, request);
    const { result } = answer as { result: { changes: [string, string][] }[] };
    expect(result[0]!.changes.map(([key, value]) => [key, value.length])).toEqual([[hex('big00'), 2 + 2 * MIB]]);
  });

  test('different keys of large values: 8 of 1 MiB are above 15 MiB as hex, 7 are not', async () => {
    await open(8, MIB);
    const keys = Array.from({ length: 8 }, (_, index) => hex(`big0${index}`));
    expect((await call('state_queryStorageAt', keys)).error).toEqual(TOO_BIG(15 * MIB));
    expect((await call('state_queryStorageAt', keys.slice(1))).error).toBeUndefined();
    expect((await call('state_getPairs', hex('big'))).error).toEqual(TOO_BIG(15 * MIB));
    expect((await call('state_getReadProof', keys)).error).toEqual(TOO_BIG(15 * MIB));
    expect((await call('state_subscribeStorage', keys)).error).toEqual(TOO_BIG(15 * MIB));
  });

  test('a batch of 256 requests for a large value has one error, and the rest of it is not served', async () => {
    await open(1, MIB);
    const one = (id: number): object => ({ jsonrpc: '2.0', id, method: 'state_getStorage', params: [hex('big00')] });
    const create = { jsonrpc: '2.0', id: 0, method: 'engine_createBlock' };
    const batch = [...Array.from({ length: 255 }, (_, id) => one(id)), create];
    const [, answer] = await post(served.server.port, JSON.stringify(batch));
    expect(answer).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32011, message: 'The batch response was too large', data: `Exceeded max limit of ${15 * MIB}` },
    });
    expect(served.node.best().number).toBe(0);
  });
});

describe('each method that gathers values counts them', () => {
  const kid = hex(':child_storage:default:kid');
  const big = hex('big00');
  test.each([
    ['state_getStorage', [big]],
    ['state_queryStorageAt', [[big]]],
    ['state_getPairs', [hex('big')]],
    ['state_getReadProof', [[big]]],
    ['state_getChildReadProof', [kid, [hex('big')]]],
    ['childstate_getStorage', [kid, hex('big')]],
    ['childstate_getStorageEntries', [kid, [hex('big')]]],
    ['state_getKeys', [hex('big')]],
    ['state_getKeysPaged', [hex('big'), 100]],
    ['author_pendingExtrinsics', []],
    ['chain_getBlock', []],
  ])('%s', async (method, params) => {
    // 80 keys of 5 bytes are 80 × 15 bytes of JSON, above 1,024; so is a value of 600 bytes; so are 80 transactions.
    await open(80, 600, 1_024);
    for (let signer = 0; signer < 80; signer++) {
      expect(served.node.pool.submit(extrinsic(KIND.pay, signer, 0, 1)).ok).toBe(true);
    }
    if (method === 'chain_getBlock') served.node.createBlock();
    // Called without the server, which would measure the text of the answer.
    const serve = createRegistry(served.node, { name: 'Test', version: '1' }).methods.get(method)!;
    const client = localClient({ answerBytesMax: 1_024 });
    const whole = (): void => {
      const result = serve(new Params(params), client);
      if (isSteps(result)) while (result.next().done !== true);
    };
    expect(whole).toThrow(expect.objectContaining({ code: -32008, message: 'Response is too big' }));
    expect((await call(method, ...params)).error).toEqual(TOO_BIG(1_024));
  });
});

describe('an answer at its very bound', () => {
  const body = '{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":["01"]}';
  // {"jsonrpc":"2.0","id":1,"result":"0x…"}: 35 bytes around the hex of 500 bytes, which is 1,002 with its 0x.
  const BYTES = '{"jsonrpc":"2.0","id":1,"result":""}'.length + 2 + 2 * 500;
  const genesis = { raw: { top: { [hex(':code')]: '0x01', '0x01': `0x${'ab'.repeat(500)}` }, childrenDefault: {} } };

  test('is sent; with one byte more it is refused', async () => {
    for (const [answerBytesMax, code] of [
      [BYTES, undefined],
      [BYTES - 1, -32008],
    ] as const) {
      const other = await serve({ genesis }, { limits: { answerBytesMax } });
      const [, answer] = await post(other.server.port, body);
      expect((answer as Answer).error?.code).toBe(code);
      await other.close();
    }
    served = await serve();
  });

  test('also of a batch, with its brackets and commas', async () => {
    const bytes = 2 * BYTES + '[,]'.length;
    for (const [answerBytesMax, code] of [
      [bytes, undefined],
      [bytes - 1, -32011],
    ] as const) {
      const other = await serve({ genesis }, { limits: { answerBytesMax } });
      const [, answer] = await post(other.server.port, `[${body},${body}]`);
      expect((answer as Answer).error?.code).toBe(code);
      await other.close();
    }
    served = await serve();
  });

  test('is measured in bytes of UTF-8: a character of three bytes counts as three', () => {
    const text = JSON.stringify({ a: '€€' });
    expect(String(boundedJson({ a: '€€' }, text.length + 4))).toBe(text);
    expect(boundedJson({ a: '€€' }, text.length + 3)).toBeUndefined();
  });

  test('what the engine cannot hold as a string is too large, and any other failure is not hidden', () => {
    const failing = (error: Error) => (): never => {
      throw error;
    };
    expect(boundedText(failing(new RangeError('Invalid string length')), 1_000)).toBeUndefined();
    expect(() => boundedText(failing(new TypeError('a bug')), 1_000)).toThrow('a bug');
  });

  test('an id of 1,024 characters is repeated in the error, a longer one is not', async () => {
    // The value's hex has 3,602 characters: below the bound without the id, above it with it.
    await open(1, 1_800, 4_096);
    for (const [length, repeated] of [
      [1_024, true],
      [1_025, false],
    ] as const) {
      const id = 'i'.repeat(length);
      const request = { jsonrpc: '2.0', id, method: 'state_getStorage', params: [hex('big00')] };
      expect((await post(served.server.port, JSON.stringify(request)))[1]).toEqual({
        jsonrpc: '2.0',
        id: repeated ? id : null,
        error: TOO_BIG(4_096),
      });
    }
  });

  test('an answer can be too large by its id only', async () => {
    await open(1, 600, 4_096);
    const id = 'i'.repeat(5_000);
    const [, answer] = await post(served.server.port, JSON.stringify({ jsonrpc: '2.0', id, method: 'system_name' }));
    expect(answer).toEqual({ jsonrpc: '2.0', id: null, error: TOO_BIG(4_096) });
  });
});

describe('subscriptions', () => {
  const streamed = async (values: unknown[], answerBytesMax: number): Promise<{ stopped: () => number }> => {
    let stops = 0;
    const start = (_params: unknown, sink: { send(value: unknown): void }): (() => void) => {
      for (const value of values) sink.send(value);
      return () => void stops++;
    };
    const subscription = { notification: 'test_item', unsubscribe: ['test_unsubscribe'], start };
    served = await serve({}, { limits: { answerBytesMax } }, { subscriptions: { test_subscribe: subscription } });
    return { stopped: () => stops };
  };

  test('a notification above the bound ends its subscription with an error', async () => {
    const { stopped } = await streamed(['a', 'b'.repeat(1_024), 'c'], 1_024);
    const { result: id } = await call('test_subscribe');
    await served.client.until(({ params }) => params !== undefined && 'error' in params);
    const sent = served.client.messages.filter(({ params }) => params !== undefined).map(({ params }) => params);
    expect(sent).toEqual([
      { subscription: id, result: 'a' },
      { subscription: id, error: 'Response is too big: Exceeded max limit of 1024' },
    ]);
    expect(stopped()).toBe(1);
    expect((await call('test_unsubscribe', id)).result).toBe(false);
  });

  test('one that began in a batch whose answers are too large is ended, since its id is not sent', async () => {
    const { stopped } = await streamed(['a'], 1_024);
    const request = { jsonrpc: '2.0', id: 'i'.repeat(300), method: 'test_subscribe' };
    const answer = await served.client.send(JSON.stringify(Array(4).fill(request)));
    expect(answer.error?.code).toBe(-32011);
    await call('system_name');
    // {"jsonrpc":"2.0","id":"…","result":"test_item-1"} has 38 + 300 + 11 bytes: three are above 1,024, and the fourth
    // request is not served.
    expect(stopped()).toBe(3);
    expect(served.client.messages.filter(({ params }) => params !== undefined)).toEqual([]);
  });
});

describe('the bounds of state_queryStorage', () => {
  const hashAt = (number: number): string => toHex(served.node.blockHash(number)!);
  const query = (keys: number, from: number, to: number): Promise<Answer> =>
    call(
      'state_queryStorage',
      Array.from({ length: keys }, (_, index) => toHex(Uint8Array.of(index >> 8, index))),
      hashAt(from),
      hashAt(to),
    );

  test('at most 1,000 blocks, forwards', async () => {
    served = await serve();
    for (let block = 0; block < 1_000; block++) served.node.createBlock();
    expect((await query(1, 0, 999)).result).toHaveLength(1);
    expect((await query(1, 0, 1_000)).error).toEqual({
      code: 4001,
      message: "Cannot resolve a block range ['0' ... '1000']. It must go forward over at most 1000 blocks",
    });
    expect((await query(1, 5, 5)).result).toHaveLength(1);
    expect((await query(1, 6, 5)).error).toMatchObject({ code: 4001 });
    // 10 keys × 1,000 blocks are 10,000 lookups.
    expect((await query(10, 1, 1_000)).result).toHaveLength(1);
    expect((await query(11, 1, 1_000)).error).toEqual({
      code: 4001,
      message:
        "Cannot resolve a block range ['1' ... '1000']. 11 keys in 1000 blocks are 11000 lookups, and at most 10000 are made",
    });
    expect((await query(5_001, 1, 2)).error).toMatchObject({ code: 4001 });
    expect((await query(0, 1, 1_000)).result).toEqual([]);
  });

  test('a repeated key counts and is returned once; each change once, in its block', async () => {
    served = await serve();
    for (let block = 0; block < 3; block++) served.node.createBlock();
    const keys = [hex('height'), hex('config'), hex('height')];
    const config = (await call('state_getStorage', hex('config'))).result;
    expect((await call('state_queryStorage', keys, hashAt(1))).result).toEqual([
      {
        block: hashAt(1),
        changes: [
          [hex('height'), '0x01000000'],
          [hex('config'), config],
        ],
      },
      { block: hashAt(2), changes: [[hex('height'), '0x02000000']] },
      { block: hashAt(3), changes: [[hex('height'), '0x03000000']] },
    ]);
  });

  test('at most 10,000 keys', async () => {
    served = await serve();
    const keys = Array<string>(10_001).fill('0x01');
    for (const method of ['state_queryStorageAt', 'state_getReadProof', 'state_subscribeStorage']) {
      expect((await call(method, keys.slice(1))).error).toBeUndefined();
      expect((await call(method, keys)).error).toMatchObject({ code: -32602, message: expect.stringMatching(/10000/) });
    }
  });
});
