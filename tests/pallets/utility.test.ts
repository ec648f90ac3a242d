// Utility: several calls in one, and calls of derived accounts, as pallet_utility makes them.
import { createKeyDerived } from '@polkadot/util-crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedConstants, storedWeight } from '../../bench/weights/constants.js';
import { Reader, Writer } from '../../host/bytes/index.js';
import {
  addressOf,
  ALICE,
  alicePair,
  BOB,
  bobPair,
  CHARLIE,
  expectEvents,
  expectNoop,
  expectOk,
  none,
  root,
  signed,
  signExtrinsic,
  stranger,
  TestChain,
} from '../harness/index.js';

const UNIT = 1_000_000_000_000n;
/** What each development account has at genesis. */
const ENDOWED = 1_000_000n * UNIT;
const ERROR = { badOrigin: null };

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

const remark = (): Uint8Array => chain.names.call('System.remark', '0x');
const pay = (to: Uint8Array, amount = UNIT): Uint8Array => chain.names.call('Balances.transfer_keep_alive', to, amount);
/** A call that no signed origin may make. */
const forbidden = (): Uint8Array => chain.names.call('Balances.force_set_balance', BOB, 1n);
const batch = (calls: Uint8Array[], name = 'batch'): Uint8Array => chain.names.call(`Utility.${name}`, calls);

const free = (who: Uint8Array): bigint => chain.account(who).free;
const transferred = (to: Uint8Array): [string, object] => [
  'Balances.Transfer',
  { from: addressOf(ALICE), to: addressOf(to), amount: 1_000_000_000_000 },
];
type Events = Parameters<typeof expectEvents> extends [unknown, ...infer R] ? R : never;
const events = (...list: [string, object][]): Events => list as unknown as Events;
const DONE: [string, object] = ['Utility.ItemCompleted', {}];

/** Weight and dispatch class that a call declares, without the weight of an extrinsic's length. */
function declared(call: Uint8Array): { weight: bigint; dispatchClass: number } {
  const info = new Reader(
    chain.call('TransactionPaymentCallApi_query_call_info', new Writer().raw(call).u32(0).finish()),
  );
  const weight = BigInt(info.compact());
  info.compact();
  return { weight, dispatchClass: info.u8() };
}

describe('batch', () => {
  test('makes all calls, in order', () => {
    const outcome = chain.dispatchEncoded(signed(ALICE), batch([pay(BOB), pay(CHARLIE), remark()]));
    expectEvents(
      outcome,
      ...events(transferred(BOB), DONE, transferred(CHARLIE), DONE, DONE, ['Utility.BatchCompleted', {}]),
    );
    expect([free(BOB), free(CHARLIE)]).toEqual([ENDOWED + UNIT, ENDOWED + UNIT]);
  });

  test('ends at the first call that fails; the calls before it stay, its own writes and the calls after it do not', () => {
    const outcome = chain.dispatchEncoded(signed(ALICE), batch([pay(BOB), forbidden(), pay(CHARLIE)]));
    expectEvents(outcome, ...events(transferred(BOB), DONE, ['Utility.BatchInterrupted', { index: 1, error: ERROR }]));
    expect([free(BOB), free(CHARLIE)]).toEqual([ENDOWED + UNIT, ENDOWED]);
  });

  test('of no call is made at once', () => {
    expectEvents(chain.dispatchEncoded(signed(ALICE), batch([])), ['Utility.BatchCompleted', {}]);
  });

  test('is made as root, too, and is refused for an unsigned origin', () => {
    expectOk(chain.dispatchEncoded(root, batch([forbidden()])));
    expect(free(BOB)).toBe(0n); // less than the existential deposit
    for (const name of ['batch', 'batch_all', 'force_batch'])
      expectNoop(chain.dispatchEncoded(none, batch([remark()], name)), 'BadOrigin');
  });
});

describe('batch_all', () => {
  test('makes all calls, in order', () => {
    const outcome = chain.dispatchEncoded(signed(ALICE), batch([pay(BOB), pay(CHARLIE)], 'batch_all'));
    expectEvents(
      outcome,
      ...events(transferred(BOB), DONE, transferred(CHARLIE), DONE, ['Utility.BatchCompleted', {}]),
    );
  });

  test('fails with the error of the first call that fails, and changes nothing', () => {
    const call = (position: number): Uint8Array => {
      const calls = [pay(BOB), pay(CHARLIE), remark()];
      calls.splice(position, 0, forbidden());
      return batch(calls, 'batch_all');
    };
    for (const position of [0, 1, 3]) {
      const outcome = chain.dispatchEncoded(signed(ALICE), call(position));
      expectNoop(outcome, 'BadOrigin');
      expect(outcome.events).toEqual([]);
    }
  });

  test('undoes what a batch in it had completed', () => {
    const inner = batch([pay(BOB), batch([pay(CHARLIE)])]);
    expectNoop(chain.dispatchEncoded(signed(ALICE), batch([inner, forbidden()], 'batch_all')), 'BadOrigin');
    expectOk(chain.dispatchEncoded(signed(ALICE), batch([inner, remark()], 'batch_all')));
    expect([free(BOB), free(CHARLIE)]).toEqual([ENDOWED + UNIT, ENDOWED + UNIT]);
  });
});

describe('force_batch', () => {
  test('makes every call that succeeds, also after one that fails', () => {
    const outcome = chain.dispatchEncoded(
      signed(ALICE),
      batch([forbidden(), pay(BOB), forbidden(), pay(CHARLIE)], 'force_batch'),
    );
    const failed: [string, object] = ['Utility.ItemFailed', { error: ERROR }];
    expectEvents(
      outcome,
      ...events(failed, transferred(BOB), DONE, failed, transferred(CHARLIE), DONE, [
        'Utility.BatchCompletedWithErrors',
        {},
      ]),
    );
  });

  test('says BatchCompleted where none fails', () => {
    expectEvents(
      chain.dispatchEncoded(signed(ALICE), batch([remark()], 'force_batch')),
      ...events(DONE, ['Utility.BatchCompleted', {}]),
    );
  });
});

describe('as_derivative', () => {
  // An independent derivation: that of @polkadot/util-crypto.
  const derived = (index: number): Uint8Array => createKeyDerived(ALICE, index);

  test.each([0, 1, 0x1234, 0xffff])('makes a call as the account derived by index %i', (index) => {
    expectOk(chain.dispatchEncoded(signed(ALICE), pay(derived(index), 5n * UNIT)));
    const outcome = chain.dispatchEncoded(
      signed(ALICE),
      chain.names.call('Utility.as_derivative', index, pay(BOB, 2n * UNIT)),
    );
    expectOk(outcome);
    expect(outcome.paysFee).toBe(true);
    expect([free(derived(index)), free(BOB)]).toEqual([3n * UNIT, ENDOWED + 2n * UNIT]);
  });

  test('fails as its call fails, and changes nothing', () => {
    const poor = chain.names.call('Utility.as_derivative', 7, pay(BOB));
    expectNoop(chain.dispatchEncoded(signed(ALICE), poor), 'Token.FundsUnavailable');
    const call = chain.names.call('Utility.as_derivative', 7, remark());
    for (const origin of [root, none]) expectNoop(chain.dispatchEncoded(origin, call), 'BadOrigin');
  });
});

describe('with_weight', () => {
  const heavy = (refTime: bigint, call = forbidden()): Uint8Array =>
    chain.names.call('Utility.with_weight', call, { refTime, proofSize: 0 });

  test('makes a call as root, with exactly the weight that is given', () => {
    for (const given of [0n, 1n, 5_000_000_000n]) {
      const outcome = expectOk(chain.dispatchEncoded(root, heavy(given)));
      expect([outcome.weight, outcome.paysFee]).toEqual([given, true]);
    }
    expect(free(BOB)).toBe(0n);
    expect(declared(heavy(7n)).dispatchClass).toBe(1); // force_set_balance is Operational
    expect(declared(heavy(7n, remark())).dispatchClass).toBe(0);
  });

  test('fails as its call fails, and is refused for other origins', () => {
    expectNoop(chain.dispatchEncoded(root, heavy(1n, pay(BOB))), 'BadOrigin');
    for (const origin of [signed(ALICE), none]) expectNoop(chain.dispatchEncoded(origin, heavy(1n)), 'BadOrigin');
  });
});

describe('weight', () => {
  const own = (name: string, calls: number): bigint => storedWeight('Utility', name, { calls });
  const ofRemark = storedWeight('System', 'remark', { remark: 0 });

  test.each([
    ['batch', 'batch'],
    ['batch_all', 'batchAll'],
    ['force_batch', 'forceBatch'],
  ])('%s: what is declared is the sum of its calls, and its own for their number', (name, row) => {
    for (const count of [0, 1, 3, 1_024]) {
      const calls = Array.from({ length: count }, remark);
      const expected = BigInt(count) * ofRemark + own(row, count);
      expect(declared(batch(calls, name)).weight).toBe(expected);
      expect(expectOk(chain.dispatchEncoded(signed(ALICE), batch(calls, name))).weight).toBe(expected);
    }
  });

  test('what the calls did not use is not charged, nor what was not made', () => {
    // A batch of which two of three calls were made.
    const interrupted = chain.dispatchEncoded(signed(ALICE), batch([remark(), forbidden(), remark()]));
    const ofForbidden = storedWeight('Balances', 'forceSetBalance', {});
    expect(interrupted.weight).toBe(ofRemark + ofForbidden + own('batch', 2));
    // One in which it is part: what it used, and the outer batch's own.
    const outer = expectOk(
      chain.dispatchEncoded(signed(ALICE), batch([batch([remark(), forbidden(), remark()]), remark()])),
    );
    expect(outer.weight).toBe(interrupted.weight + ofRemark + own('batch', 2));
    // batch_all fails, and is charged for the two that ran.
    const failed = chain.dispatchEncoded(signed(ALICE), batch([remark(), forbidden(), remark()], 'batch_all'));
    expect([failed.error, failed.weight]).toEqual(['BadOrigin', ofRemark + ofForbidden + own('batchAll', 2)]);
  });

  test('a call that is free by itself does not make its batch free', () => {
    const sudo = chain.names.call('Sudo.sudo', remark());
    expect(chain.dispatchEncoded(signed(ALICE), sudo).paysFee).toBe(false);
    expect(expectOk(chain.dispatchEncoded(signed(ALICE), batch([sudo]))).paysFee).toBe(true);
    expect(expectOk(chain.dispatchEncoded(signed(ALICE), batch([sudo, remark()], 'batch_all'))).paysFee).toBe(true);
  });
});

describe('bounds', () => {
  test('a batch has at most 1,024 calls', () => {
    for (const name of ['batch', 'batch_all', 'force_batch']) {
      expectOk(chain.dispatchEncoded(signed(ALICE), batch(Array.from({ length: 1_024 }, remark), name)));
      expectNoop(
        chain.dispatchEncoded(signed(ALICE), batch(Array.from({ length: 1_025 }, remark), name)),
        'Utility.TooManyCalls',
      );
    }
  });

  test('an extrinsic has at most 2,048 calls, at all levels together', () => {
    // The outer batch, two batches in it, and their remarks: 3 + 1,022 + 1,023 = 2,048.
    const nested = (second: number): Uint8Array =>
      batch([batch(Array.from({ length: 1_022 }, remark)), batch(Array.from({ length: second }, remark))]);
    const { events: deposited } = expectOk(chain.dispatchEncoded(signed(ALICE), nested(1_023)));
    expect(deposited.at(-1)!.name).toBe('Utility.BatchCompleted');
    expect(() => chain.dispatchEncoded(signed(ALICE), nested(1_024))).toThrow('no call');
  });

  test('calls nest at most 15 deep', () => {
    let call = remark();
    for (let level = 0; level < 15; level++) call = batch([call], 'batch_all');
    expectOk(chain.dispatchEncoded(signed(ALICE), call));
    expect(() => chain.dispatchEncoded(signed(ALICE), batch([call], 'batch_all'))).toThrow('no call');
  });
});

describe('dispatch class, and who may send it', () => {
  const operational = (): Uint8Array => chain.names.call('System.set_code', '0x');

  test('a batch is Operational if all its calls are, and there is one', () => {
    const classOf = (...calls: Uint8Array[]): number => declared(batch(calls)).dispatchClass;
    expect(classOf(operational(), forbidden())).toBe(1);
    expect(classOf(operational(), remark())).toBe(0);
    expect(classOf(remark())).toBe(0);
    expect(classOf()).toBe(0);
    expect(classOf(batch([operational()]))).toBe(1);
    // An inherent in a batch could only fail: it makes no batch Mandatory.
    expect(classOf(chain.names.call('Timestamp.set', 1n))).toBe(0);
  });

  test('one that would only use the part of a block that is kept for others is invalid', () => {
    const submit = (call: Uint8Array, pair = bobPair, nonce = 0): string | undefined =>
      chain.submit(signExtrinsic(chain, pair, call, { nonce })).invalid;
    const bySudo = chain.names.call('Sudo.sudo', chain.names.call('System.kill_storage', []));
    for (const name of ['batch', 'batch_all', 'force_batch']) {
      expect(submit(batch([operational()], name))).toBe('Invalid.BadSigner');
      expect(submit(batch([bySudo], name))).toBe('Invalid.BadSigner');
      expect(submit(batch([batch([bySudo], name)]))).toBe('Invalid.BadSigner');
    }
    expect(submit(chain.names.call('Utility.as_derivative', 0, bySudo))).toBe('Invalid.BadSigner');
    expect(submit(chain.names.call('Utility.with_weight', remark(), { refTime: 1, proofSize: 0 }))).toBe(
      'Invalid.BadSigner',
    );
    // A mixed batch is Normal, and may fail.
    expect(submit(batch([bySudo, remark()]))).toBeUndefined();
    expect(submit(batch([bySudo]), alicePair)).toBeUndefined();
  });

  test('a derived account that is the sudo account may act as such', () => {
    const key = createKeyDerived(BOB, 3);
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', key, 5n * UNIT));
    expectOk(chain.dispatch(signed(ALICE), 'Sudo.set_key', key));
    const bySudo = chain.names.call('Sudo.sudo', chain.names.call('Balances.force_set_balance', CHARLIE, 9n * UNIT));
    const call = chain.names.call('Utility.as_derivative', 3, bySudo);
    expect(chain.submit(signExtrinsic(chain, bobPair, call, { nonce: 0 }))).toMatchObject({ invalid: undefined });
    expect(free(CHARLIE)).toBe(9n * UNIT);
  });
});

test('the fee of a batch is that of what it used', () => {
  const pair = alicePair;
  const calls = (...list: Uint8Array[]): Uint8Array => signExtrinsic(chain, pair, batch(list), { nonce: 0 });
  const before = free(ALICE);
  chain.submit(calls(forbidden(), pay(stranger(7)), pay(stranger(8))));
  const paid = before - free(ALICE);
  const extrinsic = calls(forbidden(), pay(stranger(7)), pay(stranger(8)));
  const length = new Writer().bytes(extrinsic).finish().length;
  // One picosecond of weight is one planck, one byte a million and its weight: see transaction-payment.test.ts.
  const perByte = 1_000_000n + BigInt(storedConstants().EXTRINSIC_BYTE_PS);
  const used = storedWeight('Balances', 'forceSetBalance', {}) + storedWeight('Utility', 'batch', { calls: 1 });
  expect(paid).toBe(BigInt(length) * perByte + baseFee() + used);
});

/** The fee of an empty extrinsic without weight. */
function baseFee(): bigint {
  const args = new Writer().raw(remark()).u32(0).finish();
  const details = new Reader(chain.call('TransactionPaymentCallApi_query_call_fee_details', args));
  expect(details.bool()).toBe(true);
  return details.u128();
}
