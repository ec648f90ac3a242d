// Every method of the RPC server with parameters of hostile forms and sizes, over WebSocket and HTTP, alone and in
// batches: each request has an answer, no answer is above its bound, nothing is thrown outside of a request, and the
// server goes on. SEED=… repeats a run.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { toHex, utf8 } from '../../host/bytes/index.js';
import { Random, seedOf } from '../random.js';
import { extrinsic, KIND } from '../unit/node/fake-runtime.js';
import { post, serve, type Answer, type Served } from '../unit/rpc/client.js';

const TIME_MS = Number(process.env.FUZZ_RPC_MS ?? 20_000);
const ANSWER_BYTES_MAX = 1 << 20;
const HEAP_GROWTH_BYTES_MAX = 512 << 20;
const ROUND_MS_MAX = 10_000;
const RUBBISH_ROUNDS = 400;

let served: Served;
let names: string[];
const escaped: unknown[] = [];
const onEscape = (error: unknown): void => void escaped.push(error);

const hex = (text: string): string => toHex(utf8(text));
const CHILD = hex(':child_storage:default:kid');

beforeAll(async () => {
  process.on('uncaughtException', onEscape).on('unhandledRejection', onEscape);
  const large = (index: number): string => `0x${index.toString(16).padStart(4, '0')}${'ab'.repeat(200_000)}`;
  const big = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [hex(`big${index}`), large(index)]));
  const small = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [hex(`small${index}`), '0x01']));
  served = await serve(
    {
      genesis: {
        raw: {
          top: { [hex(':code')]: '0x01', ...big, ...small },
          childrenDefault: { [hex('kid')]: { [hex('big')]: large(0), [hex('k')]: '0x02' } },
        },
      },
    },
    { limits: { answerBytesMax: ANSWER_BYTES_MAX } },
  );
  for (let block = 0; block < 20; block++) served.node.createBlock();
  for (let signer = 0; signer < 200; signer++) served.node.pool.submit(extrinsic(KIND.pay, signer, 0, 1));
  names = ((await served.client.call('rpc_methods')).result as { methods: string[] }).methods;
});
afterAll(async () => {
  process.off('uncaughtException', onEscape).off('unhandledRejection', onEscape);
  await served?.close();
});

/** A length, often at an edge: of lists, of pages, of answers. */
function size(random: Random, max: number): number {
  const edges = [0, 1, 2, 31, 32, 33, 255, 256, 257, 999, 1_000, 1_001, 4_096, 9_999, 10_000, 10_001, 100_000, max];
  return Math.min(max, random.chance(0.8) ? random.pick(edges) : random.below(max + 1));
}

function value(random: Random, depth = 0): unknown {
  const hashes = [0, 1, 20].map((number) => toHex(served.node.blockHash(number)!));
  const plain: (() => unknown)[] = [
    () => null,
    () => random.bool(),
    () => random.pick([0, -1, 0.5, 1, 20, 21, 1_000, 1_001, 0xffff_ffff, 0x1_0000_0000, 2 ** 53, 1e300]),
    () => random.pick(['0xffffffff', '0x100000000', '0x', '', '0', 'zz', '€', '\ud800', 'aura', 'Metadata_metadata']),
    () => random.pick(hashes),
    () => random.pick([hex('big'), hex('big0'), hex('small'), hex('small7'), CHILD, hex('k')]),
    () => toHex(extrinsic(random.below(8), random.below(256), random.below(3), random.below(256))),
    () => 'a'.repeat(size(random, 500_000)),
    () => `0x${'ab'.repeat(size(random, 200_000))}`,
    () => '\u0000'.repeat(size(random, 20_000)),
    () => Array<number>(size(random, 100_000)).fill(random.below(300)),
    () => Array<string>(size(random, 10_001)).fill(random.pick([hex('big1'), '0x01', CHILD])),
    () => Array.from({ length: size(random, 10_001) }, (_, index) => hex(`${random.pick(['big', 'small'])}${index}`)),
    () => Array.from({ length: size(random, 4_097) }, (_, index) => index),
    () => random.pick<object>([{}, { hash: hashes[0] }, { extrinsic: '0x04' }, { toString: 1 }, { length: 5 }]),
  ];
  if (depth < 3 && random.chance(0.15)) return Array.from({ length: random.below(4) }, () => value(random, depth + 1));
  return random.pick(plain)();
}

const NAMES = [
  'key',
  'keys',
  'hash',
  'at',
  'block',
  'prefix',
  'count',
  'start_key',
  'childStorageKey',
  'bytes',
  'name',
];

function params(random: Random): unknown {
  if (random.chance(0.1)) return value(random);
  if (random.chance(0.2)) return Object.fromEntries(NAMES.map((name) => [name, value(random)]));
  return Array.from({ length: random.below(6) }, () => value(random));
}

function request(random: Random, id: unknown): object {
  const method = random.chance(0.02) ? value(random) : random.pick(names);
  return { jsonrpc: '2.0', id, method, params: params(random) };
}

/** Bytes that begin as HTTP or as a WebSocket, or as neither. */
function rubbish(random: Random): Buffer {
  const noise = (length: number): string =>
    Buffer.from(Array.from({ length }, () => random.below(256))).toString('latin1');
  const header = (): string =>
    `${random.pick(['Host', 'Origin', 'Content-Type', 'Content-Length', 'Upgrade', 'Sec-WebSocket-Origin', noise(5)])}: ` +
    random.pick([
      'localhost',
      'http://localhost',
      'application/json',
      '-1',
      '99999999999',
      'websocket',
      noise(random.below(40)),
    ]);
  const method = random.pick(['GET', 'POST', 'OPTIONS', 'HEAD', 'CONNECT', 'PUT', noise(3)]);
  const path = random.pick([
    '/',
    '/health',
    '/health/readiness',
    '//',
    'http://evil.example/',
    '*',
    noise(random.below(20)),
  ]);
  const head = `${method} ${path} HTTP/1.${random.below(2)}\r\n`;
  const headers = Array.from({ length: random.below(8) }, () => `${header()}\r\n`).join('');
  const upgrade =
    'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
  const text = random.pick([
    () => `${head}${headers}\r\n${noise(random.below(200))}`,
    () => `GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}${headers}\r\n${noise(random.below(200))}`,
    () => noise(random.below(500)),
  ])();
  return Buffer.from(text, 'latin1');
}

describe('rubbish on the port', () => {
  test('ends no more than its own connection', async () => {
    const random = new Random(seedOf('rpc, rubbish'));
    for (let round = 0; round < RUBBISH_ROUNDS; round++) {
      await new Promise<void>((resolve) => {
        const socket = connect(served.server.port, '127.0.0.1', () => {
          socket.end(rubbish(random));
          setTimeout(() => socket.destroy(), 50);
        });
        socket
          .on('error', () => undefined)
          .on('data', () => undefined)
          .on('close', () => resolve());
      });
    }
    expect([escaped, served.faults]).toEqual([[], []]);
    expect((await served.client.call('system_name')).result).toBe('Test');
  });
});

describe('RPC requests, fuzzed by method and size', () => {
  test(
    `for ${TIME_MS / 1000} s each has a bounded answer, and none reaches an uncaught exception`,
    async () => {
      const random = new Random(seedOf('rpc'));
      const heapBefore = process.memoryUsage().heapUsed;
      const until = Date.now() + TIME_MS;
      let requests = 0;
      let answers = 0;
      let refused = 0;
      while (Date.now() < until) {
        const isBatch = random.chance(0.1);
        const length = isBatch ? random.pick([1, 2, 20, 255, 256, 257]) : 1;
        const one = request(random, requests);
        // A large batch repeats one request, so that its own size stays below that of a message.
        const repeated = isBatch && JSON.stringify(one).length < 20_000;
        const body = JSON.stringify(repeated ? Array(length).fill(one) : isBatch ? [one, request(random, 'b')] : one);
        requests++;
        const began = Date.now();
        if (random.bool()) {
          const [status, answer] = await post(served.server.port, body);
          expect([200, 413]).toContain(status);
          expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(ANSWER_BYTES_MAX);
          if (status === 200) answers++;
          if (JSON.stringify(answer).includes('"error"')) refused++;
        } else {
          served.client.messages.length = 0;
          served.client.socket.send(body);
          const answer = await served.client.until((message) => message.params === undefined);
          expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(ANSWER_BYTES_MAX);
          answers++;
          if ((answer as Answer).error !== undefined) refused++;
        }
        expect(Date.now() - began).toBeLessThan(ROUND_MS_MAX);
        expect(served.faults).toEqual([]);
        expect(escaped).toEqual([]);
      }
      expect((await served.client.call('system_name')).result).toBe('Test');
      console.log(`tests/fuzz/rpc: ${requests} requests, ${answers} answers, ${refused} of them errors`);
      // Both kinds of outcome occur, so that the run shows something.
      expect(answers).toBe(requests);
      expect(refused).toBeGreaterThan(0);
      expect(refused).toBeLessThan(requests);
      expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(HEAP_GROWTH_BYTES_MAX);
    },
    TIME_MS + 60_000,
  );
});
