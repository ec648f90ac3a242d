// TransactionPayment: fees of extrinsics, against calculations by hand.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedConstants, storedLengthWeight, storedWeight } from '../../bench/weights/constants.js';
import { ALICE, alicePair, BOB, expectEvent, signExtrinsic, TestChain } from '../harness/index.js';
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2_256, concat, Reader, Writer } from '../../host/bytes/index.js';

const UNIT = 1_000_000_000_000n;
/** Weight costs one unit per picosecond; bytes cost 10^6 each. */
const BASE_FEE = BigInt(storedConstants().BASE_EXTRINSIC_PS);
const LENGTH_FEE = 1_000_000n;
const TRANSFER_WEIGHT = storedWeight('Balances', 'transferKeepAlive');

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

/** The account of a key: of an ECDSA key, its hash. */
const accountOf = ({ type, publicKey }: KeyringPair): Uint8Array =>
  type === 'ecdsa' ? blake2_256(publicKey) : publicKey;
const transfer = (): Uint8Array => chain.names.call('Balances.transfer_keep_alive', BOB, UNIT);
const wrapped = (extrinsic: Uint8Array): Uint8Array => new Writer().bytes(extrinsic).finish();
/** Calls an API with an extrinsic or a call of `length` bytes. */
const ask = (method: string, subject: Uint8Array, length = subject.length): Reader =>
  new Reader(chain.call(method, concat(subject, new Writer().u32(length).finish())));

function queryInfo(extrinsic: Uint8Array): { refTime: bigint; class: number; fee: bigint } {
  const answer = ask('TransactionPaymentApi_query_info', wrapped(extrinsic));
  const refTime = answer.compactBig();
  expect(answer.compact()).toBe(0);
  return { refTime, class: answer.u8(), fee: answer.u128() };
}

describe('fees', () => {
  test('consist of base, length and weight fees', () => {
    const extrinsic = signExtrinsic(chain, alicePair, transfer());
    const { length } = wrapped(extrinsic);
    const refTime = TRANSFER_WEIGHT + storedLengthWeight(length);
    const expected = BASE_FEE + LENGTH_FEE * BigInt(length) + refTime;
    expect(queryInfo(extrinsic)).toEqual({ refTime, class: 0, fee: expected });
    const before = chain.account(ALICE).free;
    chain.submit(extrinsic);
    expect(before - chain.account(ALICE).free).toBe(expected + UNIT);
  });

  test.each([
    ['ed25519', BigInt(storedConstants().ED25519_PS)],
    ['ecdsa', BigInt(storedConstants().ECDSA_PS)],
  ] as const)('consist of these and what the scheme of the signature takes: %s', (type, ps) => {
    const signer = new Keyring({ type }).addFromUri('//Signer');
    chain.submit(
      signExtrinsic(chain, alicePair, chain.names.call('Balances.transfer_keep_alive', accountOf(signer), 9n * UNIT)),
    );
    const extrinsic = signExtrinsic(chain, signer, transfer(), { nonce: 0 });
    const { length } = wrapped(extrinsic);
    const refTime = TRANSFER_WEIGHT + ps + storedLengthWeight(length);
    const fee = BASE_FEE + LENGTH_FEE * BigInt(length) + refTime;
    expect(queryInfo(extrinsic)).toEqual({ refTime, class: 0, fee });
    const normal = (): bigint =>
      BigInt((chain.json('System.BlockWeight') as { normal: { refTime: number } }).normal.refTime);
    const [weight, free] = [normal(), chain.account(accountOf(signer)).free];
    expect(chain.submit(extrinsic).invalid).toBeUndefined();
    expect(free - chain.account(accountOf(signer)).free).toBe(fee + UNIT);
    expect(normal() - weight).toBe(refTime + BASE_FEE);
    expectEvent(chain, 'System.ExtrinsicSuccess', {
      dispatch_info: { weight: { refTime: Number(refTime + BASE_FEE), proofSize: 0 }, class: 'Normal', paysFee: 'Yes' },
    });
  });

  test('an Ed25519 key of mixed order took four times the weight of its extrinsic; an sr25519 signature weighs nothing beyond the base', () => {
    expect(BigInt(storedConstants().ED25519_PS)).toBeGreaterThan(BASE_FEE);
    const { refTime } = queryInfo(signExtrinsic(chain, alicePair, transfer()));
    expect(refTime).toBe(
      TRANSFER_WEIGHT + storedLengthWeight(wrapped(signExtrinsic(chain, alicePair, transfer())).length),
    );
  });

  test('a tip is added, and reported', () => {
    const plain = queryInfo(signExtrinsic(chain, alicePair, transfer())).fee;
    const before = chain.account(ALICE).free;
    // A tip of 5 takes as many bytes as none.
    chain.submit(signExtrinsic(chain, alicePair, transfer(), { tip: 5n }));
    expect(before - chain.account(ALICE).free).toBe(plain + 5n + UNIT);
    expectEvent(chain, 'TransactionPayment.TransactionFeePaid', { actual_fee: Number(plain + 5n), tip: 5 });
  });

  test('the multiplier applies only to weight', () => {
    const extrinsic = signExtrinsic(chain, alicePair, transfer());
    const plain = queryInfo(extrinsic).fee;
    const weight = TRANSFER_WEIGHT + storedLengthWeight(wrapped(extrinsic).length);
    chain.poke('TransactionPayment.NextFeeMultiplier', [], new Writer().u128(3n * 10n ** 18n).finish());
    expect(queryInfo(extrinsic).fee).toBe(plain + 2n * weight);
    chain.poke('TransactionPayment.NextFeeMultiplier', [], new Writer().u128(10n ** 18n / 2n).finish());
    expect(queryInfo(extrinsic).fee).toBe(plain - weight + weight / 2n);
  });

  test('must leave the existential deposit', () => {
    const fee = queryInfo(signExtrinsic(chain, alicePair, chain.names.call('System.remark', '0x'))).fee;
    const put = (free: bigint): void => {
      const account = chain.query('System.Account', ALICE)!.toU8a();
      account.set(new Writer().u128(free).finish(), 16);
      chain.poke('System.Account', [ALICE], account);
    };
    put(1_000_000_000n + fee - 1n);
    const extrinsic = signExtrinsic(chain, alicePair, chain.names.call('System.remark', '0x'));
    expect(chain.submit(extrinsic).invalid).toBe('Invalid.Payment');
    put(1_000_000_000n + fee);
    expect(chain.submit(extrinsic)).toMatchObject({ invalid: undefined, error: undefined });
    expect(chain.account(ALICE).free).toBe(1_000_000_000n);
  });

  test('an account that its own call removed gets no refund', () => {
    const call = chain.names.call('Balances.transfer_all', BOB, false);
    expect(chain.submit(signExtrinsic(chain, alicePair, call))).toMatchObject({ invalid: undefined, error: undefined });
    expect(chain.overlay.get(chain.names.key('System.Account', ALICE))).toBeUndefined();
    expectEvent(chain, 'TransactionPayment.TransactionFeePaid');
  });
});

describe('fee queries', () => {
  test('an inherent costs nothing', () => {
    const bare = concat(Uint8Array.of(4), chain.names.call('Timestamp.set', 1_800_006_000n));
    expect(queryInfo(bare)).toMatchObject({ class: 2, fee: 0n });
  });

  test('the parts of a fee add up to the fee', () => {
    const bytes = wrapped(signExtrinsic(chain, alicePair, transfer()));
    const answer = ask('TransactionPaymentApi_query_fee_details', bytes);
    expect(answer.bool()).toBe(true);
    expect([answer.u128(), answer.u128(), answer.u128(), answer.u128()]).toEqual([
      BASE_FEE,
      LENGTH_FEE * BigInt(bytes.length),
      TRANSFER_WEIGHT + storedLengthWeight(bytes.length),
      0n,
    ]);
    answer.end();
  });

  test('a call has the weight of its extrinsic', () => {
    const weight = TRANSFER_WEIGHT + storedLengthWeight(150);
    const answer = ask('TransactionPaymentCallApi_query_call_info', transfer(), 150);
    expect([answer.compactBig(), answer.compact(), answer.u8(), answer.u128()]).toEqual([
      weight,
      0,
      0,
      BASE_FEE + 150n * LENGTH_FEE + weight,
    ]);
    const details = ask('TransactionPaymentCallApi_query_call_fee_details', transfer(), 150);
    expect([details.bool(), details.u128(), details.u128(), details.u128(), details.u128()]).toEqual([
      true,
      BASE_FEE,
      150n * LENGTH_FEE,
      weight,
      0n,
    ]);
  });

  test('weight and length have their fees', () => {
    for (const api of ['TransactionPaymentApi', 'TransactionPaymentCallApi']) {
      const weight = new Writer().compact(123n).compact(0).finish();
      expect(new Reader(chain.call(`${api}_query_weight_to_fee`, weight)).u128()).toBe(123n);
      expect(new Reader(chain.call(`${api}_query_length_to_fee`, new Writer().u32(7).finish())).u128()).toBe(
        7_000_000n,
      );
    }
  });

  test('an extrinsic that does not decode is refused with a sentence', () => {
    expect(() => queryInfo(Uint8Array.of(1, 2, 3))).toThrow(/the extrinsic does not decode/);
  });
});
