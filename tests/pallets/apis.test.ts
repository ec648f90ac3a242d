// Runtime APIs that belong to no pallet: version, metadata, authors, keys, nonces.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { TypeRegistry, Metadata } from '@polkadot/types';
import type { RuntimeVersion } from '@polkadot/types/interfaces';
import { blake2_64, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { ALICE, alicePair, BOB, pair, signExtrinsic, stranger, TestChain } from '../harness/index.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

const NOTHING = new Uint8Array();
const ask = (method: string, args: Uint8Array = NOTHING): Reader => new Reader(chain.call(method, args));

describe('Core', () => {
  test('returns name and versions, and the APIs by the hash of their names', () => {
    const version = chain.names.registry.createType<RuntimeVersion>(
      'RuntimeVersion',
      chain.call('Core_version', NOTHING),
    );
    expect(version.specName.toString()).toBe('corejam');
    expect(version.specVersion.toNumber()).toBe(1);
    const apis = new Map(version.apis.map(([id, number]) => [id.toHex(), number.toNumber()]));
    for (const [name, number] of [
      ['Core', 5],
      ['Metadata', 2],
      ['BlockBuilder', 6],
      ['TaggedTransactionQueue', 3],
      ['OffchainWorkerApi', 2],
      ['AccountNonceApi', 1],
      ['TransactionPaymentApi', 4],
      ['TransactionPaymentCallApi', 3],
      ['SessionKeys', 1],
      ['GenesisBuilder', 1],
      ['AuraApi', 1],
      ['CoreJamApi', 1],
    ] as const) {
      expect([name, apis.get(toHex(blake2_64(utf8(name))) as `0x${string}`)]).toEqual([name, number]);
    }
  });

  test('the constant System.Version is equal', () => {
    expect(chain.names.constant('System.Version').toHex()).toBe(toHex(chain.call('Core_version', NOTHING)));
  });
});

describe('Metadata', () => {
  test('exists in every version that it lists, and in no other', () => {
    const versions = ask('Metadata_metadata_versions').vec((r) => r.u32());
    expect(versions).toEqual([14, 15, 16]);
    const at = (version: number): Uint8Array | undefined =>
      ask('Metadata_metadata_at_version', new Writer().u32(version).finish()).option((r) => r.bytes());
    for (const version of versions) {
      const metadata = new Metadata(new TypeRegistry(), toHex(at(version)!) as `0x${string}`);
      expect(metadata.version).toBe(version);
      expect(metadata.asLatest.pallets.map(({ name }) => name.toString())).toEqual(
        expect.arrayContaining(['System', 'Timestamp', 'Balances', 'TransactionPayment', 'Sudo']),
      );
    }
    for (const version of [0, 13, 99]) expect(at(version)).toBeUndefined();
    expect(toHex(ask('Metadata_metadata').bytes())).toBe(toHex(at(14)!));
  });
});

describe('AuraApi', () => {
  test('returns the authors in slot order, and the length of a slot', () => {
    expect(ask('AuraApi_slot_duration').u64()).toBe(6_000n);
    const names = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];
    expect(ask('AuraApi_authorities').vec((r) => toHex(r.raw(32)))).toEqual(
      names.map((name) => toHex(pair(name).publicKey)),
    );
  });
});

describe('SessionKeys', () => {
  test('are one sr25519 key of the type aura', () => {
    const decode = (keys: Uint8Array): [string, string][] | undefined =>
      ask('SessionKeys_decode_session_keys', new Writer().bytes(keys).finish()).option((r) =>
        r.vec((each) => [toHex(each.bytes()), new TextDecoder().decode(each.raw(4))]),
      );
    expect(decode(ALICE)).toEqual([[toHex(ALICE), 'aura']]);
    expect(decode(ALICE.slice(1))).toBeUndefined();
    expect(decode(NOTHING)).toBeUndefined();
  });
});

describe('AccountNonceApi', () => {
  const nonce = (who: Uint8Array): number => ask('AccountNonceApi_account_nonce', who).u32();

  test('counts the extrinsics of an account', () => {
    expect([nonce(ALICE), nonce(stranger(1))]).toEqual([0, 0]);
    chain.submit(signExtrinsic(chain, alicePair, chain.names.call('Balances.transfer_keep_alive', BOB, 1n)));
    expect([nonce(ALICE), nonce(BOB)]).toEqual([1, 0]);
  });
});

describe('OffchainWorkerApi', () => {
  test('does not change the state', () => {
    const before = chain.root();
    expect(chain.call('OffchainWorkerApi_offchain_worker', chain.blankHeader())).toEqual(NOTHING);
    expect(chain.root()).toBe(before);
  });
});

describe('arguments that do not decode', () => {
  const methods = [
    'Core_initialize_block',
    'AccountNonceApi_account_nonce',
    'BlockBuilder_apply_extrinsic',
    'AuraApi_authorities',
  ];
  test.each(methods)('%s panics with its name', (method) => {
    expect(() => chain.call(method, Uint8Array.of(0xff, 0xff, 0xff))).toThrow(`${method}: the arguments do not decode`);
  });
});
