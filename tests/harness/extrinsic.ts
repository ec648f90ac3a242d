// Signed extrinsics, encoded by @polkadot/types from the runtime's metadata: an independent implementation.
import type { KeyringPair } from '@polkadot/keyring/types';
import type { Extrinsic, RuntimeVersion } from '@polkadot/types/interfaces';
import { fromHex, toHex } from '../../host/bytes/index.js';
import type { TestChain } from './chain.js';

/** What a client signs in addition to its call; defaults fit the open block. */
export interface SigningOptions {
  nonce?: number;
  tip?: bigint;
  /** Lifetime in blocks, a power of two of at least 4. Default: immortal. */
  period?: number;
  /** The block at which the lifetime of a mortal extrinsic begins. Default: the one before the open one. */
  born?: { number: number; hash: Uint8Array };
  genesisHash?: Uint8Array;
  specVersion?: number;
  transactionVersion?: number;
  /** What the signature covers of CheckMetadataHash. Default: no hash. */
  metadataHash?: Uint8Array;
  /** The mode of CheckMetadataHash. Default: 1 with a hash, 0 without. */
  mode?: number;
}

/** A signed extrinsic without its compact length. */
export function signExtrinsic(
  chain: TestChain,
  pair: KeyringPair,
  call: Uint8Array,
  options: SigningOptions = {},
): Uint8Array {
  const { registry } = chain.names;
  const { period } = options;
  const born = options.born ?? { number: chain.number - 1, hash: chain.parentHash };
  const genesisHash = toHex(options.genesisHash ?? chain.genesisHash);
  const extrinsic = registry.createType('Extrinsic', registry.createType('Call', call), { version: 4 }) as Extrinsic;
  extrinsic.sign(pair, {
    blockHash: period === undefined ? genesisHash : toHex(born.hash),
    era: period === undefined ? undefined : registry.createType('ExtrinsicEra', { current: born.number, period }),
    genesisHash,
    nonce: options.nonce ?? chain.account(pair.publicKey).nonce,
    runtimeVersion: registry.createType<RuntimeVersion>('RuntimeVersion', {
      specVersion: options.specVersion ?? 1,
      transactionVersion: options.transactionVersion ?? 1,
    }),
    tip: options.tip ?? 0n,
    mode: options.mode ?? (options.metadataHash === undefined ? 0 : 1),
    ...(options.metadataHash && { metadataHash: toHex(options.metadataHash) }),
  } as Parameters<typeof extrinsic.sign>[1]);
  return fromHex(extrinsic.toHex(true));
}
