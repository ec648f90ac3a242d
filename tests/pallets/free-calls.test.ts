// Calls of Storage that are free if they succeed, as extrinsics: those that would fail are invalid, and cost nothing. Spec: D42.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { TransactionPool } from '../../host/node/pool/index.js';
import { decodeValidity, type Validity } from '../../host/node/validity.js';
import {
  addressOf,
  ALICE,
  alicePair,
  BOB,
  bobPair,
  expectEvent,
  expectOk,
  signed,
  signExtrinsic,
  TestChain,
} from '../harness/index.js';
import { validate } from './support/executive.js';

const DELAY = 5;
const data = utf8('a preimage');
const hash = blake2_256(data);
const VALID = { invalid: undefined, error: undefined, leftTraces: false };
const INVALID = { invalid: 'Invalid.Call', error: undefined, leftTraces: false };

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start({
    balances: { balances: [ALICE, BOB].map((who) => [toHex(who), '1000000000000000']) },
    storage: { expungeDelay: DELAY },
  });
});

const provide = (): Uint8Array => chain.names.call('Storage.provide', toHex(data));
const expunge = (): Uint8Array => chain.names.call('Storage.expunge', hash);
const refund = (): Uint8Array => chain.names.call('Storage.expunge_untrusted', ALICE, hash);
const byAlice = (call: Uint8Array, nonce?: number): Uint8Array =>
  signExtrinsic(chain, alicePair, call, nonce === undefined ? {} : { nonce });
const byBob = (call: Uint8Array): Uint8Array => signExtrinsic(chain, bobPair, call);
const request = (): void =>
  void expectOk(chain.dispatch(signed(ALICE), 'Storage.request_untrusted', hash, data.length));
const unrequest = (): void => void expectOk(chain.dispatch(signed(ALICE), 'Storage.unrequest_untrusted', hash));

/** Priority of the last transaction that `tagsOf` found valid. */
let priority: bigint;

/** The pool's view of an extrinsic with its length prefix, on the parent's state. */
function verdict(bytes: Uint8Array): Validity {
  const args = new Writer().u8(2).raw(bytes).raw(chain.parentHash).finish();
  return decodeValidity(chain.call('TaggedTransactionQueue_validate_transaction', args, chain.onParent()));
}

/** The tags that a transaction provides on the parent's state, or why it is invalid. */
function tagsOf(extrinsic: Uint8Array): string[] | string {
  const told = validate(chain, extrinsic);
  if (typeof told === 'string') return told;
  priority = told.priority;
  return told.provides;
}

/** A refused extrinsic leaves its sender's account and the block as they are. */
function expectFree(extrinsic: Uint8Array): void {
  // The first transaction of a block marks its inherents as complete, also if it is refused.
  expect(chain.submit(byBob(chain.names.call('System.remark', '0x')))).toEqual(VALID);
  const before = [chain.root(), JSON.stringify(chain.json('System.Account', ALICE))];
  expect(chain.submit(extrinsic)).toEqual(INVALID);
  expect([chain.root(), JSON.stringify(chain.json('System.Account', ALICE))]).toEqual(before);
}

describe('a copied provide', () => {
  test('that comes first costs the provider nothing, nor does it cost its sender', () => {
    request();
    const original = byAlice(provide());
    const { free } = chain.account(BOB);
    expect(chain.submit(byBob(provide()))).toEqual(VALID);
    expectEvent(chain, 'Storage.Provided', { len: data.length });
    expect(chain.account(BOB).free).toBe(free);
    expectFree(original);
    chain.advance(); // executes the block again
    expect(tagsOf(byAlice(provide()))).toBe('Invalid 0');
  });

  test('does not replace it in the pool by a tip: both have one priority', () => {
    request();
    chain.advance();
    const [original, copy] = [
      byAlice(provide()),
      signExtrinsic(chain, bobPair, provide(), { tip: 1_000_000_000_000n }),
    ];
    expect(copy.length).toBeGreaterThan(original.length);
    const priorities = [original, copy].map((each) => {
      expect(tagsOf(each)).toHaveLength(2);
      return priority;
    });
    expect(priorities[0]).toBeGreaterThan(0n);
    expect(priorities[1]).toBe(priorities[0]);
  });

  test('is not in the pool beside it: both provide one tag, other preimages another', () => {
    request();
    const other = utf8('another one');
    expectOk(chain.dispatch(signed(ALICE), 'Storage.request_untrusted', blake2_256(other), other.length));
    chain.advance();
    const [original, copy] = [tagsOf(byAlice(provide())), tagsOf(byBob(provide()))];
    // The index of the pallet and of the call, and the preimage with its length (compact).
    const tag = (preimage: Uint8Array): string =>
      toHex(blake2_256(Uint8Array.of(12, 4, preimage.length << 2, ...preimage)));
    expect(original).toEqual([expect.any(String), tag(data)]);
    expect(copy).toEqual([expect.any(String), tag(data)]);
    expect(copy[0]).not.toBe(original[0]);
    expect(tagsOf(byAlice(chain.names.call('Storage.provide', toHex(other))))).toEqual([original[0], tag(other)]);
    expect(tagsOf(byAlice(chain.names.call('System.remark', '0x')))).toEqual([original[0]]);
  });
});

describe('a provide of what is not requested', () => {
  test('is invalid, also if its request ended just before', () => {
    expectFree(byAlice(provide()));
    expect(tagsOf(byAlice(provide()))).toBe('Invalid 0');
    request();
    const original = byAlice(provide());
    unrequest();
    expectFree(original);
  });

  test('may wait behind a request of the same sender', () => {
    const calls = [chain.names.call('Storage.request_untrusted', hash, data.length), provide()];
    const [first, second] = calls.map((call, nonce) => byAlice(call, nonce)) as [Uint8Array, Uint8Array];
    // Without a tag of the call, which would keep others out although it may fail.
    expect(tagsOf(second)).toHaveLength(1);
    expect(chain.submit(first)).toEqual(VALID);
    expect(chain.submit(second)).toEqual(VALID);
    expectEvent(chain, 'Storage.Provided', { len: data.length });
  });
});

test('a copy of expunge_untrusted that came first is not withdrawn by a tip: its block returns the deposit', () => {
  expectOk(chain.dispatch(signed(ALICE), 'Storage.store', toHex(data)));
  unrequest(); // in block 1
  chain.advanceTo(1 + DELAY);
  const pool = new TransactionPool({
    validate: verdict,
    estimate: verdict,
    bestNumber: () => chain.number - 1,
    nowMs: () => 0,
    later: (call) => call(),
    onFault: (error) => {
      throw error;
    },
  });
  const submit = (extrinsic: Uint8Array): unknown => {
    const submitted = pool.submit(new Writer().bytes(extrinsic).finish());
    return submitted.ok || submitted.error.kind;
  };
  const copy = byBob(refund());
  expect(submit(copy)).toBe(true);
  expect(submit(signExtrinsic(chain, alicePair, refund(), { tip: 1_000_000_000_000n }))).toBe('tooLowPriority');
  const remark = chain.names.call('System.remark', '0x');
  expect(submit(signExtrinsic(chain, bobPair, remark, { tip: 1_000_000_000_000n }))).toBe('abandonsTag');
  expect(pool.ready().map(({ bytes }) => toHex(bytes))).toEqual([toHex(new Writer().bytes(copy).finish())]);

  expect(chain.submit(copy)).toEqual(VALID);
  expectEvent(chain, 'Balances.Released', { who: addressOf(ALICE) });
});

test.each([
  ['expunge', expunge],
  ['expunge_untrusted', refund],
])('%s is invalid before 24 hours have passed and after a copy, and free between', (_name, call) => {
  expectFree(byAlice(call()));
  expectOk(chain.dispatch(signed(ALICE), 'Storage.store', toHex(data)));
  expectFree(byAlice(call()));
  unrequest(); // in block 1
  chain.advanceTo(DELAY);
  expectFree(byAlice(call()));
  expect(tagsOf(byAlice(call()))).toBe('Invalid 0');
  chain.advanceTo(1 + DELAY);
  // The pool judges on the parent's state what would be in this block.
  expect(tagsOf(byAlice(call()))).toHaveLength(2);
  const original = byAlice(call());
  const { free } = chain.account(BOB);
  expect(chain.submit(byBob(call()))).toEqual(VALID);
  expectEvent(chain, 'Storage.Expunged');
  expect(chain.account(BOB).free).toBe(free);
  expectFree(original);
  chain.advance();
});
