// The Authorizations pallet: AuthIds, deposits, the code that an Authorizer holds, and unregistering.
// Spec: RFC-0031 § Collection and `is_authorized`; D23, D27.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedWeight } from '../../bench/weights/constants.js';
import { blake2_256, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { LIMITS } from '../../host/vm/index.js';
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
  type Outcome,
  root,
  signed,
  stranger,
  TestChain,
} from '../harness/index.js';
import { loops, padded, stub } from './support/guests.js';

const ANN = signed(ALICE);
const BEN = signed(BOB);
/** Short for tests; the default is 14,400. */
const DELAY = 20;
const CODE = stub({ entries: ['is_authorized'] });
const BYTES = CODE.length;
const HASH = blake2_256(CODE);
const authorizer = { codeHash: HASH, param: '0x010203' };
/**
 * 10¹⁰ and 10⁷ for each byte of the encoded Authorizer (32 of the hash, 1 + 3 of the parameter); for the code, Storage's
 * deposit: 10¹¹ and 10⁶ for each byte.
 */
const DEPOSIT = 10_000_000_000 + 36 * 10_000_000 + 100_000_000_000 + BYTES * 1_000_000;
/** Storage's deposit for the code, of the account that uploaded it. */
const CODE_DEPOSIT = 100_000_000_000 + BYTES * 1_000_000;
const ID = 10_000;
/** Why the deposit is held. */
const HELD = { authorizations: 'Registration' };

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start({
    balances: { balances: [ALICE, BOB, CHARLIE].map((who) => [toHex(who), '1000000000000000']) },
    storage: { expungeDelay: DELAY },
    coretime: { cores: 2 },
  });
  expectOk(chain.dispatch(BEN, 'Storage.store', toHex(CODE)));
});

const register = (by = ANN): Outcome => chain.dispatch(by, 'Authorizations.register', authorizer);
const unregister = (id = ID, by = ANN): Outcome => chain.dispatch(by, 'Authorizations.unregister', id);
const assign = (core: number, id: number | null): Outcome =>
  expectOk(chain.dispatch(root, 'Coretime.assign', core, id));
/** Whether lookups find the code. */
const findsCode = (): boolean =>
  new Reader(chain.call('CoreJamApi_lookup', HASH)).option((r) => r.bytes()) !== undefined;

describe('register', () => {
  test('AuthIds are sequential from 10,000', () => {
    expectEvents(
      register(),
      ['Balances.Held', { reason: HELD, who: addressOf(ALICE), amount: DEPOSIT }],
      ['Storage.Requested', { hash: toHex(HASH), len: BYTES, requester: { authorizer: { id: 10_000 } } }],
      ['Authorizations.Registered', { id: 10_000, depositor: addressOf(ALICE), code_hash: toHex(HASH) }],
    );
    expectEvent(register(BEN), 'Authorizations.Registered', { id: 10_001, depositor: addressOf(BOB) });
    expect(chain.json('Authorizations.Authorizers', 10_001)).toEqual({ codeHash: toHex(HASH), param: '0x010203' });
    expect(chain.query('Authorizations.Authorizers', 9_999)).toBeUndefined();
  });

  test('takes a deposit for the encoded Authorizer and the length of its code', () => {
    expectOk(register());
    expect(chain.account(ALICE).reserved).toBe(BigInt(DEPOSIT));
  });

  test('requires that the code is in Storage, and requested', () => {
    const unknown = { codeHash: blake2_256(utf8('other code')), param: '0x' };
    expectNoop(chain.dispatch(ANN, 'Authorizations.register', unknown), 'Authorizations.CodeNotStored');
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', unknown.codeHash, 10)); // requested, not provided
    expectNoop(chain.dispatch(ANN, 'Authorizations.register', unknown), 'Authorizations.CodeNotStored');
    expectOk(chain.dispatch(BEN, 'Storage.unrequest_untrusted', HASH)); // stored, no longer requested
    expectNoop(register(), 'Authorizations.CodeNotStored');
  });

  test("code that is longer than the VM accepts can't be registered", () => {
    const registers = (length: number) => {
      const code = padded(CODE, length);
      expectOk(chain.dispatch(BEN, 'Storage.store', toHex(code)));
      return chain.dispatch(ANN, 'Authorizations.register', { codeHash: blake2_256(code), param: '0x' });
    };
    expect(LIMITS.moduleBytes).toBe(1_048_576);
    expectOk(registers(1_048_576));
    expectNoop(registers(1_048_577), 'Authorizations.CodeTooLong');
  });

  test.each<[string, Uint8Array]>([
    ['is no Wasm module', utf8('the code of an Authorizer')],
    ['has no is_authorized', stub({ entries: ['refine', 'prune', 'accumulate'] })],
    ['starts with more memory than in-core', stub({ pages: 1_025 })],
    ['is too long once it is instrumented', loops()],
  ])("code that can't run is refused: it %s", (_, code) => {
    expectOk(chain.dispatch(BEN, 'Storage.store', toHex(code)));
    const call = (): Outcome =>
      chain.dispatch(ANN, 'Authorizations.register', { codeHash: blake2_256(code), param: '0x' });
    expectNoop(call(), 'Authorizations.InvalidCode');
  });

  test('code may start with all the memory of an in-core instance', () => {
    const code = stub({ entries: ['is_authorized'], pages: 1_024 });
    expectOk(chain.dispatch(BEN, 'Storage.store', toHex(code)));
    expectOk(chain.dispatch(ANN, 'Authorizations.register', { codeHash: blake2_256(code), param: '0x' }));
  });

  test('weighs the preparing of the slowest code of any length', () => {
    // 7 ms, and 150,000 ps for each byte.
    const preparing = 7_000_000_000n + BigInt(BYTES) * 150_000n;
    expect(expectOk(register()).weight).toBe(storedWeight('Authorizations', 'register') + preparing);
  });

  test('a parameter has at most 1,024 bytes', () => {
    const call = (length: number): Uint8Array =>
      new Writer().u8(13).u8(0).raw(HASH).bytes(new Uint8Array(length)).finish();
    expectOk(chain.dispatchEncoded(ANN, call(1_024)));
    expect(() => chain.dispatchEncoded(ANN, call(1_025))).toThrow('no call');
  });

  test('requires an account that can pay the deposit', () => {
    expectNoop(register(signed(stranger(3))), 'Token.CannotCreateHold');
    expectNoop(chain.dispatch(root, 'Authorizations.register', authorizer), 'BadOrigin');
    expectNoop(chain.dispatch(none, 'Authorizations.register', authorizer), 'BadOrigin');
  });

  test('is refused when no ids are left', () => {
    chain.poke('Authorizations.Count', [], new Writer().u32(0xffff_ffff - 10_000).finish());
    expectEvent(expectOk(register()), 'Authorizations.Registered', { id: 0xffff_ffff });
    expectNoop(register(), 'Authorizations.OutOfIds');
  });
});

test("the uploader of an Authorizer's code can't switch its core off", () => {
  expectOk(register());
  assign(0, ID);
  expectEvent(chain.dispatch(BEN, 'Storage.unrequest_untrusted', HASH), 'Storage.Unrequested', { wait: false });
  expectOk(chain.dispatch(BEN, 'Storage.expunge_untrusted', BOB, HASH)); // the uploader's deposit returns…
  expect(chain.account(BOB).reserved).toBe(0n);
  expectNoop(chain.dispatch(BEN, 'Storage.expunge', HASH), 'Storage.StillRequested'); // …the code stays
  expectNoop(chain.dispatch(root, 'Storage.unrequest', HASH), 'Storage.NotRequested');
  expect(findsCode()).toBe(true);
});

describe('unregister', () => {
  beforeEach(() => void expectOk(register()));

  const unrequested = (wait: boolean): Parameters<typeof expectEvents>[1] => [
    'Storage.Unrequested',
    { hash: toHex(HASH), requester: { authorizer: { id: ID } }, wait },
  ];
  const released: Parameters<typeof expectEvents>[1] = [
    'Balances.Released',
    { reason: HELD, who: addressOf(ALICE), amount: DEPOSIT },
  ];
  const refunded: Parameters<typeof expectEvents>[1] = [
    'Authorizations.Refunded',
    { id: ID, depositor: addressOf(ALICE), amount: DEPOSIT },
  ];

  test('returns the deposit at once while another request holds the code', () => {
    expectEvents(
      unregister(),
      unrequested(false),
      ['Authorizations.Unregistered', { id: ID, depositor: addressOf(ALICE), wait: false }],
      released,
      refunded,
    );
    expect(chain.account(ALICE).reserved).toBe(0n);
    expect(chain.query('Authorizations.Authorizers', ID)).toBeUndefined();
    expect(chain.query('Authorizations.Registrations', ID)).toBeUndefined();
  });

  test('returns the deposit with the removal of the code if nothing else requests it', () => {
    expectOk(chain.dispatch(BEN, 'Storage.unrequest_untrusted', HASH));
    chain.advanceTo(3);
    expectEvents(unregister(), unrequested(true), [
      'Authorizations.Unregistered',
      { id: ID, depositor: addressOf(ALICE), wait: true },
    ]);
    expect(chain.account(ALICE).reserved).toBe(BigInt(DEPOSIT));
    expect(chain.query('Authorizations.Authorizers', ID)).toBeUndefined();
    expect(chain.query('Authorizations.Registrations', ID)).toBeUndefined();
    // In-core code may still look the code up at context blocks of the last 24 hours (D27).
    chain.advanceTo(3 + DELAY - 1);
    expectNoop(chain.dispatch(BEN, 'Storage.expunge', HASH), 'Storage.TooEarly');
    expectNoop(unregister(), 'Authorizations.TooEarly');
    chain.advance();
    expectNoop(unregister(ID, BEN), 'Authorizations.NotDepositor');
    expectEvents(unregister(), ['Storage.Expunged', { hash: toHex(HASH) }], released, refunded);
    expect(chain.account(ALICE).reserved).toBe(0n);
    expect(chain.query('Authorizations.Waiting', ID)).toBeUndefined();
    expectNoop(unregister(), 'Authorizations.NotRegistered');
  });

  test.each([
    ['the code was removed', () => expectOk(chain.dispatch(BEN, 'Storage.expunge', HASH))],
    ['another request holds the code', () => expectOk(chain.dispatch(BEN, 'Storage.request_untrusted', HASH, BYTES))],
  ])('returns a deposit that waited when %s', (_what, act) => {
    expectOk(chain.dispatch(BEN, 'Storage.unrequest_untrusted', HASH));
    expectOk(unregister());
    chain.advance(DELAY);
    act();
    expectEvents(unregister(), released, refunded);
    expect(chain.account(ALICE).reserved).toBe(0n);
  });

  test('no preimage is stored without a deposit: request, register, unrequest, expunge and unregister in one block', () => {
    const data = stub({ note: 'data for ever' });
    const codeHash = blake2_256(data);
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expectOk(chain.dispatch(ANN, 'Authorizations.register', { codeHash, param: '0x' }));
    expectEvent(chain.dispatch(ANN, 'Storage.unrequest_untrusted', codeHash), 'Storage.Unrequested', { wait: false });
    expectOk(chain.dispatch(ANN, 'Storage.expunge_untrusted', ALICE, codeHash));
    const held = chain.account(ALICE).reserved;
    expectOk(unregister(ID + 1));
    expect(chain.json('Storage.Lengths', codeHash)).toBe(data.length);
    expect(chain.account(ALICE).reserved).toBe(held);
    chain.advance(DELAY);
    expectOk(unregister(ID + 1));
    expect(chain.query('Storage.Lengths', codeHash)).toBeUndefined();
    expect(chain.account(ALICE).reserved).toBe(BigInt(DEPOSIT)); // of the other Authorizer
  });

  test('is for the depositor', () => {
    expectNoop(unregister(ID, BEN), 'Authorizations.NotDepositor');
    expectNoop(chain.dispatch(root, 'Authorizations.unregister', ID), 'BadOrigin');
    expectNoop(chain.dispatch(none, 'Authorizations.unregister', ID), 'BadOrigin');
  });

  test('is possible once', () => {
    expectNoop(unregister(ID + 1), 'Authorizations.NotRegistered');
    expectOk(unregister());
    expectNoop(unregister(), 'Authorizations.NotRegistered');
  });

  test('is refused while a core is assigned to it', () => {
    assign(0, ID);
    assign(1, ID);
    chain.advance(2 * DELAY);
    expectNoop(unregister(), 'Authorizations.StillAssigned');
    assign(0, null);
    chain.advance(2 * DELAY);
    expectNoop(unregister(), 'Authorizations.StillAssigned');
    assign(1, null);
    chain.advance(DELAY);
    expectOk(unregister());
  });

  test('is possible 24 hours after the last assignment ended', () => {
    const other = ID + 1;
    expectOk(register(BEN));
    assign(0, ID);
    chain.advanceTo(5);
    assign(0, other); // ends the assignment in block 5
    chain.advanceTo(5 + DELAY - 1);
    expectNoop(unregister(), 'Authorizations.TooEarly');
    chain.advance();
    expectOk(unregister());
    expectNoop(unregister(other, BEN), 'Authorizations.StillAssigned');
  });

  test('counts from the last of several assignments, also one that ended in the block in which it began', () => {
    assign(0, ID);
    chain.advanceTo(5);
    assign(0, null);
    chain.advanceTo(9);
    assign(1, ID);
    assign(1, null);
    chain.advanceTo(9 + DELAY - 1);
    expectNoop(unregister(), 'Authorizations.TooEarly');
    chain.advance();
    expectOk(unregister());
  });

  test('an assignment that is renewed counts as one core', () => {
    assign(0, ID);
    assign(0, ID);
    expect(chain.json('Authorizations.Registrations', ID)).toMatchObject({ cores: 1 });
    assign(0, null);
    assign(0, null);
    expect(chain.json('Authorizations.Registrations', ID)).toMatchObject({ cores: 0, endedAt: 1 });
  });

  test("an unregistered AuthId can't be assigned, and is not given again", () => {
    expectOk(unregister());
    expectNoop(chain.dispatch(root, 'Coretime.assign', 0, ID), 'Coretime.NotRegistered');
    expectEvent(expectOk(register()), 'Authorizations.Registered', { id: ID + 1 });
  });

  test('two Authorizers with one code hold it separately', () => {
    expectOk(register(signed(CHARLIE)));
    expectOk(chain.dispatch(BEN, 'Storage.unrequest_untrusted', HASH));
    expectEvent(expectOk(unregister()), 'Storage.Unrequested', { wait: false });
    expect(findsCode()).toBe(true);
    expect(chain.account(CHARLIE).reserved).toBe(BigInt(DEPOSIT));
    expect(chain.account(BOB).reserved).toBe(BigInt(CODE_DEPOSIT));
  });
});
