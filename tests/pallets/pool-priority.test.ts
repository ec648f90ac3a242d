// The priority of transactions in the pool, calculated by hand as pallet_transaction_payment's `get_priority` does:
//
//   perBlock = min(class's weight of a block / weight with base, class's length of a block / length)
//   normal       (tip + 1) · perBlock
//   operational  (tip + 1) · perBlock + fee · 5 · perBlock
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Reader, Writer } from '../../host/bytes/index.js';
import { alicePair, BOB, signExtrinsic, TestChain } from '../harness/index.js';
import { validate } from './support/executive.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

/** The limits of one class in the metadata, and the base weight of an extrinsic. */
function limitsOf(name: 'normal' | 'operational'): { weight: bigint; length: bigint; base: bigint } {
  const json = (constant: string): unknown => chain.names.constant(constant).toJSON();
  const weights = json('System.BlockWeights') as Weights;
  const { max } = json('System.BlockLength') as { max: Record<string, number> };
  const { maxTotal, baseExtrinsic } = weights.perClass[name]!;
  return { weight: BigInt(maxTotal.refTime), length: BigInt(max[name]!), base: BigInt(baseExtrinsic.refTime) };
}

interface Weights {
  perClass: Record<string, { maxTotal: { refTime: number }; baseExtrinsic: { refTime: number } }>;
}

/** The declared weight of a call, and the fee without tip of an extrinsic of `length` bytes. */
function infoOf(call: Uint8Array, length: number): { weight: bigint; fee: bigint } {
  const args = new Writer().raw(call).u32(length).finish();
  const answer = new Reader(chain.call('TransactionPaymentCallApi_query_call_info', args));
  const weight = answer.compactBig();
  answer.compact();
  answer.u8();
  return { weight, fee: answer.u128() };
}

/** What the pool receives for a call of Alice with a tip, and the length of the extrinsic in a block. */
function validated(call: Uint8Array, tip: bigint): { priority: bigint; length: bigint } {
  const extrinsic = signExtrinsic(chain, alicePair, call, { tip });
  const told = validate(chain, extrinsic);
  if (typeof told === 'string') throw new Error(told);
  return { priority: told.priority, length: BigInt(new Writer().bytes(extrinsic).finish().length) };
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

describe('the priority of', () => {
  test.each([0n, 1n, 1_000_000n])('a call that is limited by weight, with tip %d', (tip) => {
    const call = chain.names.call('Balances.transfer_keep_alive', BOB, 1_000_000_000_000n);
    const { priority, length } = validated(call, tip);
    const limits = limitsOf('normal');
    const byWeight = limits.weight / (infoOf(call, Number(length)).weight + limits.base);
    expect(byWeight).toBeLessThan(limits.length / length);
    expect(priority).toBe((tip + 1n) * byWeight);
  });

  test.each([0n, 1n, 1_000_000n])('a call that is limited by length, with tip %d', (tip) => {
    const call = chain.names.call('System.remark', `0x${'07'.repeat(100_000)}`);
    const { priority, length } = validated(call, tip);
    const limits = limitsOf('normal');
    const byLength = limits.length / length;
    expect(byLength).toBeLessThan(limits.weight / (infoOf(call, Number(length)).weight + limits.base));
    expect(priority).toBe((tip + 1n) * byLength);
  });

  test.each([0n, 1_000_000n])('an operational call includes five times its fee, with tip %d', (tip) => {
    const call = chain.names.call('Sudo.sudo', chain.names.call('System.kill_storage', ['0x01']));
    const { priority, length } = validated(call, tip);
    const limits = limitsOf('operational');
    const { weight, fee } = infoOf(call, Number(length));
    const perBlock = smaller(limits.weight / (weight + limits.base), limits.length / length);
    expect(priority).toBe((tip + 1n + (fee + tip) * 5n) * perBlock);
  });
});
