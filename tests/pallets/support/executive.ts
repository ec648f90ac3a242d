// Extrinsics for tests of the executive.
import { Reader, toHex, Writer } from '../../../host/bytes/index.js';
import { alicePair, BOB, signExtrinsic, type SigningOptions, type TestChain } from '../../harness/index.js';

export const UNIT = 1_000_000_000_000n;

/** A result of `TestChain.submit`: the extrinsic is in the block, and its call succeeded. */
export const GOOD = { invalid: undefined, error: undefined, leftTraces: false };

/** A transfer to Bob. */
export const toBob = (chain: TestChain, amount = UNIT): Uint8Array =>
  chain.names.call('Balances.transfer_keep_alive', BOB, amount);

/** An extrinsic of Alice's, by default a transfer to Bob. */
export const byAlice = (chain: TestChain, call = toBob(chain), options: SigningOptions = {}): Uint8Array =>
  signExtrinsic(chain, alicePair, call, options);

interface Told {
  priority: bigint;
  requires: string[];
  provides: string[];
  longevity: bigint;
  propagate: boolean;
}

/** The result of validate_transaction: pool data, or the error's two bytes. */
export function validate(chain: TestChain, extrinsic: Uint8Array): Told | string {
  const args = new Writer().u8(2).bytes(extrinsic).raw(chain.parentHash).finish();
  const answer = new Reader(chain.call('TaggedTransactionQueue_validate_transaction', args, chain.onParent()));
  if (answer.bool()) return `${answer.u8() === 0 ? 'Invalid' : 'Unknown'} ${answer.u8()}`;
  const tags = (): string[] => answer.vec((r) => toHex(r.bytes()));
  return {
    priority: answer.u64(),
    requires: tags(),
    provides: tags(),
    longevity: answer.u64(),
    propagate: answer.bool(),
  };
}

/** Sets the block's weight so far. */
export function pokeWeight(chain: TestChain, normal: bigint, operational: bigint, mandatory: bigint): void {
  const writer = new Writer();
  for (const part of [normal, 0n, operational, 0n, mandatory, 0n]) writer.compact(part);
  chain.poke('System.BlockWeight', [], writer.finish());
}
