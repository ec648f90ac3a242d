// The namespaces with the fake runtime: results, and the codes and messages of errors.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { blake2_256, err, toHex, utf8 } from '../../../host/bytes/index.js';
import type { PoolRefusal } from '../../../host/node/index.js';
import { accountOf } from '../../../host/rpc/ss58.js';
import { DiskFull, FailingDatabase } from '../db/failing-database.js';
import { extrinsic, KIND } from '../node/fake-runtime.js';
import { serve, type Answer, type Served } from './client.js';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const call = (method: string, ...params: unknown[]): Promise<Answer> => served.client.call(method, params);
const hex = (text: string): string => toHex(utf8(text));
const pay = (signer: number, nonce: number, argument = 1): string =>
  toHex(extrinsic(KIND.pay, signer, nonce, argument));
const UNKNOWN = `0x${'ab'.repeat(32)}`;

describe('author', () => {
  test('a submitted transaction is pending, listed, and included in a block', async () => {
    const bytes = extrinsic(KIND.pay, 1, 0);
    expect((await call('author_submitExtrinsic', toHex(bytes))).result).toBe(toHex(blake2_256(bytes)));
    expect((await call('author_pendingExtrinsics')).result).toEqual([toHex(bytes)]);
    const { result } = await call('engine_createBlock', false, true);
    const hash = (result as { hash: string }).hash;
    expect((await call('chain_getBlock', hash)).result).toMatchObject({
      block: { header: { number: '0x1' }, extrinsics: [toHex(extrinsic(KIND.timestamp)), toHex(bytes)] },
    });
    expect((await call('author_pendingExtrinsics')).result).toEqual([]);
  });

  test('a watched transaction sends each status up to the final one', async () => {
    const { result: id } = await call('author_submitAndWatchExtrinsic', pay(1, 1));
    await call('author_submitExtrinsic', pay(1, 0));
    const block = served.node.createBlock();
    await call('system_name');
    expect(served.client.results(id)).toEqual(['future', 'ready', { inBlock: toHex(block.hash) }]);
    served.clock.advance(250);
    await served.client.until(({ params }) => (params?.result as { finalized?: string })?.finalized !== undefined);
    expect(served.client.results(id).slice(3)).toEqual([{ finalized: toHex(block.hash) }]);
    expect((await call('author_unwatchExtrinsic', id)).result).toBe(false);
  });

  test.each([
    [
      'empty bytes',
      '0x',
      1040,
      'Client error: the bytes are no extrinsic: their length prefix does not match their length',
      undefined,
    ],
    [
      'trailing bytes',
      `${toHex(extrinsic(KIND.pay, 1, 0))}00`,
      1040,
      expect.stringMatching(/^Client error: .*length prefix/),
      undefined,
    ],
    [
      'undecodable',
      '0x0800aa',
      1002,
      expect.stringMatching(/^Verification Error: Runtime error: .*an extrinsic of the wrong size/),
      undefined,
    ],
    [
      'an inherent',
      toHex(extrinsic(KIND.timestamp)),
      1010,
      'Invalid Transaction',
      'Transaction dispatch is mandatory; transactions must not be validated.',
    ],
  ])('%s is refused', async (_name, bytes, code, message, data) => {
    expect((await call('author_submitExtrinsic', bytes)).error).toEqual({
      code,
      message,
      ...(data === undefined ? {} : { data }),
    });
  });

  test('stale, duplicate, banned, outbid: each has its code', async () => {
    await call('author_submitExtrinsic', pay(1, 0, 5));
    expect((await call('author_submitExtrinsic', pay(1, 0, 5))).error).toMatchObject({
      code: 1013,
      message: 'Transaction Already Imported',
    });
    expect((await call('author_submitExtrinsic', pay(1, 0, 4))).error).toMatchObject({
      code: 1014,
      message: 'Priority is too low: (5 vs 4)',
    });
    served.node.createBlock();
    expect((await call('author_submitExtrinsic', pay(1, 0, 9))).error).toEqual({
      code: 1010,
      message: 'Invalid Transaction',
      data: 'Transaction is outdated',
    });
    const bytes = pay(2, 0);
    const { result: hash } = await call('author_submitExtrinsic', bytes);
    expect((await call('author_removeExtrinsic', [{ hash }])).result).toEqual([hash]);
    expect((await call('author_submitExtrinsic', bytes)).error).toEqual({
      code: 1012,
      message: 'Transaction is temporarily banned',
    });
    expect((await call('author_removeExtrinsic', [{ extrinsic: bytes }])).result).toEqual([]);
  });

  // Codes, messages and data of polkadot-sdk, substrate/client/rpc-api/src/author/error.rs.
  test.each<[string, PoolRefusal, Answer['error']]>([
    ['a cycle', { kind: 'cycle' }, { code: 1015, message: 'Cycle Detected' }],
    [
      'a full pool',
      { kind: 'full' },
      {
        code: 1016,
        message: 'Immediately Dropped',
        data: "The transaction couldn't enter the pool because of the limit",
      },
    ],
    [
      'no tags',
      { kind: 'noTags' },
      {
        code: 1019,
        message: 'No tags provided',
        data: "Transaction does not provide any tags, so the pool can't identify it",
      },
    ],
    [
      'a low priority',
      { kind: 'tooLowPriority', old: 7n, new: 6n },
      {
        code: 1014,
        message: 'Priority is too low: (7 vs 6)',
        data: 'The transaction has too low priority to replace another transaction already in the pool.',
      },
    ],
    [
      'a ban',
      { kind: 'banned', reason: 'its hook traps' },
      { code: 1012, message: 'Transaction is temporarily banned', data: 'its hook traps' },
    ],
  ])("that the pool refuses, with %s, is Substrate's error", async (_name, refusal, error) => {
    const submit = jest.spyOn(served.node.pool, 'submit').mockReturnValue(err(refusal));
    expect((await call('author_submitExtrinsic', pay(1, 0))).error).toEqual(error);
    submit.mockRestore();
  });

  test('hasKey is true only for keys that the node has', async () => {
    const alice = toHex(accountOf('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'));
    expect(alice).toBe('0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
    expect((await call('author_hasKey', alice, 'aura')).result).toBe(true);
    expect((await call('author_hasKey', alice, 'gran')).result).toBe(false);
    expect((await call('author_hasKey', UNKNOWN, 'aura')).result).toBe(false);
    expect((await call('author_rotateKeys')).error).toMatchObject({ code: 1000 });
  });
});

describe('state and childstate', () => {
  test('values, hashes, sizes, keys and proofs, at any block', async () => {
    const genesis = toHex(served.node.genesisHash);
    const config = '{"greeting":"dev","extra":{"a":1}}';
    served.node.createBlock();
    expect((await call('state_getStorage', hex('config'))).result).toBe(hex(config));
    expect((await call('state_getStorage', hex('height'), genesis)).result).toBeNull();
    expect((await call('state_getStorage', hex('height'))).result).toBe('0x01000000');
    expect((await call('state_getStorageSize', hex('config'))).result).toBe(config.length);
    expect((await call('state_getStorageHash', hex('config'))).result).toBe(toHex(blake2_256(utf8(config))));
    expect((await call('state_getKeysPaged', hex('c'), 10)).result).toEqual([hex('config')]);
    expect((await call('state_getKeysPaged', '0x', 1, hex('config'))).result).toEqual([hex('height')]);
    expect((await call('state_queryStorageAt', [hex('height')], genesis)).result).toEqual([
      { block: genesis, changes: [[hex('height'), null]] },
    ]);
    expect((await call('state_getReadProof', [hex('config')])).result).toMatchObject({
      at: toHex(served.node.best().hash),
      proof: expect.any(Array),
    });
  });

  test('too many keys, an unknown block, a runtime that has no such entry point', async () => {
    expect((await call('state_getKeysPaged', '0x', 1001)).error).toEqual({
      code: 4002,
      message: 'count exceeds maximum value. value: 1001, max: 1000',
    });
    expect((await call('state_getStorage', '0x00', UNKNOWN)).error).toEqual({
      code: 4003,
      message: `Client error: UnknownBlock: this chain has no block ${UNKNOWN}`,
    });
    expect((await call('state_call', 'No_such', '0x')).error).toEqual({
      code: 4003,
      message: 'Client error: Execution failed: the runtime has no entry point No_such',
    });
    expect((await call('chain_getBlock', UNKNOWN)).result).toBeNull();
  });

  const KID = hex(':child_storage:default:kid');
  test.each([
    ['state_getStorage', '0x00'],
    ['state_getStorageHash', '0x00'],
    ['state_getStorageSize', '0x00'],
    ['state_getKeysPaged', '0x00', 1, null],
    ['state_getPairs', '0x00'],
    ['state_getKeys', '0x00'],
    ['state_queryStorageAt', []],
    ['state_queryStorage', []],
    ['state_getReadProof', []],
    ['state_getChildReadProof', KID, []],
    ['state_call', 'Core_version', '0x'],
    ['state_getMetadata'],
    ['state_getRuntimeVersion'],
    ['childstate_getKeys', KID, '0x'],
    ['childstate_getKeysPaged', KID, '0x', 1, null],
    ['childstate_getStorage', KID, '0x00'],
    ['childstate_getStorageEntries', KID, []],
    ['childstate_getStorageHash', KID, '0x00'],
    ['childstate_getStorageSize', KID, '0x00'],
    ['payment_queryInfo', '0x0400'],
    ['payment_queryFeeDetails', '0x0400'],
    ['system_dryRun', '0x0400'],
  ])('%s takes a block after its other parameters', async (method, ...params) => {
    expect((await call(method, ...params, UNKNOWN)).error).toEqual({
      code: 4003,
      message: `Client error: UnknownBlock: this chain has no block ${UNKNOWN}`,
    });
  });

  test('child tries by their prefixed key', async () => {
    const child = hex(':child_storage:default:kid');
    expect((await call('childstate_getStorage', child, hex('k'))).result).toBe(hex('v'));
    expect((await call('childstate_getStorage', hex(':child_storage:default:none'), hex('k'))).result).toBeNull();
    expect((await call('childstate_getKeysPaged', child, '0x', 10)).result).toEqual([hex('k')]);
    expect((await call('childstate_getKeys', child)).result).toEqual([hex('k')]);
    expect((await call('childstate_getStorageEntries', child, [hex('k'), hex('x')])).result).toEqual([hex('v'), null]);
    expect((await call('childstate_getStorageSize', child, hex('k'))).result).toBe(1);
    expect((await call('childstate_getStorageHash', child, hex('k'))).result).toBe(toHex(blake2_256(utf8('v'))));
    expect((await call('childstate_getKeys', hex('kid'))).error).toMatchObject({
      code: 4003,
      message: expect.stringMatching(/^Client error: Invalid child storage key/),
    });
  });

  test('storage subscriptions send the present value and each change', async () => {
    const { result: id } = await call('state_subscribeStorage', [hex('height'), hex('config')]);
    served.node.createBlock();
    await call('system_name');
    const best = toHex(served.node.best().hash);
    expect(served.client.results(id)).toEqual([
      {
        block: toHex(served.node.genesisHash),
        changes: [
          [hex('height'), null],
          [hex('config'), expect.any(String)],
        ],
      },
      { block: best, changes: [[hex('height'), '0x01000000']] },
    ]);
  });

  test('a block that changes none of the keys of a subscription sends no empty list of changes', async () => {
    const { result: id } = await call('state_subscribeStorage', [hex('config')]);
    served.node.createBlock();
    served.node.createBlock();
    await call('system_name');
    expect(served.client.results(id)).toEqual([
      { block: toHex(served.node.genesisHash), changes: [[hex('config'), expect.any(String)]] },
    ]);
  });

  test("metadata is the runtime's, also when it is cached", async () => {
    expect((await call('state_getMetadata')).result).toBe('0x010203');
    expect((await call('state_getMetadata')).result).toBe('0x010203');
  });
});

describe('system, chain, engine', () => {
  test('name, version, chain, health and the list of methods', async () => {
    const methods = [
      'system_name',
      'system_version',
      'system_chain',
      'system_chainType',
      'system_properties',
      'system_health',
      'system_nodeRoles',
      'system_syncState',
    ];
    const answers = await Promise.all(methods.map(async (method) => (await call(method)).result));
    expect(answers).toEqual([
      'Test',
      '1.2.3',
      'Fake',
      'Development',
      { ss58Format: 42 },
      { peers: 0, isSyncing: false, shouldHavePeers: false },
      ['Authority'],
      { startingBlock: 0, currentBlock: 0, highestBlock: 0 },
    ]);
    const { methods: names } = (await call('rpc_methods')).result as { methods: string[] };
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toEqual(
      expect.arrayContaining([
        'author_submitExtrinsic',
        'author_unwatchExtrinsic',
        'chain_subscribeNewHeads',
        'rpc_methods',
        'state_getReadProof',
      ]),
    );
  });

  test('heads are sent with each block; hashes are found by number', async () => {
    const { result: id } = await call('chain_subscribeFinalizedHeads');
    const block = served.node.createBlock();
    await call('system_name');
    expect(served.client.results(id)).toMatchObject([
      { number: '0x0' },
      { number: '0x1', parentHash: toHex(served.node.genesisHash) },
    ]);
    expect((await call('chain_getBlockHash', [0, 1, 2])).result).toEqual([
      toHex(served.node.genesisHash),
      toHex(block.hash),
      null,
    ]);
    expect((await call('chain_getBlockHash')).result).toBe(toHex(block.hash));
    expect((await call('chain_getFinalizedHead')).result).toBe(toHex(block.hash));
  });

  test('a dry run returns the result of inclusion, and changes nothing', async () => {
    const root = served.node.stateAt(served.node.best().hash).root;
    expect((await call('system_dryRun', pay(1, 0))).result).toBe('0x0000');
    expect((await call('system_dryRun', pay(1, 7))).result).toBe('0x010002');
    expect((await call('system_dryRun', toHex(extrinsic(KIND.trap, 1, 0)))).error).toMatchObject({ code: 1 });
    expect(served.node.stateAt(served.node.best().hash).root).toEqual(root);
  });

  test('the next nonce of an account, and malformed addresses', async () => {
    const account = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
    expect((await call('system_accountNextIndex', account)).result).toBe(0);
    expect((await call('system_accountNextIndex', `${account}x`)).error).toMatchObject({ code: -32602 });
    expect((await call('system_accountNextIndex', account.replace('Q', 'R'))).error).toMatchObject({
      code: -32602,
      message: expect.stringMatching(/wrong checksum/),
    });
  });

  test('engine_createBlock on a full disk: the client is told why there is no block', async () => {
    const database = new FailingDatabase();
    const full = await serve({ database });
    database.beforeWrite = () => {
      throw new DiskFull();
    };
    try {
      expect((await full.client.call('engine_createBlock', [true, true])).error).toEqual({
        code: 1,
        message: "No block was made: the database in memory can't be written: the disk is full",
      });
      expect(full.faults).toEqual([]);
    } finally {
      await full.close();
    }
  });

  test('engine_createBlock: an empty block only on request, and only on the best block', async () => {
    expect((await call('engine_createBlock', false, false)).error).toMatchObject({ code: 1 });
    expect((await call('engine_createBlock', true, false, UNKNOWN)).error).toMatchObject({
      code: 1,
      message: expect.stringMatching(/is not the best block/),
    });
    const { hash } = (await call('engine_createBlock', true, false, null)).result as { hash: string };
    expect((await call('engine_finalizeBlock', hash)).result).toBe(true);
    expect((await call('engine_finalizeBlock', UNKNOWN)).error).toMatchObject({ code: 4003 });
  });
});
