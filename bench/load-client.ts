// The clients of the load scenarios, in a process of their own.
//
//   node load-client.js URL LOAD    prints `loaded` once the load is on the node, and goes on until it is killed
import { Keyring, ApiPromise, WsProvider } from '@polkadot/api';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Rpc } from './process.js';

const [url, load] = process.argv.slice(2) as [string, string];
const MIB = 2 ** 20;
const IN_FLIGHT = 256;
/** `:code`, of 240 KiB: half a MiB as hex. */
const CODE_KEY = '0x3a636f6465';

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 64 * MIB });
  await new Promise((resolve) => socket.once('open', resolve).once('error', resolve));
  return socket.on('error', () => undefined);
}

const request = (method: string, params: unknown[]): object => ({ jsonrpc: '2.0', id: 1, method, params });

/** Sends `text` over `count` connections, on each again when it is answered, and connects again where it is ended. */
async function again(count: number, text: string): Promise<void> {
  for (let index = 0; index < count; index++) {
    const begin = async (): Promise<void> => {
      const socket = await open();
      socket.on('message', () => socket.send(text));
      socket.once('close', () => void sleep(100).then(begin));
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    };
    await begin();
  }
}

/** Signed transfers between the development accounts, as hex. */
async function signedTransfers(api: ApiPromise, count: number): Promise<string[]> {
  const keyring = new Keyring({ type: 'sr25519' });
  const pairs = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve', '//Ferdie'].map((seed) =>
    keyring.addFromUri(seed),
  );
  const signed: string[] = [];
  for (let index = 0; index < count; index++) {
    const pair = pairs[index % pairs.length]!;
    const transfer = api.tx.balances!.transferKeepAlive!(pairs[(index + 1) % pairs.length]!.address, 1_000_000_000n);
    const options = { nonce: Math.floor(index / pairs.length), era: 0 };
    signed.push((await transfer.signAsync(pair, options)).toHex());
  }
  return signed;
}

const connectApi = (): Promise<ApiPromise> => ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });

async function transfers(): Promise<void> {
  const signed = await signedTransfers(await connectApi(), 8_192);
  const rpc = await Rpc.connect(url);
  let next = 0;
  const submit = (): void => {
    if (next < signed.length)
      void rpc
        .call('author_submitExtrinsic', [signed[next++]])
        .catch(() => undefined)
        .then(submit);
  };
  for (let index = 0; index < IN_FLIGHT; index++) submit();
}

/** Executes the block with the most of a thousand transfers again and again. */
async function heavyCalls(): Promise<void> {
  const api = await connectApi();
  const rpc = await Rpc.connect(url);
  await Promise.all(
    (await signedTransfers(api, 1_000)).map((transfer) => rpc.call('author_submitExtrinsic', [transfer])),
  );
  while ((await rpc.call<string[]>('author_pendingExtrinsics')).length > 0) await sleep(50);
  const best = (await api.rpc.chain.getHeader()).number.toNumber();
  let fullest = (await api.rpc.chain.getBlock()).block;
  for (let number = 1; number <= best; number++) {
    const { block } = await api.rpc.chain.getBlock(await api.rpc.chain.getBlockHash(number));
    if (block.extrinsics.length > fullest.extrinsics.length) fullest = block;
  }
  const { header, extrinsics } = fullest;
  const logs = header.digest.logs.filter((log) => !log.isSeal);
  const unsealed = api.createType('Block', {
    header: { ...(header.toJSON() as object), digest: { logs } },
    extrinsics: extrinsics.map((extrinsic) => extrinsic.toHex()),
  });
  const params = ['Core_execute_block', unsealed.toHex(), header.parentHash.toHex()];
  // Fails here if the block can't be executed again.
  await rpc.call('state_call', params);
  await again(16, JSON.stringify(Array(8).fill(request('state_call', params))));
}

const keys = Array.from({ length: 10_000 }, (_, index) => `0x${index.toString(16).padStart(64, '0')}`);

/** Each load of the issue that found them, by name. */
const LOADS: Record<string, () => Promise<void>> = {
  transfers,
  'deep JSON': () => again(4, '['.repeat(7 * MIB) + ']'.repeat(7 * MIB)),
  'wide JSON': () => again(4, `[${'{},'.repeat(4 * MIB)}1]`),
  'wide queries': () => again(16, JSON.stringify(Array(8).fill(request('state_queryStorageAt', [keys])))),
  'large answers': () => again(16, JSON.stringify(Array(24).fill(request('state_getStorage', [CODE_KEY])))),
  'heavy state_call': heavyCalls,
  subscriptions: async () => {
    for (let connection = 0; connection < 49; connection++) {
      const socket = await open();
      for (let batch = 0; batch < 8; batch++) {
        const answered = new Promise((resolve) => socket.once('message', resolve));
        socket.send(JSON.stringify(Array(256).fill(request('chain_subscribeNewHeads', []))));
        await answered;
      }
    }
    const rpc = await Rpc.connect(url);
    void (async () => {
      for (;;) {
        await rpc.call('engine_createBlock', [true, true]);
        await sleep(1_000);
      }
    })();
  },
  'unread answers': async () => {
    const batch = JSON.stringify(Array(24).fill(request('state_getStorage', [CODE_KEY])));
    for (let connection = 0; connection < 30; connection++) {
      const socket = await open();
      socket.pause();
      for (let times = 0; times < 20; times++) socket.send(batch);
    }
  },
  'unfinished messages': async () => {
    for (let connection = 0; connection < 100; connection++) (await open()).send(' '.repeat(14 * MIB), { fin: false });
  },
  'half-open requests': async () => {
    const { port } = new URL(url);
    for (let index = 0; index < 510; index++) {
      connect(Number(port), '127.0.0.1')
        .on('error', () => undefined)
        .write('POST / HTTP/1.1\r\n');
      if (index % 64 === 0) await sleep(10);
    }
  },
  'idle sockets': async () => {
    for (let index = 0; index < 254; index++) await open();
  },
};

await LOADS[load]!();
console.log('loaded');
