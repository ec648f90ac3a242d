// The server: JSON-RPC 2.0 over WebSocket and HTTP, its bounds, and its errors.
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { Client } from '../../../host/rpc/registry.js';
import { createRegistry, PortUnavailable, RpcError, startServer } from '../../../host/rpc/index.js';
import { eventually } from '../../eventually.js';
import { post, serve, type Served } from './client.js';

let served: Served | undefined;
const open = async (...args: Parameters<typeof serve>): Promise<Served> => (served = await serve(...args));

afterEach(async () => {
  await served?.close();
  served = undefined;
});

describe('requests', () => {
  test.each([
    ['{"jsonrpc":"2.0","id":1,', -32700, 'Parse error: the message is not JSON', null],
    ['1', -32600, 'Invalid request: a request must be an object', null],
    ['[]', -32600, 'Invalid request: a batch must hold at least one request', null],
    [
      '{"id":7,"method":"system_name"}',
      -32600,
      expect.stringMatching(/^Invalid request: it needs "jsonrpc": "2.0"/),
      7,
    ],
    ['{"jsonrpc":"2.0","id":{},"method":"system_name"}', -32600, expect.stringMatching(/^Invalid request/), null],
    ['{"jsonrpc":"2.0","id":1e999,"method":"system_name"}', -32600, expect.stringMatching(/^Invalid request/), null],
    [
      '{"jsonrpc":"2.0","id":1,"method":"no_such"}',
      -32601,
      'Method not found: this node has no method "no_such"; rpc_methods lists those it has',
      1,
    ],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601, expect.stringMatching(/^Method not found/), 1],
    [
      '{"jsonrpc":"2.0","id":1,"method":"system_name","params":"a"}',
      -32602,
      'Invalid params: the parameters must be given as a list or as an object',
      1,
    ],
    [
      '{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":["0x12"]}',
      -32602,
      'Invalid params: hash must be a hash of 32 bytes, and this one has 1',
      1,
    ],
    [
      '{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":["zz"]}',
      -32602,
      'Invalid params: key: hex text holds the character "z", which is not a hex digit: "0xzz"',
      1,
    ],
    [
      '{"jsonrpc":"2.0","id":1,"method":"state_getStorage"}',
      -32602,
      'Invalid params: key must be bytes: a string of hex digits, or a list of numbers from 0 to 255',
      1,
    ],
    [
      '{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[-1]}',
      -32602,
      'Invalid params: block number must be a whole number, or its hex digits',
      1,
    ],
  ])('%s', async (text, code, message, id) => {
    const { client, server, faults } = await open();
    expect(await client.send(text)).toEqual({ jsonrpc: '2.0', id, error: { code, message } });
    expect(await post(server.port, text)).toEqual([200, { jsonrpc: '2.0', id, error: { code, message } }]);
    expect((await client.call('system_name')).result).toBe('Test');
    expect(faults).toEqual([]);
  });

  test('a batch has one response, a notification has none', async () => {
    const { server } = await open();
    const batch = [{ id: 'a', method: 'system_version' }, { method: 'system_name' }, { id: 2, method: 'nope' }].map(
      (item) => ({ jsonrpc: '2.0', ...item }),
    );
    const [, answers] = await post(server.port, JSON.stringify(batch));
    expect(answers).toMatchObject([
      { id: 'a', result: '1.2.3' },
      { id: 2, error: { code: -32601 } },
    ]);
    expect(await post(server.port, '{"jsonrpc":"2.0","method":"system_name"}')).toEqual([204, undefined]);
  });

  test('a batch or a request above its bound', async () => {
    const { client, server } = await open({}, { limits: { batchMax: 2 }, requestBytesMax: 1000 });
    const one = { jsonrpc: '2.0', id: 1, method: 'system_name' };
    expect((await client.send(JSON.stringify([one, one]))) as unknown).toHaveLength(2);
    expect(await client.send(JSON.stringify([one, one, one]))).toMatchObject({ id: null, error: { code: -32010 } });
    expect(await post(server.port, ' '.repeat(1001))).toEqual([
      413,
      {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32007, message: 'Request is too big', data: 'Exceeded max limit of 1000' },
      },
    ]);
    const closed = new Promise((resolve) => client.socket.once('close', resolve));
    client.socket.send(' '.repeat(1001));
    expect(await closed).toBe(1009);
  });

  test('a fault of the node is -32603 without details, and is logged', async () => {
    const { client, faults } = await open(
      {},
      {},
      {
        methods: {
          test_fault: () => {
            throw new TypeError('secret detail');
          },
          test_slowFault: () => Promise.reject(new TypeError('secret detail')),
          test_refuse: () => {
            throw new RpcError(42, 'Because.', 'data');
          },
        },
      },
    );
    for (const method of ['test_fault', 'test_slowFault']) {
      expect((await client.call(method)).error).toEqual({
        code: -32603,
        message: 'Internal error: the node failed to answer; its log says more',
      });
    }
    expect(faults).toEqual(['test_fault: TypeError: secret detail', 'test_slowFault: TypeError: secret detail']);
    expect((await client.call('test_refuse')).error).toEqual({ code: 42, message: 'Because.', data: 'data' });
  });

  test('GET returns an explanation', async () => {
    const { server } = await open();
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    expect([response.status, await response.text()]).toEqual([
      405,
      'This is a JSON-RPC endpoint: POST a request to it, or open a WebSocket.\n',
    ]);
  });

  test('a port in use is reported with a sentence', async () => {
    const { node, server } = await open();
    const registry = createRegistry(node, { name: 'Test', version: '1' });
    const second = startServer(registry, { port: server.port, onFault: () => undefined });
    await expect(second).rejects.toThrow(PortUnavailable);
    await expect(second).rejects.toThrow(
      `port ${server.port} on 127.0.0.1 can't be used: something else is listening there; pick another with --port`,
    );
  });
});

describe('subscriptions', () => {
  test('the id comes before the first result, whether the start is synchronous or not', async () => {
    for (const slow of [false, true]) {
      const { client, close } = await serve(
        {},
        {},
        {
          subscriptions: {
            test_subscribe: {
              notification: 'test_item',
              unsubscribe: ['test_unsubscribe'],
              start: (_params, sink) => {
                sink.send(1);
                sink.send(2);
                const stop = (): void => undefined;
                return slow ? Promise.resolve(stop) : stop;
              },
            },
          },
        },
      );
      const { result: id } = await client.call('test_subscribe');
      await client.until(({ params }) => params?.result === 2);
      expect(client.messages.map(({ result, params }) => params?.result ?? result)).toEqual([id, 1, 2]);
      await close();
    }
  });

  test('a source is stopped exactly once, however its subscription ends', async () => {
    const stopped: string[] = [];
    let last: (() => void) | undefined;
    const { client } = await open(
      {},
      {},
      {
        subscriptions: Object.fromEntries(
          ['early', 'late', 'client', 'gone'].map((name) => [
            `test_${name}`,
            {
              notification: 'test_item',
              unsubscribe: ['test_unsubscribe'],
              start: (_params: unknown, sink: { send(value: string): void; close(): void }) => {
                sink.send(name);
                if (name === 'early') sink.close();
                if (name === 'late') last = () => sink.close();
                return () => void stopped.push(name);
              },
            },
          ]),
        ),
      },
    );
    await client.call('test_early');
    await client.call('test_late');
    last!();
    await client.call('test_unsubscribe', [(await client.call('test_client')).result]);
    await client.call('test_gone');
    expect(client.messages.filter(({ params }) => params !== undefined).map(({ params }) => params!.result)).toEqual([
      'early',
      'late',
      'client',
      'gone',
    ]);
    await client.close();
    await eventually(() => (stopped.length < 4 ? undefined : true));
    expect(stopped).toEqual(['early', 'late', 'client', 'gone']);
  });

  test('are bounded, end by their own unsubscribe, and end with the connection', async () => {
    const { node, client } = await open({}, { limits: { subscriptionsMax: 2 } });
    const first = (await client.call('chain_subscribeNewHeads')).result;
    const second = (await client.call('state_subscribeRuntimeVersion')).result;
    expect((await client.call('chain_subscribeNewHeads')).error).toEqual({
      code: -32006,
      message: 'Too many subscriptions on this connection; at most 2 are allowed',
    });
    expect((await client.call('state_unsubscribeRuntimeVersion', [first])).result).toBe(false);
    expect((await client.call('chain_unsubscribeNewHeads', [first])).result).toBe(true);
    expect((await client.call('chain_unsubscribeNewHeads', [first])).result).toBe(false);
    expect((await client.call('state_unsubscribeRuntimeVersion', [second])).result).toBe(true);
    node.createBlock();
    expect((await client.call('chain_getHeader')).result).toMatchObject({ number: '0x1' });
    expect(client.results(first)).toHaveLength(1);
  });

  test('are refused over HTTP', async () => {
    const { server } = await open();
    expect(await post(server.port, '{"jsonrpc":"2.0","id":1,"method":"chain_subscribeNewHeads"}')).toMatchObject([
      200,
      { error: { code: -32601 } },
    ]);
  });
});

describe('who a client is, for methods that are fair between clients', () => {
  test('each WebSocket connection is one, and all HTTP requests from one address are another', async () => {
    const seen: Client[] = [];
    const extra = { methods: { who: (_params: unknown, client: Client) => seen.push(client) } };
    const { client, server } = await open({}, {}, extra);
    const other = new WebSocket(`ws://127.0.0.1:${server.port}`);
    const request = '{"jsonrpc":"2.0","id":1,"method":"who"}';
    await new Promise((resolve) => other.once('open', resolve));
    await client.call('who');
    await client.call('who');
    other.send(request);
    await new Promise((resolve) => other.once('message', resolve));
    other.close();
    await post(server.port, request);
    await post(server.port, request);
    expect(seen).toHaveLength(5);
    expect(seen.map(({ address }) => address)).toEqual(Array<string>(5).fill('127.0.0.1'));
    const [first, again, second, posted, postedAgain] = seen.map(({ connection }) => connection);
    expect([first === again, first === second, posted, postedAgain]).toEqual([true, false, 'HTTP', 'HTTP']);
  });
});
