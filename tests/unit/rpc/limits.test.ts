// Each limit of the RPC server at its very edge: the greatest number that is taken, and one more.
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { post, serve, type Answer, type Served } from './client.js';

let served: Served;
afterEach(() => served.close());

const hex = (text: string): string => toHex(utf8(text));
const call = (method: string, ...params: unknown[]): Promise<Answer> => served.client.call(method, params);
const request = (method: string, id = 1): object => ({ jsonrpc: '2.0', id, method });

describe('lists', () => {
  test('1,024 hashes to remove, 4,096 block numbers', async () => {
    served = await serve();
    const hash = `0x${'ab'.repeat(32)}`;
    expect((await call('author_removeExtrinsic', Array(1_024).fill({ hash }))).result).toEqual([]);
    expect((await call('author_removeExtrinsic', Array(1_025).fill({ hash }))).error).toMatchObject({ code: -32602 });
    expect((await call('chain_getBlockHash', Array(4_096).fill(1))).result).toHaveLength(4_096);
    expect((await call('chain_getBlockHash', Array(4_097).fill(1))).error).toMatchObject({
      code: -32602,
      message: 'Invalid params: at most 4096 block numbers are taken, and this list has 4097',
    });
  });

  test('10,000 keys of a child trie', async () => {
    served = await serve();
    const kid = hex(':child_storage:default:kid');
    expect((await call('childstate_getStorageEntries', kid, Array(10_000).fill('0x01'))).result).toHaveLength(10_000);
    expect((await call('childstate_getStorageEntries', kid, Array(10_001).fill('0x01'))).error).toMatchObject({
      code: -32602,
    });
    expect((await call('state_getChildReadProof', kid, Array(10_001).fill('0x01'))).error).toMatchObject({
      code: -32602,
    });
  });

  test('10,000 keys below a prefix', async () => {
    const keys = Array.from({ length: 10_001 }, (_, index) =>
      toHex(Uint8Array.of(1, index === 10_000 ? 0 : 1, index >> 8, index)),
    );
    const top = Object.fromEntries(keys.map((key) => [key, '0x0203']));
    served = await serve({ genesis: { raw: { top: { [hex(':code')]: '0x01', ...top }, childrenDefault: {} } } });
    for (const [method, expected] of [
      ['state_getKeys', 10_000],
      ['state_getPairs', 10_000],
    ] as const) {
      expect((await call(method, '0x0101')).result).toHaveLength(expected);
      expect((await call(method, '0x01')).error).toMatchObject({ code: 4002 });
    }
    // 10,000 values of 2 bytes.
    expect((await call('state_getStorageSize', '0x0101')).result).toBe(20_000);
    expect((await call('state_getStorageSize', '0x01')).error).toMatchObject({ code: 4002 });
    expect((await call('state_getStorageSize', '0x02')).result).toBeNull();
  });
});

describe('messages', () => {
  test('a request of the greatest size, over HTTP and WebSocket', async () => {
    served = await serve({}, { requestBytesMax: 1_000 });
    const padded = (bytes: number): string => JSON.stringify(request('system_name')).padEnd(bytes, ' ');
    expect(await post(served.server.port, padded(1_000))).toMatchObject([200, { result: 'Test' }]);
    expect(await post(served.server.port, padded(1_001))).toMatchObject([413, { error: { code: -32007 } }]);
    expect(await served.client.send(padded(1_000))).toMatchObject({ result: 'Test' });
    const closed = new Promise((resolve) => served.client.socket.once('close', resolve));
    served.client.socket.send(padded(1_001));
    expect(await closed).toBe(1009);
  });

  test('256 requests of a batch, and 15 MiB of a request, where nothing else is configured', async () => {
    served = await serve();
    const padded = (bytes: number): string => JSON.stringify(request('system_name')).padEnd(bytes, ' ');
    expect((await post(served.server.port, padded(15 << 20)))[0]).toBe(200);
    expect((await post(served.server.port, padded((15 << 20) + 1)))[0]).toBe(413);
    const batch = (length: number): string => JSON.stringify(Array(length).fill(request('system_name')));
    expect((await post(served.server.port, batch(256)))[1]).toHaveLength(256);
    expect((await post(served.server.port, batch(257)))[1]).toMatchObject({ id: null, error: { code: -32010 } });
  });
});

describe('connections', () => {
  test('requests without a response, of one connection', async () => {
    const finish: (() => void)[] = [];
    const slow = (): Promise<string> => new Promise((resolve) => finish.push(() => resolve('done')));
    served = await serve({}, { limits: { pendingMax: 2 } }, { methods: { test_slow: slow } });
    const first = [call('test_slow'), call('test_slow')];
    expect((await call('test_slow')).error).toMatchObject({ code: -32006 });
    expect((await call('system_name')).error).toMatchObject({ code: -32006 });
    for (const end of finish) end();
    expect((await Promise.all(first)).map(({ result }) => result)).toEqual(['done', 'done']);
    expect((await call('system_name')).result).toBe('Test');
  });

  test('sockets', async () => {
    served = await serve({}, { bounds: { connectionsMax: 2 } });
    const open = (): Promise<WebSocket> => {
      const socket = new WebSocket(served.server.url);
      return new Promise((resolve) => socket.once('open', () => resolve(socket)));
    };
    const second = await open();
    const closed = new Promise((resolve) => {
      const third = new WebSocket(served.server.url);
      third.once('close', resolve);
    });
    expect(await closed).toBe(1013);
    expect(second.readyState).toBe(WebSocket.OPEN);
    second.terminate();
  });
});

describe('an account address', () => {
  test('of 64 characters at most is looked at; hex is read with and without 0x', async () => {
    served = await serve();
    const key = 'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
    for (const account of [key, `0x${key}`]) {
      expect((await call('system_accountNextIndex', account)).result).toBe(0);
    }
    for (const account of ['1'.repeat(63), '1'.repeat(65), 'z'.repeat(100_000), key.slice(1), '']) {
      expect((await call('system_accountNextIndex', account)).error).toMatchObject({
        code: -32602,
        message: expect.stringMatching(/is no account address$/),
      });
    }
  });
});

describe('subscribers to storage', () => {
  test('are sent nothing for a block that changes none of their keys', async () => {
    served = await serve();
    const { result: quiet } = await call('state_subscribeStorage', [hex('config')]);
    const { result: all } = await call('state_subscribeStorage');
    served.node.createBlock();
    await call('system_name');
    expect(served.client.results(quiet)).toEqual([
      { block: toHex(served.node.genesisHash), changes: [[hex('config'), expect.any(String)]] },
    ]);
    expect(served.client.results(all)).toHaveLength(1);
    const [{ changes }] = served.client.results(all) as [{ changes: unknown[] }];
    expect(changes).toContainEqual([hex('height'), '0x01000000']);
  });
});
