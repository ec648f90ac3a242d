// Holds of Balances: deposits by reason, as pallet_balances has them. Spec: D25 for the deposit of a class.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_128, concat, Reader, toHex, twox128, utf8, Writer } from '../../host/bytes/index.js';
import {
  addressOf,
  ALICE,
  BOB,
  expectEvent,
  expectNoop,
  expectOk,
  root,
  signed,
  stranger,
  TestChain,
} from '../harness/index.js';
import {
  accountOf,
  allAvailable,
  assignCores,
  attest,
  fund,
  registerClass,
  report,
  reportOf,
  startChain,
} from './support/corejam.js';
import { guest, ONE, UNIT as NO_RESULT } from './support/guests.js';

const UNIT = 1_000_000_000_000n;
const ED = 1_000_000_000n;
const STORAGE = { storage: 'Request' };
const CLASSES = { workClasses: 'Registration' };
/** The encoded reasons: index of the pallet, index of its reason. */
const ENCODED = { storage: Uint8Array.of(12, 0), workClasses: Uint8Array.of(14, 0) };

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start({
    balances: {
      balances: [
        [toHex(ALICE), `${100n * UNIT}`],
        [toHex(BOB), `${ED}`],
      ],
    },
    coretime: { cores: 1 },
  });
});

const args = (who: Uint8Array, reason: Uint8Array, amount: bigint): Uint8Array =>
  new Writer().raw(who).raw(reason).u128(amount).finish();

/** Holds; returns the error. */
function hold(amount: bigint, who = ALICE, reason = ENCODED.storage): string | undefined {
  const answer = new Reader(chain.call('TestApi_hold', args(who, reason, amount)));
  return answer.bool() ? chain.names.error(answer.raw(answer.remaining)) : undefined;
}
const release = (amount: bigint, who = ALICE, reason = ENCODED.storage): void =>
  void chain.call('TestApi_release', args(who, reason, amount));
const holds = (who = ALICE): unknown => chain.json('Balances.Holds', who);

describe('hold and release', () => {
  test('move balance between free and reserved, and keep the account', () => {
    expect(hold(40n * UNIT)).toBeUndefined();
    expect(chain.account(ALICE)).toMatchObject({ free: 60n * UNIT, reserved: 40n * UNIT, consumers: 1 });
    expectEvent(chain, 'Balances.Held', { reason: STORAGE, who: addressOf(ALICE), amount: Number(40n * UNIT) });
    release(15n * UNIT);
    expect(chain.account(ALICE)).toMatchObject({ free: 75n * UNIT, reserved: 25n * UNIT, consumers: 1 });
    expectEvent(chain, 'Balances.Released', { reason: STORAGE, who: addressOf(ALICE), amount: Number(15n * UNIT) });
    release(25n * UNIT);
    expect(chain.account(ALICE)).toMatchObject({ free: 100n * UNIT, reserved: 0n, consumers: 0 });
    expect(chain.overlay.get(chain.names.key('Balances.Holds', ALICE))).toBeUndefined();
    expect(chain.integer('Balances.TotalIssuance')).toBe(100n * UNIT + ED);
  });

  test('are counted by reason, and their sum is the reserved balance', () => {
    expect(hold(2n)).toBeUndefined();
    expect(hold(30n, ALICE, ENCODED.workClasses)).toBeUndefined();
    expect(hold(400n)).toBeUndefined();
    expect(holds()).toEqual([
      { id: STORAGE, amount: 402 },
      { id: CLASSES, amount: 30 },
    ]);
    expect(chain.account(ALICE).reserved).toBe(432n);
    release(402n);
    expect(holds()).toEqual([{ id: CLASSES, amount: 30 }]);
    expect(chain.account(ALICE)).toMatchObject({ reserved: 30n, consumers: 1 });
  });

  test('no more is released than is held for the reason', () => {
    expect(hold(5n)).toBeUndefined();
    expect(hold(7n, ALICE, ENCODED.workClasses)).toBeUndefined();
    release(6n);
    expectEvent(chain, 'Balances.Released', { reason: STORAGE, who: addressOf(ALICE), amount: 5 });
    expect(holds()).toEqual([{ id: CLASSES, amount: 7 }]);
    expect(chain.account(ALICE)).toMatchObject({ free: 100n * UNIT - 7n, reserved: 7n });
    const before = chain.root();
    release(1n); // nothing is left for this reason
    release(1n, BOB); // or for any
    expect(chain.root()).toBe(before);
  });

  test('the existential deposit stays free', () => {
    const before = chain.root();
    expect(hold(100n * UNIT - ED + 1n)).toBe('Token.FundsUnavailable');
    expect(hold(1n, BOB)).toBe('Token.FundsUnavailable');
    expect(hold(1n, stranger(5))).toBe('Token.CannotCreateHold');
    expect(chain.root()).toBe(before);
    expect(hold(100n * UNIT - ED)).toBeUndefined();
    expect(chain.account(ALICE).free).toBe(ED);
  });

  test('an account with a hold is not removed by a transfer', () => {
    expect(hold(UNIT)).toBeUndefined();
    const all = chain.dispatch(signed(ALICE), 'Balances.transfer_allow_death', BOB, 99n * UNIT);
    expectNoop(all, 'Token.OnlyProvider');
    expectOk(chain.dispatch(signed(ALICE), 'Balances.transfer_all', BOB, false));
    expect(chain.account(ALICE)).toMatchObject({ free: ED, reserved: UNIT });
  });

  test("root can't set the balance of an account with a hold to nothing: ConsumerRemaining", () => {
    const set = (amount: bigint) => chain.dispatch(root, 'Balances.force_set_balance', ALICE, amount);
    expect(hold(UNIT)).toBeUndefined();
    expectNoop(set(0n), 'ConsumerRemaining');
    expectNoop(set(ED - 1n), 'ConsumerRemaining');
    expectOk(set(ED));
    release(UNIT);
    expectOk(set(0n)); // no consumer is left
    expect(chain.overlay.get(chain.names.key('System.Account', ALICE))).toBeUndefined();
  });

  test('amounts of zero change nothing', () => {
    const before = chain.root();
    expect(hold(0n)).toBeUndefined();
    release(0n);
    expect(chain.root()).toBe(before);
  });
});

describe('what foreign clients see', () => {
  test("the metadata has frame_support's and pallet_balances' types", () => {
    const { lookup } = chain.names.registry;
    const byPath = (path: string) => lookup.types.find(({ type }) => type.path.join('::') === path)!.type;
    const amount = byPath('frame_support::traits::tokens::misc::IdAmount').def.asComposite;
    expect(amount.fields.map(({ name }) => name.unwrap().toString())).toEqual(['id', 'amount']);
    const variants = byPath('corejam_runtime::RuntimeHoldReason').def.asVariant.variants;
    // The variants have the names and indices of pallets, as a runtime's composite enum has them.
    expect(variants.map(({ index, name }) => [index.toNumber(), name.toString()])).toEqual(
      variants.map(({ index }) => [index.toNumber(), chain.names.pallets.get(index.toNumber())]),
    );
    expect(variants.map(({ name }) => name.toString())).toEqual([
      'Storage',
      'Authorizations',
      'WorkClasses',
      'Accumulation',
    ]);
  });

  test('the storage key and value are those of pallet_balances', () => {
    expect(hold(5n)).toBeUndefined();
    const key = chain.names.key('Balances.Holds', ALICE);
    expect(toHex(key)).toBe(toHex(concat(twox128(utf8('Balances')), twox128(utf8('Holds')), blake2_128(ALICE), ALICE)));
    // One entry: pallet 12, reason 0, amount as u128.
    const expected = concat(Uint8Array.of(4, 12, 0, 5), new Uint8Array(15));
    expect(toHex(chain.overlay.get(key)!)).toBe(toHex(expected));
  });
});

test("the deposit for a class's child trie is a hold on the class's account (D25)", async () => {
  chain = await startChain({ cores: 1, validators: 2 });
  assignCores(chain, 0);
  const code = guest({ accumulate: `(drop (call $set_work_storage ${ONE} ${ONE})) ${NO_RESULT}` });
  const classId = registerClass(chain, code, 0n, 2_000_000_000n);
  fund(chain, classId, UNIT);
  chain.advance();
  report(chain, [attest(reportOf(chain, { classId }), [0, 1])]);
  chain.advance();
  allAvailable(chain, [0], 2);
  chain.close();
  // 10⁹ for the entry, 10⁷ for each byte of key and value: "one" and "one".
  const deposit = 1_000_000_000 + 6 * 10_000_000;
  const reason = { accumulation: 'WorkStorage' };
  expectEvent(chain, 'Balances.Held', { reason, who: addressOf(accountOf(classId)), amount: deposit });
  expect(holds(accountOf(classId))).toEqual([{ id: reason, amount: deposit }]);
  expect(chain.account(accountOf(classId)).reserved).toBe(BigInt(deposit));
});
