// A call in a child process has the answer that it has in the node, to the letter, whatever it is and however it ends.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { Runtime } from '../../host/executor/index.js';
import { decodeHeader, devKey, encodeHeader } from '../../host/node/index.js';
import { Connection, createRegistry, DEFAULT_CONNECTION_LIMITS, LongCalls } from '../../host/rpc/index.js';
import { Random, seedOf } from '../random.js';
import { bundle } from '../unit/bundle.js';
import { localClient } from '../unit/rpc/client.js';
import { startChain, type TestChain } from './chain.js';

let chain: TestChain;
let calls: LongCalls;
let base = '';
const faults: string[] = [];

beforeAll(async () => {
  const job = bundle('host/rpc/long-call-job.ts', 'long-call-job');
  base = mkdtempSync(join(tmpdir(), 'corejam-long-calls-'));
  chain = await startChain({}, base);
  calls = new LongCalls({ database: join(base, 'corejam', 'db'), job });
  for (let block = 0; block < 3; block++) chain.send('system', 'remarkWithEvent', [toHex(utf8('a remark'))]);
});

afterAll(async () => {
  await calls.close();
  await chain.close();
  rmSync(base, { recursive: true, force: true });
});

/** The answer to a `state_call`, as text. */
function ask(
  longCalls: LongCalls | undefined,
  params: unknown[],
  answerBytesMax: number,
  method = 'state_call',
): Promise<string> {
  const registry = createRegistry(chain.node, { name: 'Test', version: '1' }, {}, longCalls);
  const limits = { ...DEFAULT_CONNECTION_LIMITS, answerBytesMax };
  const connection = new Connection(registry, limits, (method, error) => faults.push(`${method}: ${String(error)}`));
  const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  return new Promise((resolve) => connection.handle(request, (text) => resolve(String(text))));
}

async function compare(params: unknown[], answerBytesMax = DEFAULT_CONNECTION_LIMITS.answerBytesMax): Promise<string> {
  const here = await ask(undefined, params, answerBytesMax);
  expect([params, await ask(calls, params, answerBytesMax)]).toEqual([params, here]);
  return here;
}

const hashAt = (number: number): string => toHex(chain.node.blockHash(number)!);

describe('in a child and in the node', () => {
  test('every entry point, with no arguments, with rubbish, and with a block, after each block', async () => {
    const random = new Random(seedOf('long calls'));
    const { entryPoints } = Runtime.load(chain.node.stateAt(chain.node.best().hash).get(utf8(':code'))!);
    expect(entryPoints.length).toBeGreaterThan(30);
    const ends = { result: 0, error: 0 };
    for (const method of entryPoints) {
      const last = chain.node.block(chain.node.best().hash)!;
      for (const args of [new Uint8Array(), random.bytes(1 + random.below(200)), encodeHeader(last.header)]) {
        const at = random.below(4) === 0 ? [] : [hashAt(random.below(4))];
        const answer = JSON.parse(await compare([method, toHex(args), ...at])) as object;
        ends['result' in answer ? 'result' : 'error'] += 1;
      }
    }
    expect(ends.result).toBeGreaterThan(20);
    expect(ends.error).toBeGreaterThan(20);
  });

  test('a block of the chain is executed, and traps after another than its parent', async () => {
    const { hash, header } = chain.node.block(chain.node.best().hash)!;
    const body = chain.node.body(hash)!;
    // As the block was before it was sealed.
    const unsealed = { ...header, digest: header.digest.filter(({ kind }) => kind !== 'seal') };
    expect(unsealed.digest.length).toBe(header.digest.length - 1);
    expect(decodeHeader(encodeHeader(unsealed)).number).toBe(header.number);
    const block = toHex(concat(encodeHeader(unsealed), new Writer(4).compact(body.length).finish(), ...body));
    expect(await compare(['Core_execute_block', block, toHex(header.parentHash)])).toContain('"result":"0x"');
    expect(await compare(['Core_execute_block', block])).toContain('Core_execute_block trapped: ');
  });

  test('names that are none, blocks that are none, and answers at their bound', async () => {
    expect(await compare(['No_such', '0x'])).toContain('the runtime has no entry point No_such');
    expect(await compare(['no name', '0x'])).toContain('is no name of a runtime entry point');
    expect(await compare(['GenesisBuilder_preset_names', '0x', toHex(new Uint8Array(32))])).toContain('UnknownBlock');
    // Some("development"): a preset of more than 64 bytes.
    const preset = ['GenesisBuilder_get_preset', toHex(concat(Uint8Array.of(1, 11 << 2), utf8('development')))];
    const whole = await compare(preset);
    expect(await compare(preset, whole.length)).toBe(whole);
    expect(await compare(preset, whole.length - 1)).toContain('Response is too big');
    expect(await compare(preset, 64)).toContain('Response is too big');
  });

  test('what a transaction of 5,000 bytes costs, and one that can not be decoded', async () => {
    // A bare extrinsic of version 4 with System.remark, of 5,000 bytes.
    const whole = (call: Uint8Array): string => toHex(new Writer(16).bytes(concat(Uint8Array.of(4), call)).finish());
    const remark = whole(concat(Uint8Array.of(0, 0), new Writer(16).bytes(new Uint8Array(5_000)).finish()));
    const rubbish = whole(new Uint8Array(5_000).fill(0xff));
    const max = DEFAULT_CONNECTION_LIMITS.answerBytesMax;
    for (const method of ['payment_queryInfo', 'payment_queryFeeDetails']) {
      for (const [extrinsic, end] of [
        [remark, 'result'],
        [rubbish, 'error'],
      ] as const) {
        const here = await ask(undefined, [extrinsic], max, method);
        expect(JSON.parse(here)).toHaveProperty(end);
        expect(await ask(calls, [extrinsic], max, method)).toBe(here);
      }
    }
  });

  test('a state is read as it is after the newest block, as soon as that is told', async () => {
    const { publicKey } = devKey('Alice');
    // Three remarks before; after each block, one more.
    for (let nonce = 4; nonce < 9; nonce++) {
      chain.send('system', 'remark', ['0x']);
      const at = chain.node.best().hash;
      const output = await calls.call(chain.node, localClient(), at, 'AccountNonceApi_account_nonce', publicKey);
      expect([...output]).toEqual([nonce, 0, 0, 0]);
    }
    expect(faults).toEqual([]);
  });
});
