// Calls that may take long are made in child processes, in turns between clients, each for a bounded time.
import { afterEach, describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { UnknownEntryPoint } from '../../../host/executor/index.js';
import { isShort, LongCalls, type LongCallsOptions } from '../../../host/rpc/long-calls.js';
import type { Client } from '../../../host/rpc/registry.js';
import { createRegistry } from '../../../host/rpc/index.js';
import { Params } from '../../../host/rpc/params.js';
import { isSteps } from '../../../host/rpc/turns.js';
import { fakeSpec } from '../node/fake-runtime.js';
import { openNode } from '../node/open-node.js';
import { localClient, serve, type Answer, type Served } from './client.js';

const job = new URL('./long-call-job.mjs', import.meta.url);

let calls: LongCalls | undefined;
let served: Served | undefined;
let log: string[] = [];
afterEach(async () => {
  await calls?.close();
  await served?.close();
  calls = served = undefined;
  log = [];
});

const open = (options: Partial<LongCallsOptions> = {}): LongCalls =>
  (calls = new LongCalls({ database: '', job, log: (...line) => log.push(line.join(' ')), ...options }));

const client = (connection: object | string, change: Partial<Client> = {}): Client =>
  localClient({ connection, ...change });

describe('a call that never ends kept the node from everything else', () => {
  test('it is stopped after its time, others are served meanwhile and after', async () => {
    served = await serve({}, {}, {}, open({ callMsMax: 1_500, size: 1 }));
    const call = (method: string, ...params: unknown[]): Promise<Answer> => served!.client.call(method, params);
    expect((await call('state_call', 'Test_echo', '0x0102')).result).toBe('0x0102');
    expect(log).toEqual(['2 test job 1']);
    const spinning = call('state_call', 'Test_spin', '0x');
    let isOver = false;
    void spinning.then(() => (isOver = true));
    expect((await call('system_name')).result).toBe('Test');
    expect(isOver).toBe(false);
    expect((await spinning).error).toEqual({
      code: 4003,
      message: 'Client error: Execution failed: Test_spin was stopped: it ran for more than 1.5 s on this node',
    });
    expect((await call('state_call', 'Test_echo', '0x03')).result).toBe('0x03');
  });

  test('also one with a large extrinsic, of which the fee is asked for; a small one is asked for in the node', () => {
    const info = 'TransactionPaymentApi_query_info';
    expect([isShort(info, new Uint8Array(4_096)), isShort(info, new Uint8Array(4_097))]).toEqual([true, false]);
    expect(isShort('Core_execute_block', new Uint8Array())).toBe(false);
  });
});

describe('the end of a call', () => {
  test.each([
    ['Test_none', new UnknownEntryPoint('Test_none').message],
    ['Test_throw', 'a bug'],
    ['Test_exit', 'Client error: Execution failed: Test_exit was stopped: the child ended with code 9'],
  ])('%s', async (method, message) => {
    const { node } = openNode();
    const made = open({ size: 1 }).call(node, client('a'), node.best().hash, method, new Uint8Array());
    await expect(made).rejects.toThrow(message);
  });

  test('a child that is about to end because of another call is no fault of the next one', async () => {
    const { node } = openNode();
    const make = (method: string): Promise<Uint8Array> =>
      calls!.call(node, client('a'), node.best().hash, method, utf8('x'));
    open({ size: 1 });
    await make('Test_echo');
    expect(toHex(await make('Test_exit_after_another'))).toBe(toHex(utf8('x')));
    expect(log.at(-1)).toBe('2 test job 1');
  });
});

describe('turns', () => {
  test('clients take turns; who has gone is not served; more than may wait are refused', async () => {
    const { node } = openNode();
    const long = open({ size: 1, waitingMax: 6 });
    const done: string[] = [];
    const make = (by: Client, name: string): Promise<void> =>
      long.call(node, by, node.best().hash, 'Test_echo', utf8(name)).then(
        () => void done.push(name),
        (error: Error) => void done.push(`${name}: ${error.message}`),
      );
    const [first, second] = [client({}), client({})];
    // Over HTTP, all connections of one address are one client.
    const posted = [1, 2].map(() => client('HTTP', { address: 'somewhere' }));
    const gone = client({}, { gone: true });
    const all = [
      make(first, 'first 1'), // runs
      make(first, 'first 2'),
      make(first, 'first 3'),
      make(second, 'second 1'),
      make(posted[0]!, 'posted 1'),
      make(posted[1]!, 'posted 2'),
      make(gone, 'gone'),
      make(second, 'second 2'),
    ];
    await Promise.all(all);
    expect(done).toEqual([
      'second 2: Too many long calls wait for their turn on this node; try Test_echo again later',
      'first 1',
      'first 2',
      'second 1',
      'posted 1',
      'gone: The client has gone',
      'first 3',
      'posted 2',
    ]);
  });

  test('a connection has four calls under way, and its next tasks wait for one of them', async () => {
    const ends: (() => void)[] = [];
    const away = (_params: unknown, by: Client): Promise<null> => {
      const back = by.away();
      return new Promise((resolve) =>
        ends.push(() => {
          back();
          resolve(null);
        }),
      );
    };
    served = await serve({}, {}, { methods: { test_away: away } });
    const batch = Array.from({ length: 6 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'test_away', params: [] }));
    const answered = served.client.send(JSON.stringify(batch));
    const other = await serve({});
    const begun = async (count: number): Promise<void> => {
      while (ends.length < count) await other.client.call('system_name');
      for (let times = 0; times < 4; times++) await other.client.call('system_name');
      expect(ends.length).toBe(count);
    };
    await begun(4);
    ends[2]!();
    await begun(5);
    ends[0]!();
    await begun(6);
    for (const index of [1, 3, 4, 5]) ends[index]!();
    expect(await answered).toHaveLength(6);
    await other.close();
  });
});

describe('a wide read proof kept the node from everything else', () => {
  test('it is made in steps of 16 keys, and has every item of it once', () => {
    const keys = Array.from({ length: 100 }, (_, index) => utf8(`key ${index}`));
    const top = Object.fromEntries(keys.map((key, index) => [toHex(key), toHex(new Uint8Array(40).fill(index >> 1))]));
    const genesis = { raw: { top: { [toHex(utf8(':code'))]: '0x01', ...top }, childrenDefault: {} } };
    const { node } = openNode({ spec: fakeSpec({ genesis }) });
    const registry = createRegistry(node, { name: 'Test', version: '1' });
    const proof = registry.methods.get('state_getReadProof')!(new Params([keys.map(toHex)]), localClient());
    if (!isSteps<Answer>(proof)) throw new Error('not in steps');
    let pauses = 0;
    for (;;) {
      const { done, value } = proof.next();
      if (done === true) {
        const whole = node.stateAt(node.best().hash).proof(keys).map(toHex);
        expect((JSON.parse(JSON.stringify(value)) as { proof: string[] }).proof).toEqual(whole);
        break;
      }
      pauses += 1;
    }
    // 100 keys: seven parts.
    expect(pauses).toBe(6);
  });
});
