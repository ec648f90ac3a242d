// Who may use the server: unsafe methods, hosts, origins, content types; and the paths for GET.
import { afterEach, describe, expect, test } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import { WebSocket } from 'ws';
import { createRegistry, parseOrigins, type ServerOptions } from '../../../host/rpc/index.js';
import { post, serve, type Answer, type Served } from './client.js';

let served: Served;
const open = async (options: Partial<ServerOptions> = {}): Promise<void> => void (served = await serve({}, options));
afterEach(() => served.close());

const NAME = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'system_name' });

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A request with any headers, also those that fetch does not set. */
function send(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { port } = served.server;
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    request.on('error', reject).end(body);
  });
}
const JSON_TYPE = { 'content-type': 'application/json' };
const posted = async (headers: Record<string, string>): Promise<number> =>
  (await send('POST', '/', { ...JSON_TYPE, ...headers }, NAME)).status;

/** `open`, or the status with which the WebSocket was refused. */
function connect(headers: Record<string, string>): Promise<string | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${served.server.port}`, { headers });
  return new Promise((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.on('error', () => undefined);
  }).finally(() => socket.terminate()) as Promise<string | number>;
}

describe('unsafe methods', () => {
  const UNSAFE = [
    'author_hasKey',
    'author_hasSessionKeys',
    'author_insertKey',
    'author_removeExtrinsic',
    'author_rotateKeys',
    'engine_createBlock',
    'engine_finalizeBlock',
    'state_getPairs',
    'state_queryStorage',
    'system_dryRun',
    'system_dryRunAt',
    'system_peers',
  ];
  const DENIED = { code: -32601, message: 'RPC call is unsafe to be called externally' };
  const error = async (method: string): Promise<Answer['error']> => {
    const [, answer] = await post(served.server.port, JSON.stringify({ jsonrpc: '2.0', id: 1, method }));
    const overSocket = (await served.client.call(method)).error;
    expect((answer as Answer).error).toEqual(overSocket);
    return overSocket;
  };

  test.each([
    ['safe', false, true],
    ['safe', true, true],
    ['auto', true, true],
    ['auto', false, false],
    ['unsafe', true, false],
    ['unsafe', false, false],
  ] as const)('--rpc-methods %s, on every interface: %s; denied: %s', async (methods, external, denied) => {
    await open({ methods, external });
    for (const method of UNSAFE) {
      const found = await error(method);
      if (denied) expect(found).toEqual(DENIED);
      else expect(found).not.toEqual(DENIED);
    }
    expect(await error('system_name')).toBeUndefined();
    // Every change of every block.
    const all = (await served.client.call('state_subscribeStorage')).error;
    if (denied) expect(all).toEqual(DENIED);
    else expect(all).toBeUndefined();
    expect((await served.client.call('state_subscribeStorage', [['0x01']])).error).toBeUndefined();
    if (denied) expect(served.node.best().number).toBe(0);
  });

  test('are all engine methods, and each is a method of the server', async () => {
    await open();
    const { methods, unsafe } = createRegistry(served.node, { name: 'Test', version: '1' });
    expect([...unsafe].sort()).toEqual(UNSAFE);
    for (const name of UNSAFE) expect(methods.has(name)).toBe(true);
    expect([...methods.keys()].filter((name) => name.startsWith('engine_') && !unsafe.has(name))).toEqual([]);
  });
});

describe("other sites' pages", () => {
  const ALLOWED = [
    'http://localhost',
    'http://localhost:3000',
    'https://127.0.0.1:8443',
    'https://polkadot.js.org',
    'https://dev.papi.how',
    'HTTPS://POLKADOT.JS.ORG',
  ];
  const REFUSED = [
    'https://evil.example',
    'http://localhost.evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost:',
    'http://localhost:123456',
    'https://polkadot.js.org.evil.example',
    'https://polkadot.js.org:444',
    'http://polkadot.js.org',
    'https://evilpolkadot.js.org',
    'null',
    '',
  ];
  test('are refused by their origin, over HTTP and WebSocket', async () => {
    await open();
    for (const origin of ALLOWED) {
      expect([origin, await posted({ origin }), await connect({ origin })]).toEqual([origin, 200, 'open']);
    }
    for (const origin of REFUSED) {
      expect([origin, await posted({ origin }), await connect({ origin })]).toEqual([origin, 403, 403]);
    }
    expect(await connect({ 'sec-websocket-origin': 'https://evil.example' })).toBe(403);
    expect([await posted({}), await connect({})]).toEqual([200, 'open']);
  });

  test('with --rpc-cors those of the list, or all', async () => {
    await open({ origins: parseOrigins('https://app.example, http://[::1]:*')! });
    expect(await posted({ origin: 'https://app.example' })).toBe(200);
    expect(await posted({ origin: 'http://[::1]:9000' })).toBe(200);
    expect(await posted({ origin: 'http://localhost' })).toBe(403);
    await served.close();
    await open({ origins: 'all' });
    const { status, headers } = await send('POST', '/', { ...JSON_TYPE, origin: 'https://evil.example' }, NAME);
    expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(await posted({ origin: 'null' })).toBe(200);
  });

  test.each([
    ['all', 'all'],
    ['*', 'all'],
    ['https://a.example', ['https://a.example']],
    ['https://a.example,null', ['https://a.example', 'null']],
    ['a.example', undefined],
    ['', undefined],
    ['https://a.example,', undefined],
    ['https://a.example/path', undefined],
    ['https://*.example', undefined],
  ])('--rpc-cors %j', async (text, origins) => {
    expect(parseOrigins(text)).toEqual(origins);
    await open();
  });

  test('an allowed page may read answers, and may ask first', async () => {
    await open();
    const origin = 'https://polkadot.js.org';
    const { headers } = await send('POST', '/', { ...JSON_TYPE, origin }, NAME);
    expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Origin' });
    const asked = { origin, 'access-control-request-method': 'POST', 'access-control-request-private-network': 'true' };
    expect(await send('OPTIONS', '/', asked)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST, GET',
        'access-control-allow-headers': 'content-type',
        'access-control-allow-private-network': 'true',
      },
    });
    const other = await send('OPTIONS', '/', { ...asked, origin: 'https://evil.example' });
    expect([other.status, other.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    const plain = await send('POST', '/', JSON_TYPE, NAME);
    expect(plain.headers['access-control-allow-origin']).toBeUndefined();
    expect((await send('OPTIONS', '/', {})).status).toBe(405);
  });
});

describe('DNS rebinding', () => {
  test('a host that is not this machine is refused, over HTTP, for GET, and over WebSocket', async () => {
    await open();
    for (const host of ['localhost', 'localhost:9944', 'LOCALHOST:1', '127.0.0.1:9944', '127.0.0.2', '[::1]:9944']) {
      expect([host, await posted({ host }), await connect({ host })]).toEqual([host, 200, 'open']);
    }
    for (const host of [
      'evil.example',
      'evil.example:9944',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '0.0.0.0',
    ]) {
      expect([host, await posted({ host }), await connect({ host })]).toEqual([host, 403, 403]);
      expect((await send('GET', '/health', { host })).status).toBe(403);
    }
  });

  test('on every interface, and with --rpc-cors all, any host is taken; origins are checked still', async () => {
    await open({ external: true });
    expect(await posted({ host: 'node.example' })).toBe(200);
    expect(await posted({ host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    await served.close();
    await open({ origins: 'all' });
    expect(await posted({ host: 'node.example' })).toBe(200);
  });
});

describe('a POST', () => {
  test('is read only as JSON, which no page sends to another site without asking', async () => {
    await open();
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'APPLICATION/JSON',
      'application/json-rpc',
    ]) {
      expect([type, await posted({ 'content-type': type })]).toEqual([type, 200]);
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/plain; application/json',
      'application/jsonx',
      '',
    ]) {
      expect([type, await posted({ 'content-type': type })]).toEqual([type, 415]);
    }
    expect((await send('POST', '/', {}, NAME)).status).toBe(415);
  });
});

describe('health', () => {
  test('GET /health returns what system_health returns; /health/readiness returns 200', async () => {
    await open();
    const health = await send('GET', '/health', {});
    expect([health.status, JSON.parse(health.body), health.headers['content-type']]).toEqual([
      200,
      (await served.client.call('system_health')).result,
      'application/json',
    ]);
    expect(await send('GET', '/health/readiness', {})).toMatchObject({ status: 200, body: '' });
    expect((await send('GET', '/health?now', {})).body).toBe(health.body);
    expect((await send('HEAD', '/health', {})).status).toBe(405);
    expect((await send('GET', '/healthy', {})).status).toBe(405);
  });
});
