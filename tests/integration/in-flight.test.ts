// Many transactions in flight over a slow connection, by an unmodified @polkadot/api. Finality comes with the block here;
// a client that is told of it too early drops what it fetches for `InBlock`, and its user never hears of that.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, devAccount } from '../../host/cli/demo/client.js';
import { startDevNode, type DevNode } from './dev-node.js';
import { slowLink } from './slow-link.js';

const IN_FLIGHT = 300;
const SENDERS = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie'];

let node: DevNode;
beforeAll(async () => {
  node = await startDevNode();
});
afterAll(() => node.stop());

test.each([2, 100])(
  `InBlock was lost where a client takes long to follow: ${IN_FLIGHT} transactions in flight, a delay of %d ms`,
  async (delayMs) => {
    const link = await slowLink(node.port, delayMs);
    const api = await connect(`ws://127.0.0.1:${link.port}`);
    const accounts = SENDERS.map(devAccount);
    const nonces = await Promise.all(
      accounts.map(async ({ address }) => (await api.rpc.system.accountNextIndex(address)).toNumber()),
    );
    const signed = await Promise.all(
      Array.from({ length: IN_FLIGHT }, (_, index) => {
        const sender = index % accounts.length;
        const { address } = accounts[(sender + 1) % accounts.length]!;
        const transfer = api.tx.balances!.transferKeepAlive!(address, 1_000_000_000n + BigInt(index));
        return transfer.signAsync(accounts[sender]!, { nonce: nonces[sender]!++, era: 0 });
      }),
    );
    const heard: string[][] = await Promise.all(
      signed.map(
        (transfer) =>
          new Promise<string[]>((resolve, reject) => {
            const statuses: string[] = [];
            transfer
              .send(({ status }) => {
                statuses.push(status.type);
                if (status.isFinalized) resolve(statuses);
              })
              .catch(reject);
          }),
      ),
    );
    await api.disconnect();
    link.close();
    expect(heard).toEqual(Array.from({ length: IN_FLIGHT }, () => ['Ready', 'InBlock', 'Finalized']));
  },
);
