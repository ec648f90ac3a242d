// Sudo: the sudo account acts as root.
import { Reader, Writer } from '../../host/bytes/index.js';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  addressOf,
  ALICE,
  BOB,
  CHARLIE,
  expectEvent,
  expectEvents,
  expectNoop,
  expectOk,
  none,
  root,
  signed,
  TestChain,
} from '../harness/index.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

const setCharlie = (amount: bigint): Uint8Array => chain.names.call('Balances.force_set_balance', CHARLIE, amount);
const UNIT = 1_000_000_000_000n;

describe('sudo', () => {
  test('makes a call as root, free of charge', () => {
    const outcome = expectOk(chain.dispatch(signed(ALICE), 'Sudo.sudo', setCharlie(3n * UNIT)));
    expect(chain.account(CHARLIE).free).toBe(3n * UNIT);
    expect(outcome.paysFee).toBe(false);
    expectEvent(outcome, 'Sudo.Sudid', { sudo_result: { ok: null } });
  });

  test('the inner call may fail: its writes are undone, and the event has the error', () => {
    const needsSigner = chain.names.call('Balances.transfer_allow_death', BOB, 1n);
    const outcome = expectOk(chain.dispatch(signed(ALICE), 'Sudo.sudo', needsSigner));
    expectEvent(outcome, 'Sudo.Sudid', { sudo_result: { err: { badOrigin: null } } });
    expect(chain.account(BOB).free).toBe(1_000_000n * UNIT);
  });

  test('the weight is that of the inner call, and the same for each call beside', () => {
    const weightOf = (call: Uint8Array, origin = signed(ALICE)): bigint =>
      expectOk(chain.dispatchEncoded(origin, call)).weight;
    const calls = [
      chain.names.call('System.remark', '0x'),
      chain.names.call('System.remark', `0x${'07'.repeat(10_000)}`),
      chain.names.call('System.set_storage', [
        ['0x01', '0x02'],
        ['0x03', '0x04'],
      ]),
    ];
    const beside = calls.map((call) => weightOf(chain.names.call('Sudo.sudo', call)) - weightOf(call, root));
    expect(beside[0]).toBeGreaterThan(0n);
    expect(new Set(beside).size).toBe(1);
    // As deep as it is, each Sudo call adds its own.
    const twice = chain.names.call('Sudo.sudo_as', ALICE, chain.names.call('Sudo.sudo', calls[1]!));
    const once = chain.names.call('Sudo.sudo_as', ALICE, calls[1]!);
    expect(weightOf(twice) - weightOf(once)).toBe(beside[0]);
    expect(weightOf(once)).toBeGreaterThan(weightOf(calls[1]!));
  });

  test('is refused for all other origins', () => {
    expectNoop(chain.dispatch(signed(BOB), 'Sudo.sudo', setCharlie(1n * UNIT)), 'Sudo.RequireSudo');
    expectNoop(chain.dispatch(root, 'Sudo.sudo', setCharlie(1n * UNIT)), 'BadOrigin');
    expectNoop(chain.dispatch(none, 'Sudo.sudo', setCharlie(1n * UNIT)), 'BadOrigin');
  });

  test('calls nest at most 15 deep', () => {
    // 16 levels of calls, including the outermost.
    let call = chain.names.call('System.remark', '0x');
    for (let i = 0; i < 15; i++) call = Uint8Array.of(4, 0, ...call);
    expectOk(chain.dispatchEncoded(signed(ALICE), call));
    expect(() => chain.dispatchEncoded(signed(ALICE), Uint8Array.of(4, 0, ...call))).toThrow('no call');
  });
});

describe('sudo_unchecked_weight', () => {
  const weight = (refTime: bigint): object => ({ refTime, proofSize: 0 });

  test('makes a call as root, free of charge, with exactly the weight that is given', () => {
    for (const given of [0n, 1n, 7_000_000_000n]) {
      const outcome = chain.dispatch(signed(ALICE), 'Sudo.sudo_unchecked_weight', setCharlie(3n * UNIT), weight(given));
      expectOk(outcome);
      expect(outcome.weight).toBe(given);
      expect(outcome.paysFee).toBe(false);
      expectEvent(outcome, 'Sudo.Sudid', { sudo_result: { ok: null } });
      expect(chain.account(CHARLIE).free).toBe(3n * UNIT);
    }
  });

  test("a lighter call's own use of weight does not make it lighter", () => {
    // The inner Sudo returns what its inner call left unused; the outer weight stays as given.
    const inner = chain.names.call('Sudo.sudo_as', ALICE, chain.names.call('System.remark', '0x'));
    const whole = chain.names.call('Sudo.sudo_unchecked_weight', inner, weight(9_000_000_000n));
    expect(expectOk(chain.dispatchEncoded(signed(ALICE), whole)).weight).toBe(9_000_000_000n);
  });

  test('the inner call may fail: its writes are undone, and the event has the error', () => {
    const needsSigner = chain.names.call('Balances.transfer_allow_death', BOB, 1n);
    const outcome = expectOk(chain.dispatch(signed(ALICE), 'Sudo.sudo_unchecked_weight', needsSigner, weight(1n)));
    expectEvent(outcome, 'Sudo.Sudid', { sudo_result: { err: { badOrigin: null } } });
    expect(chain.account(BOB).free).toBe(1_000_000n * UNIT);
  });

  test('has the class of the inner call, and is refused for all other origins', () => {
    const call = (inner: Uint8Array): Uint8Array => chain.names.call('Sudo.sudo_unchecked_weight', inner, weight(1n));
    const classOf = (encoded: Uint8Array): number => {
      const args = new Writer().raw(encoded).u32(0).finish(); // without the weight of a length
      const info = new Reader(chain.call('TransactionPaymentCallApi_query_call_info', args));
      expect([info.compact(), info.compact()]).toEqual([1, 0]);
      return info.u8();
    };
    expect(classOf(call(chain.names.call('System.remark', '0x')))).toBe(0);
    expect(classOf(call(chain.names.call('System.set_code', '0x')))).toBe(1);
    for (const [origin, error] of [
      [signed(BOB), 'Sudo.RequireSudo'],
      [root, 'BadOrigin'],
      [none, 'BadOrigin'],
    ] as const)
      expectNoop(chain.dispatchEncoded(origin, call(setCharlie(UNIT))), error);
  });
});

describe('sudo_as', () => {
  test('makes a call as another account', () => {
    const call = chain.names.call('Balances.transfer_allow_death', CHARLIE, UNIT);
    const outcome = expectOk(chain.dispatch(signed(ALICE), 'Sudo.sudo_as', BOB, call));
    expect(outcome.paysFee).toBe(false);
    expectEvent(outcome, 'Sudo.SudoAsDone', { sudo_result: { ok: null } });
    expect(chain.account(BOB).free).toBe(999_999n * UNIT);
  });

  test("is refused for all other origins, and for an address that can't be looked up", () => {
    const call = chain.names.call('System.remark', '0x');
    expectNoop(chain.dispatch(signed(BOB), 'Sudo.sudo_as', ALICE, call), 'Sudo.RequireSudo');
    expectNoop(chain.dispatch(signed(ALICE), 'Sudo.sudo_as', { Raw: '0x' }, call), 'CannotLookup');
    expectNoop(chain.dispatch(root, 'Sudo.sudo_as', ALICE, call), 'BadOrigin');
  });
});

describe('set_key', () => {
  test('changes the sudo account', () => {
    const outcome = expectOk(chain.dispatch(signed(ALICE), 'Sudo.set_key', BOB));
    expect(outcome.paysFee).toBe(false);
    expectEvents(outcome, ['Sudo.KeyChanged', { old: addressOf(ALICE), new: addressOf(BOB) }]);
    expectNoop(chain.dispatch(signed(ALICE), 'Sudo.set_key', ALICE), 'Sudo.RequireSudo');
    expectOk(chain.dispatch(signed(BOB), 'Sudo.set_key', BOB));
    expectNoop(chain.dispatch(signed(BOB), 'Sudo.set_key', { Raw: '0x' }), 'CannotLookup');
    expectNoop(chain.dispatch(root, 'Sudo.set_key', ALICE), 'BadOrigin');
  });
});

describe('remove_key', () => {
  test('removes the sudo account', () => {
    expectNoop(chain.dispatch(signed(BOB), 'Sudo.remove_key'), 'Sudo.RequireSudo');
    const outcome = expectOk(chain.dispatch(signed(ALICE), 'Sudo.remove_key'));
    expect(outcome.paysFee).toBe(false);
    expectEvents(outcome, ['Sudo.KeyRemoved', {}]);
    expect(chain.query('Sudo.Key')).toBeUndefined();
    expectNoop(chain.dispatch(signed(ALICE), 'Sudo.remove_key'), 'Sudo.RequireSudo');
    expectNoop(chain.dispatch(root, 'Sudo.remove_key'), 'BadOrigin');
  });
});
