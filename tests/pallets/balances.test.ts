// Balances: every call, each of its errors with an equal state root, both sides of each limit.
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  ALICE,
  BOB,
  CHARLIE,
  expectEvent,
  expectNoop,
  expectOk,
  none,
  root,
  signed,
  stranger,
  TestChain,
} from '../harness/index.js';

const UNIT = 1_000_000_000_000n;
const ED = 1_000_000_000n;
const MAX = 2n ** 128n - 1n;
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start({
    balances: {
      balances: [
        [hex(ALICE), `${100n * UNIT}`],
        [hex(BOB), `${ED}`],
      ],
    },
    sudo: { key: hex(ALICE) },
    validators: { keys: [hex(ALICE)] },
    coretime: { cores: 1 },
  });
});

const free = (who: Uint8Array): bigint => chain.account(who).free;
const issuance = (): bigint => chain.integer('Balances.TotalIssuance');
const transfer = (to: unknown, amount: bigint, from = ALICE): ReturnType<TestChain['dispatch']> =>
  chain.dispatch(signed(from), 'Balances.transfer_allow_death', to, amount);
const keepAlive = (to: unknown, amount: bigint, from = ALICE): ReturnType<TestChain['dispatch']> =>
  chain.dispatch(signed(from), 'Balances.transfer_keep_alive', to, amount);

describe('genesis', () => {
  test('issuance is the sum of the balances', () => {
    expect(issuance()).toBe(100n * UNIT + ED);
    expect(chain.account(ALICE)).toEqual({
      nonce: 0,
      consumers: 0,
      providers: 1,
      free: 100n * UNIT,
      reserved: 0n,
      frozen: 0n,
    });
  });

  test('the existential deposit is in the metadata', () => {
    expect(chain.names.constant('Balances.ExistentialDeposit').toString()).toBe(String(ED));
  });
});

describe('transfer_allow_death', () => {
  test('moves exactly the amount', () => {
    const outcome = expectOk(transfer(BOB, 5n * UNIT));
    expect(free(ALICE)).toBe(95n * UNIT);
    expect(free(BOB)).toBe(ED + 5n * UNIT);
    expect(issuance()).toBe(100n * UNIT + ED);
    expect(outcome.events.map(({ name }) => name)).toEqual(['Balances.Transfer']);
    expectEvent(outcome, 'Balances.Transfer', { amount: Number(5n * UNIT) });
  });

  test('a new account needs the existential deposit', () => {
    expectNoop(transfer(CHARLIE, ED - 1n), 'Token.BelowMinimum');
    const outcome = expectOk(transfer(CHARLIE, ED));
    expect(chain.account(CHARLIE)).toMatchObject({ free: ED, providers: 1 });
    expect(outcome.events.map(({ name }) => name)).toEqual([
      'System.NewAccount',
      'Balances.Endowed',
      'Balances.Transfer',
    ]);
  });

  test('an amount above the balance is refused', () => {
    expectNoop(transfer(BOB, 100n * UNIT + 1n), 'Token.FundsUnavailable');
    expectNoop(transfer(BOB, 1n, stranger(9)), 'Token.FundsUnavailable');
    expectOk(transfer(BOB, 100n * UNIT));
    expect(chain.query('System.Account', ALICE)!.toJSON()).toMatchObject({ providers: 0 });
  });

  test('an account that keeps less than the existential deposit is removed, and its dust is burnt', () => {
    const outcome = expectOk(transfer(BOB, 100n * UNIT - ED + 1n));
    expect(free(ALICE)).toBe(0n);
    expect(chain.overlay.get(chain.names.key('System.Account', ALICE))).toBeUndefined();
    expect(issuance()).toBe(100n * UNIT + ED - (ED - 1n));
    expectEvent(outcome, 'System.KilledAccount', {});
    expectEvent(outcome, 'Balances.DustLost', { amount: Number(ED - 1n) });
  });

  test('an account that keeps exactly the existential deposit is not removed', () => {
    expectOk(transfer(BOB, 100n * UNIT - ED));
    expect(chain.account(ALICE)).toMatchObject({ free: ED, providers: 1 });
  });

  test('a transfer to oneself mints nothing and moves nothing', () => {
    const outcome = expectOk(transfer(ALICE, 60n * UNIT));
    expect(outcome.after).toBe(outcome.before);
    expect(free(ALICE)).toBe(100n * UNIT);
    expect(issuance()).toBe(100n * UNIT + ED);
    expectNoop(transfer(ALICE, 100n * UNIT + 1n), 'Token.FundsUnavailable');
  });

  test('a transfer of zero to any account succeeds', () => {
    const outcome = expectOk(transfer(CHARLIE, 0n));
    expect(outcome.after).toBe(outcome.before);
  });

  test('a balance above 2^128 is refused', () => {
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', ALICE, 1n * UNIT));
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', BOB, MAX - 1n * UNIT));
    expectOk(transfer(BOB, 5n));
    expectNoop(transfer(ALICE, MAX, BOB), 'Token.FundsUnavailable');
  });

  test('an account with a consumer is not removed', () => {
    const account = chain.query('System.Account', ALICE)!.toU8a();
    account[4] = 1; // consumers
    chain.poke('System.Account', [ALICE], account);
    expectNoop(transfer(BOB, 100n * UNIT), 'Token.OnlyProvider');
    expectNoop(transfer(BOB, 100n * UNIT - ED + 1n), 'Token.OnlyProvider');
    expectOk(transfer(BOB, 100n * UNIT - ED));
  });

  test("frozen balance can't leave the account", () => {
    const account = chain.query('System.Account', ALICE)!.toU8a();
    account.set([0, 0, 0, 0, 0, 16], 16 + 32); // frozen = 2^44
    account[4] = 1;
    chain.poke('System.Account', [ALICE], account);
    expectNoop(transfer(BOB, 100n * UNIT - 2n ** 44n + 1n), 'Token.Frozen');
    expectOk(transfer(BOB, 100n * UNIT - 2n ** 44n));
  });

  test('requires an account as target, and a signed origin', () => {
    expectNoop(transfer({ Raw: '0x1234' }, 5n), 'CannotLookup');
    expectNoop(chain.dispatch(root, 'Balances.transfer_allow_death', BOB, 5n), 'BadOrigin');
    expectNoop(chain.dispatch(none, 'Balances.transfer_allow_death', BOB, 5n), 'BadOrigin');
  });
});

describe('transfer_keep_alive', () => {
  test('is refused if it would remove the sender', () => {
    expectNoop(keepAlive(BOB, 100n * UNIT - ED + 1n), 'Token.NotExpendable');
    expectOk(keepAlive(BOB, 100n * UNIT - ED));
    expect(free(ALICE)).toBe(ED);
    expectNoop(keepAlive(ALICE, 1n, BOB === ALICE ? BOB : stranger(3)), 'Token.FundsUnavailable');
    expectNoop(chain.dispatch(root, 'Balances.transfer_keep_alive', BOB, 5n), 'BadOrigin');
    expectNoop(keepAlive({ Raw: '0x1234' }, 1n), 'CannotLookup');
  });
});

describe('transfer_all', () => {
  test('moves everything, or all but the existential deposit', () => {
    expectOk(chain.dispatch(signed(ALICE), 'Balances.transfer_all', BOB, true));
    expect(free(ALICE)).toBe(ED);
    expectOk(chain.dispatch(signed(ALICE), 'Balances.transfer_all', BOB, false));
    expect(free(ALICE)).toBe(0n);
    expect(free(BOB)).toBe(100n * UNIT + ED);
    expect(issuance()).toBe(100n * UNIT + ED);
    const foreign = { Address20: `0x${'00'.repeat(20)}` };
    expectNoop(chain.dispatch(signed(BOB), 'Balances.transfer_all', foreign, false), 'CannotLookup');
    expectNoop(chain.dispatch(none, 'Balances.transfer_all', BOB, false), 'BadOrigin');
  });
});

describe('force_transfer', () => {
  test("root moves any account's balance", () => {
    expectOk(chain.dispatch(root, 'Balances.force_transfer', ALICE, CHARLIE, 3n * UNIT));
    expect(free(CHARLIE)).toBe(3n * UNIT);
    expectNoop(chain.dispatch(signed(ALICE), 'Balances.force_transfer', BOB, ALICE, 1n), 'BadOrigin');
    expectNoop(chain.dispatch(root, 'Balances.force_transfer', { Raw: '0x' }, ALICE, 1n), 'CannotLookup');
    expectNoop(chain.dispatch(root, 'Balances.force_transfer', BOB, ALICE, ED + 1n), 'Token.FundsUnavailable');
  });
});

describe('force_set_balance', () => {
  test('sets a balance, and issuance follows up and down', () => {
    const outcome = expectOk(chain.dispatch(root, 'Balances.force_set_balance', CHARLIE, 7n * UNIT));
    expectEvent(outcome, 'Balances.BalanceSet', { free: Number(7n * UNIT) });
    expect(issuance()).toBe(107n * UNIT + ED);
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', CHARLIE, 2n * UNIT));
    expect(issuance()).toBe(102n * UNIT + ED);
  });

  test('below the existential deposit is zero, and removes the account', () => {
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', ALICE, ED - 1n));
    expect(chain.overlay.get(chain.names.key('System.Account', ALICE))).toBeUndefined();
    expect(issuance()).toBe(ED);
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', BOB, ED));
    expect(free(BOB)).toBe(ED);
  });

  test('issuance cannot exceed 2^128', () => {
    expectNoop(
      chain.dispatch(root, 'Balances.force_set_balance', CHARLIE, MAX - 100n * UNIT - ED + 1n),
      'Arithmetic.Overflow',
    );
    expectOk(chain.dispatch(root, 'Balances.force_set_balance', CHARLIE, MAX - 100n * UNIT - ED));
    expect(issuance()).toBe(MAX);
  });

  test('only root may call it', () => {
    expectNoop(chain.dispatch(signed(ALICE), 'Balances.force_set_balance', ALICE, 5n * UNIT), 'BadOrigin');
    expectNoop(chain.dispatch(root, 'Balances.force_set_balance', { Raw: '0x' }, 5n * UNIT), 'CannotLookup');
  });
});
