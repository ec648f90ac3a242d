// An unmodified @polkadot/api with the real runtime: it connects, queries, subscribes, estimates fees, submits,
// watches, and receives the errors of invalid transactions. The author's own blocks are executed again before they are
// written.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { AccountInfo } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { fileURLToPath } from 'node:url';
import { fromHex, toHex } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Node, readChainSpec } from '../../../host/node/index.js';
import { createRegistry, startServer, type RpcServer } from '../../../host/rpc/index.js';
import { verifyProof } from '../../../host/trie/index.js';
import { eventually } from '../../eventually.js';

const UNIT = 1_000_000_000_000n;
const keyring = new Keyring({ type: 'sr25519' });
const [alice, bob] = ['//Alice', '//Bob'].map((uri) => keyring.addFromUri(uri)) as [
  ReturnType<Keyring['addFromUri']>,
  ReturnType<Keyring['addFromUri']>,
];

let node: Node;
let server: RpcServer;
let api: ApiPromise;
const faults: string[] = [];

beforeAll(async () => {
  // Without a bound on time, so that what a block holds does not depend on the machine.
  node = Node.open({
    spec: readChainSpec(fileURLToPath(new URL('../../../chain-spec/dev.json', import.meta.url))),
    database: new MemoryDatabase(),
    executeOwnBlocks: true,
    authorLimits: { buildMsMax: Infinity },
  });
  server = await startServer(createRegistry(node, { name: 'Test', version: '0' }), {
    port: 0,
    onFault: (method, error) => faults.push(`${method}: ${String(error)}`),
  });
  api = await ApiPromise.create({ provider: new WsProvider(server.url), noInitWarn: true });
});
afterAll(async () => {
  await api?.disconnect();
  await server?.close();
  await node?.close();
  expect(faults).toEqual([]);
});

const account = async (address: string): Promise<AccountInfo> =>
  (await api.query.system!.account!(address)) as AccountInfo;
const transfer = (amount: bigint): SubmittableExtrinsic<'promise'> =>
  api.tx.balances!.transferKeepAlive!(bob.address, amount);

/** Every status of a transaction until it is final. */
function follow(
  tx: SubmittableExtrinsic<'promise'>,
  options = {},
): Promise<{ statuses: string[]; events: string[]; hash: string }> {
  return new Promise((resolve, reject) => {
    const statuses: string[] = [];
    tx.signAndSend(alice, options, ({ status, events }) => {
      statuses.push(status.type);
      if (status.isFinalized)
        resolve({
          statuses,
          events: events.map(({ event }) => `${event.section}.${event.method}`),
          hash: status.asFinalized.toHex(),
        });
    }).catch(reject);
  });
}

describe('@polkadot/api', () => {
  test('connects and knows the chain', async () => {
    expect(api.genesisHash.toHex()).toBe(toHex(node.genesisHash));
    expect(api.runtimeVersion.specName.toString()).toBe('corejam');
    expect((await api.rpc.system.chain()).toString()).toBe('CoreJam Development');
    expect((await api.rpc.system.health()).peers.toNumber()).toBe(0);
    expect(api.registry.chainTokens).toEqual(['UNIT']);
  });

  test('estimates a fee, submits, receives every status, and pays the estimated fee', async () => {
    const before = await account(alice.address);
    const bobBefore = await account(bob.address);
    const tx = transfer(5n * UNIT);
    const { partialFee } = await tx.paymentInfo(alice);
    const { statuses, events, hash } = await follow(tx);
    // On a busy machine the client may receive the last status before it has fetched the block of the previous one.
    expect(statuses.filter((status) => status !== 'InBlock')).toEqual(['Ready', 'Finalized']);
    expect(events).toContain('balances.Transfer');
    expect(events.at(-1)).toBe('system.ExtrinsicSuccess');
    const after = await account(alice.address);
    expect(after.nonce.toNumber()).toBe(before.nonce.toNumber() + 1);
    expect(before.data.free.toBigInt() - after.data.free.toBigInt()).toBe(5n * UNIT + partialFee.toBigInt());
    expect((await account(bob.address)).data.free.toBigInt() - bobBefore.data.free.toBigInt()).toBe(5n * UNIT);
    const { block } = await api.rpc.chain.getBlock(hash);
    expect(block.extrinsics.map(({ method }) => `${method.section}.${method.method}`)).toEqual([
      'timestamp.set',
      'balances.transferKeepAlive',
    ]);
    expect(block.header.hash.toHex()).toBe(hash);
  });

  test('a wallet shows what is held as reserved, with its reason', async () => {
    const hash = `0x${'4e'.repeat(32)}`;
    await follow(api.tx.storage!.requestUntrusted!(hash, 1_000));
    const all = await api.derive.balances.all(alice.address);
    const [held] = (await api.query.balances!.holds!(alice.address)) as unknown as { id: Codec; amount: Codec }[];
    expect(held!.id.toJSON()).toEqual({ storage: 'Request' });
    expect(all.reservedBalance.toString()).toBe(held!.amount.toString());
    expect(all.reservedBalance.isZero()).toBe(false);
    expect([all.lockedBalance.toString(), all.lockedBreakdown.length]).toEqual(['0', 0]);
    expect(all.availableBalance.toBigInt()).toBe(all.freeBalance.toBigInt());
    for (const item of ['locks', 'reserves', 'freezes'])
      expect((await api.query.balances![item]!(alice.address)).toJSON()).toEqual([]);
  });

  test('payment_queryInfo and queryFeeDetails agree with each other', async () => {
    const tx = await transfer(UNIT).signAsync(alice);
    // This client's typed method expects the one number that nodes before 2023 returned, so the answer is read as it is.
    const info = (await api.rpc.payment.queryInfo.raw(tx.toHex())) as {
      weight: { ref_time: number; proof_size: number };
      class: string;
      partialFee: string;
    };
    const { baseFee, lenFee, adjustedWeightFee } = (
      await api.rpc.payment.queryFeeDetails(tx.toHex())
    ).inclusionFee.unwrap();
    expect(baseFee.toBigInt() + lenFee.toBigInt() + adjustedWeightFee.toBigInt()).toBe(BigInt(info.partialFee));
    const { weight } = (await transfer(UNIT).paymentInfo(alice)).toJSON() as {
      weight: { refTime: number; proofSize: number };
    };
    expect(info.weight).toEqual({ ref_time: weight.refTime, proof_size: weight.proofSize });
    expect([info.class, info.weight.ref_time > 0]).toEqual(['normal', true]);
  });

  test('arguments as an empty string, which polkadot-api sends first of all, are no arguments', async () => {
    const provider = new WsProvider(server.url);
    await provider.isReady;
    const versions = ['', '0x', []].map((args) => provider.send('state_call', ['Metadata_metadata_versions', args]));
    const [first, ...others] = (await Promise.all(versions)) as string[];
    expect(first).toMatch(/^0x(?:[0-9a-f]{2})+$/);
    expect(others).toEqual([first, first]);
    await provider.disconnect();
  });

  test('subscriptions send heads and changed storage', async () => {
    const heads: number[] = [];
    const nonces: number[] = [];
    const unsubscribeHeads = await api.rpc.chain.subscribeFinalizedHeads(
      ({ number }) => void heads.push(number.toNumber()),
    );
    const unsubscribe = await api.query.system!.account!(
      alice.address,
      ((info: AccountInfo) => void nonces.push(info.nonce.toNumber())) as never,
    );
    const start = node.best().number;
    await follow(transfer(1n));
    await follow(transfer(1n));
    expect(heads).toEqual([start, start + 1, start + 2]);
    expect(nonces).toHaveLength(3);
    expect(nonces[2]).toBe(nonces[0]! + 2);
    unsubscribeHeads();
    (unsubscribe as unknown as () => void)();
  });

  test('a read proof leads from the state root to the value', async () => {
    const key = api.query.system!.account!.key(bob.address);
    const { at, proof } = await api.rpc.state.getReadProof([key]);
    const header = await api.rpc.chain.getHeader(at);
    const proven = verifyProof(
      header.stateRoot.toU8a(),
      proof.map((item) => item.toU8a(true)),
      fromHex(key),
    );
    expect(toHex(proven!)).toBe((await account(bob.address)).toHex());
  });

  test('mortal and immortal transactions, several from one account at once', async () => {
    const start = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const done = await Promise.all(
      [2, 0, 1].map((offset) => follow(transfer(1n), { nonce: start + offset, era: offset === 0 ? 0 : 64 })),
    );
    expect(done[0]!.statuses[0]).toBe('Future');
    expect((await api.rpc.system.accountNextIndex(alice.address)).toNumber()).toBe(start + 3);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a nonce used already',
      () => transfer(1n).signAndSend(alice, { nonce: 0 }),
      '1010: Invalid Transaction: Transaction is outdated',
    ],
    [
      'an account without money',
      () => transfer(1n).signAndSend(keyring.addFromUri('//Nobody')),
      '1010: Invalid Transaction: Inability to pay some fees',
    ],
    [
      'another genesis',
      () => transfer(1n).signAndSend(alice, { genesisHash: `0x${'11'.repeat(32)}` } as never),
      '1010: Invalid Transaction: Transaction has a bad signature',
    ],
    [
      'trailing bytes',
      async () => send(`${(await transfer(1n).signAsync(alice)).toHex()}00`),
      '1040: Client error: the bytes are no extrinsic',
    ],
    ['an unknown call', () => send('0x10840102ff'), '1010: Invalid Transaction: Transaction call is not expected'],
    [
      'an inherent',
      async () => send((await api.rpc.chain.getBlock()).block.extrinsics[0]!.toHex()),
      '1010: Invalid Transaction: Transaction dispatch is mandatory',
    ],
  ])("%s is refused with Substrate's message", async (_name, submit, sentence) => {
    const before = node.best().number;
    await expect(submit()).rejects.toThrow(sentence);
    expect([node.pool.readyCount, node.best().number]).toEqual([0, before]);
  });

  test('transactions that exceed a block go into the next one', async () => {
    const start = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const first = node.best().number + 1;
    const remarks = await Promise.all(
      [0, 1, 2, 3, 4].map((offset) =>
        api.tx.system!.remark!(toHex(new Uint8Array(1 << 20).fill(offset))).signAsync(alice, { nonce: start + offset }),
      ),
    );
    // In one turn, so that all are there when the first block is made.
    for (const tx of remarks) expect(node.pool.submit(tx.toU8a()).ok).toBe(true);
    await eventually(() => (node.pool.readyCount > 0 ? undefined : true));
    // 256 times a block with a remark of 1 MiB, which is 2 MiB as hex: refused at the eighth answer, above 15 MiB.
    const one = { jsonrpc: '2.0', id: 1, method: 'chain_getBlock', params: [toHex(node.blockHash(first)!)] };
    const refused = await fetch(server.url.replace('ws', 'http'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array(256).fill(one)),
    });
    expect(await refused.json()).toMatchObject({ id: null, error: { code: -32011 } });
    const sizes = [first, first + 1].map((number) => node.body(node.blockHash(number)!)!.length - 1);
    // Normal transactions have three quarters of 5 MiB, so three of these fit and two are left.
    expect(sizes).toEqual([3, 2]);
    expect(node.best().number).toBe(first + 1);
  });

  test('one too large for any block is refused at once', async () => {
    const remark = await api.tx.system!.remark!(toHex(new Uint8Array(5 << 20))).signAsync(alice);
    await expect(send(remark.toHex())).rejects.toThrow(
      '1010: Invalid Transaction: Transaction would exhaust the block limits',
    );
  });

  test('a call that fails is included, its fee is paid, and its error is an event', async () => {
    const { events } = await follow(transfer(10n ** 30n));
    expect(events).toContain('system.ExtrinsicFailed');
    expect(events).toContain('transactionPayment.TransactionFeePaid');
  });
});

const send = (hex: string): Promise<unknown> =>
  (api as unknown as { _rpcCore: { provider: WsProvider } })._rpcCore.provider.send('author_submitExtrinsic', [hex]);
