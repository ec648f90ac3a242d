// The development accounts: sr25519 key pairs of //Alice and others.
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { cryptoWaitReady } from '@polkadot/util-crypto';

await cryptoWaitReady();
const ring = new Keyring({ type: 'sr25519', ss58Format: 42 });

/** The key pair of `//Name`. */
export function pair(name: string): KeyringPair {
  return ring.addFromUri(`//${name}`);
}

export const alicePair = pair('Alice');
export const bobPair = pair('Bob');

/** Accounts: the public keys. */
export const ALICE = alicePair.publicKey;
export const BOB = bobPair.publicKey;
export const CHARLIE = pair('Charlie').publicKey;

/** The address of an account, as events contain it after `toJSON`. */
export function addressOf(who: Uint8Array): string {
  return ring.encodeAddress(who);
}

/** An account without funds: 32 equal bytes. */
export function stranger(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}
