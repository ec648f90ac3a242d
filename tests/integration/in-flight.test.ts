// Many transactions in flight over a slow connection, by an unmodified @polkadot/api. Finality comes with the block here;
// a client that is told of it too early drops what it fetches for `InBlock`, and its user never hears of that.
import type { ApiPromise } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import { afterEach, describe, expect, test } from '@jest/globals';
import { toHex } from '../../host/bytes/index.js';
import { connect, devAccount } from '../../host/cli/demo/client.js';
import { startDevNode, type DevNode } from './dev-node.js';
import { compileNextRuntime } from './next-runtime.js';
import { slowLink } from './slow-link.js';

const IN_FLIGHT = 300;
const SENDERS = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie'];
const WHOLE = ['Ready', 'InBlock', 'Finalized'];

type Transaction = SubmittableExtrinsic<'promise'>;

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A node, and a client over a connection with this delay in each direction. */
async function nodeAndClient(delayMs: number, ...flags: string[]): Promise<{ node: DevNode; api: ApiPromise }> {
  const node = await startDevNode(...flags);
  ending.push(() => node.stop());
  const link = await slowLink(node.port, delayMs);
  ending.push(() => link.close());
  const api = await connect(`ws://127.0.0.1:${link.port}`);
  ending.push(() => api.disconnect());
  return { node, api };
}

/** Signed transfers of all accounts in turn, from the nonces on that `nonces` has, which are counted up. */
async function transfers(api: ApiPromise, count: number, nonces: number[]): Promise<Transaction[]> {
  const accounts = SENDERS.map(devAccount);
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const sender = index % accounts.length;
      const { address } = accounts[(sender + 1) % accounts.length]!;
      const transfer = api.tx.balances!.transferKeepAlive!(address, 1_000_000_000n + BigInt(index));
      return transfer.signAsync(accounts[sender]!, { nonce: nonces[sender]!++, era: 0 });
    }),
  );
}

/** What the user of a transaction hears, up to `Finalized` and afterwards. */
class Heard {
  readonly statuses: string[] = [];
  readonly finalized: Promise<void>;
  readonly ready: Promise<void>;

  constructor(transaction: Transaction, onStatus: (status: string) => void = () => undefined) {
    let isReady = (): void => undefined;
    this.ready = new Promise((resolve) => (isReady = resolve));
    this.finalized = new Promise((resolve, reject) => {
      transaction
        .send(({ status }) => {
          this.statuses.push(status.type);
          onStatus(status.type);
          isReady();
          if (status.isFinalized) resolve();
        })
        .catch(reject);
    });
  }
}

const all = async (heard: readonly Heard[], what: 'ready' | 'finalized'): Promise<void> =>
  void (await Promise.all(heard.map((one) => one[what])));

/** Makes a block on request, over a connection of its own. */
async function createBlock({ port }: DevNode): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'engine_createBlock', params: [true, true] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body });
  expect(await answer.json()).toMatchObject({ result: { hash: expect.any(String) } });
}

describe('InBlock was lost where a client takes long to follow', () => {
  test.each([2, 100])(`${IN_FLIGHT} transactions in flight, a delay of %d ms`, async (delayMs) => {
    const { api } = await nodeAndClient(delayMs);
    const signed = await transfers(api, IN_FLIGHT, [0, 0, 0, 0, 0, 0]);
    const heard = signed.map((transaction) => new Heard(transaction));
    await all(heard, 'finalized');
    expect(heard.map(({ statuses }) => statuses)).toEqual(heard.map(() => WHOLE));
  });

  test('a client that is busy for longer than the 5 s that a silent one is waited for', async () => {
    const { api } = await nodeAndClient(2);
    // A first transaction, by which the node knows that this client sends pongs.
    const nonces = [0, 0, 0, 0, 0, 0];
    const [first, ...others] = await transfers(api, 13, nonces);
    await new Heard(first!).finalized;
    let isBusy = false;
    const heard = others.map(
      (transaction) =>
        new Heard(transaction, (status) => {
          if (status !== 'Ready' || isBusy) return;
          isBusy = true;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6_500);
        }),
    );
    await all(heard, 'finalized');
    expect(heard.map(({ statuses }) => statuses)).toEqual(heard.map(() => WHOLE));
  });

  test.each([2, 100])(
    `${IN_FLIGHT} transactions in flight over a runtime upgrade, a delay of %d ms`,
    async (delayMs) => {
      const code = toHex(await compileNextRuntime());
      const { node, api } = await nodeAndClient(delayMs, '--sealing', 'manual');
      const { specVersion } = api.runtimeVersion;
      const nonces = [0, 0, 0, 0, 0, 0];
      const before = await transfers(api, IN_FLIGHT / 3, nonces);
      const setCode = api.tx.sudo!.sudo!(api.tx.system!.setCode!(code));
      const upgrade = await setCode.signAsync(devAccount('//Alice'), { nonce: nonces[0]!++, era: 0 });
      // Of the block with the upgrade: a transaction that is signed for a version is not valid for the next one.
      const others = await transfers(api, (IN_FLIGHT * 2) / 3, nonces);

      const heard = before.map((transaction) => new Heard(transaction));
      await all(heard, 'ready');
      await createBlock(node);
      heard.push(...[upgrade, ...others].map((transaction) => new Heard(transaction)));
      await all(heard, 'ready');
      for (let block = 0; block < 3; block++) await createBlock(node);
      await all(heard, 'finalized');
      expect(heard.map(({ statuses }) => statuses)).toEqual(heard.map(() => WHOLE));
      const after = await api.rpc.state.getRuntimeVersion();
      expect(after.specVersion.toNumber()).toBe(specVersion.toNumber() + 1);
    },
  );
});
