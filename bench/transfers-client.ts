// The client of the transfers scenario, in its own process: signs everything, and submits on a signal of its parent.
//
//   node transfers-client.js URL COUNT    prints `ready`, waits for a line on standard input, prints { ms, blocks }
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { once } from 'node:events';
import { Rpc } from './process.js';

const [url, countText] = process.argv.slice(2) as [string, string];
const count = Number(countText);
const SENDERS = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie'];

/**
 * `count` transfers of one thousandth of a unit to fresh-looking accounts that exist already: the dev accounts
 * themselves.
 */
async function sign(): Promise<string[]> {
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  const keyring = new Keyring({ type: 'sr25519' });
  const pairs = SENDERS.map((seed) => keyring.addFromUri(seed));
  const nonces = await Promise.all(
    pairs.map(async ({ address }) => (await api.rpc.system.accountNextIndex(address)).toNumber()),
  );
  const signed: string[] = [];
  for (let index = 0; index < count; index++) {
    const sender = index % pairs.length;
    const transfer = api.tx.balances!.transferKeepAlive!(
      pairs[(sender + 1) % pairs.length]!.address,
      1_000_000_000n + BigInt(index),
    );
    signed.push((await transfer.signAsync(pairs[sender]!, { nonce: nonces[sender]!++, era: 0 })).toHex());
  }
  await api.disconnect();
  return signed;
}

/** The most transfers that wait for a block at a time: less than the pool takes. */
const WAITING_MAX = 6_000;

/** Submits all and watches the chain until every one of them is in a block. */
async function submitAll(rpc: Rpc, transfers: string[]): Promise<number> {
  const waiting = new Set(transfers);
  let blocks = 0;
  let sent = 0;
  await new Promise<void>((resolve, reject) => {
    rpc.onNotification((header) => {
      const hash = rpc.call<string>('chain_getBlockHash', [Number((header as { number: string }).number)]);
      hash
        .then((at) => rpc.call<{ block: { extrinsics: string[] } }>('chain_getBlock', [at]))
        .then(({ block }) => {
          let found = 0;
          for (const extrinsic of block.extrinsics) if (waiting.delete(extrinsic)) found++;
          if (found > 0) blocks++;
          if (waiting.size === 0) resolve();
          submitMore();
        })
        .catch(reject);
    });
    const submitMore = (): void => {
      const included = transfers.length - waiting.size;
      for (; sent < transfers.length && sent - included < WAITING_MAX; sent++) {
        rpc.call('author_submitExtrinsic', [transfers[sent]!]).catch(reject);
      }
    };
    submitMore();
  });
  return blocks;
}

const transfers = await sign();
const rpc = await Rpc.connect(url);
await rpc.call('chain_subscribeNewHeads');
console.log('ready');
await once(process.stdin, 'data');
const started = performance.now();
const blocks = await submitAll(rpc, transfers);
console.log(JSON.stringify({ ms: performance.now() - started, blocks }));
process.exit(0);
