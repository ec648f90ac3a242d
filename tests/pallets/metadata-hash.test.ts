// CheckMetadataHash: an extrinsic whose signature covers the hash of the metadata by which it was shown (RFC-78). The hash
// comes from two implementations that are not ours: those of polkadot-api and of dedot.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Metadata } from '@polkadot/types';
import { readFileSync } from 'node:fs';
import { Reader, toHex, Writer } from '../../host/bytes/index.js';
import { ALICE, alicePair, BOB, signExtrinsic, TestChain } from '../harness/index.js';

interface Token {
  decimals: number;
  tokenSymbol: string;
}

// What the tests use of the two packages, by interfaces of their own: the types of the rest of dedot don't need checking here.
const { merkleizeMetadata } = (await import('@polkadot-api/merkleize-metadata' as string)) as {
  merkleizeMetadata(metadata: Uint8Array, token: Token): { digest(): Uint8Array };
};
const { MerkleizedMetadata } = (await import('@dedot/merkleized-metadata' as string)) as {
  MerkleizedMetadata: new (metadata: string, token: Token) => { digest(): Uint8Array };
};

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

const TOKEN = { decimals: 12, tokenSymbol: 'UNIT' };
const metadata = (version: number): Uint8Array =>
  new Reader(chain.call('Metadata_metadata_at_version', new Writer().u32(version).finish())).option((r) => r.bytes())!;
const papiHash = (token = TOKEN): Uint8Array => merkleizeMetadata(metadata(15), token).digest();

/** What becomes of a transfer of Alice's whose signature covers `hash`; undefined if it is in the block. */
function sent(metadataHash: Uint8Array | undefined, mode?: number): string | undefined {
  const call = chain.names.call('Balances.transfer_keep_alive', BOB, 1n);
  const options = { nonce: chain.account(ALICE).nonce, ...(metadataHash && { metadataHash }) };
  const extrinsic = signExtrinsic(chain, alicePair, call, { ...options, ...(mode !== undefined && { mode }) });
  return chain.submit(extrinsic).invalid;
}

describe('CheckMetadataHash', () => {
  test('polkadot-api and dedot compute the same hash', () => {
    const theirs = new MerkleizedMetadata(toHex(metadata(15)), TOKEN).digest();
    expect(toHex(theirs)).toBe(toHex(papiHash()));
    // Also of metadata V14 and V16: it depends on types only.
    expect(toHex(merkleizeMetadata(metadata(16), TOKEN).digest())).toBe(toHex(papiHash()));
  });

  test("on: a signature over this runtime's metadata hash is valid", () => {
    expect(sent(papiHash())).toBeUndefined();
  });

  test('off: a signature over no hash is valid', () => {
    expect(sent(undefined)).toBeUndefined();
  });

  test('on: a signature over the hash of other metadata is not', () => {
    expect(sent(papiHash({ ...TOKEN, decimals: 10 }))).toBe('Invalid.BadProof');
    expect(sent(papiHash({ ...TOKEN, tokenSymbol: 'DOT' }))).toBe('Invalid.BadProof');
    expect(sent(new Uint8Array(32))).toBe('Invalid.BadProof');
  });

  test('a mode that does not fit what was signed is not valid, and there is no third', () => {
    // The payload covers the mode too, so these are signed with it.
    expect(sent(papiHash(), 0)).toBe('Invalid.BadProof');
    expect(sent(undefined, 1)).toBe('Invalid.BadProof');
    expect(sent(undefined, 2)).toBe('Invalid.Call');
  });

  test('the token is that of the chain specs', () => {
    for (const name of ['dev', 'local']) {
      const { properties } = JSON.parse(readFileSync(`chain-spec/${name}.json`, 'utf8')) as { properties: object };
      expect(properties).toEqual({ ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'UNIT' });
    }
  });
});

test('every extension is known to @polkadot/types, so that wallets sign', () => {
  const { registry } = chain.names;
  expect(registry.signedExtensions).toEqual([
    'CheckNonZeroSender',
    'CheckSpecVersion',
    'CheckTxVersion',
    'CheckGenesis',
    'CheckMortality',
    'CheckNonce',
    'CheckWeight',
    'ChargeTransactionPayment',
    'CheckMetadataHash',
  ]);
  expect(new Metadata(registry, toHex(metadata(14)) as `0x${string}`).version).toBe(14);
});
