// The Storage pallet: the clocks of deposits and preimages, the limit of ended intervals, and the holders of trusted
// requests. Spec: D21. tests/pallets/storage-model.test.ts compares random schedules with a model.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import {
  addressOf,
  ALICE,
  BOB,
  expectEvent,
  expectEvents,
  expectNoop,
  expectOk,
  type Origin,
  type Outcome,
  root,
  signed,
  TestChain,
} from '../harness/index.js';
import { stub } from './support/guests.js';

/** Long enough for 16 ended intervals, which take two blocks each. */
const DELAY = 40;
const data = utf8('a preimage');
const hash = blake2_256(data);
const H = toHex(hash);
const LEN = data.length;
/** Base 10¹¹, and 10⁶ for each of the 10 bytes. */
const DEPOSIT = 100_010_000_000;
/** Why it is held. */
const HELD = { storage: 'Request' };
const ANN = signed(ALICE);
const BEN = signed(BOB);
const [OF_ANN, OF_BEN] = [ALICE, BOB].map((who) => ({ account: { who: addressOf(who) } }));

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start({
    balances: { balances: [ALICE, BOB].map((who) => [toHex(who), '1000000000000000']) },
    storage: { expungeDelay: DELAY },
  });
});

const store = (by: Origin): Outcome => expectOk(chain.dispatch(by, 'Storage.store', toHex(data)));
const request = (by: Origin): Outcome => expectOk(chain.dispatch(by, 'Storage.request_untrusted', hash, LEN));
const unrequest = (by: Origin): Outcome => expectOk(chain.dispatch(by, 'Storage.unrequest_untrusted', hash));
const expunge = (): Outcome => chain.dispatch(BEN, 'Storage.expunge', hash);
const refund = (depositor: Uint8Array): Outcome => chain.dispatch(BEN, 'Storage.expunge_untrusted', depositor, hash);

/** Whether lookups find the preimage: in the open block's state, or in that of block `number`. */
function found(number?: number): boolean {
  const answer =
    number === undefined
      ? chain.call('CoreJamApi_lookup', hash)
      : chain.call('CoreJamApi_lookup_at', new Writer().raw(hash).u32(number).finish());
  return new Reader(answer).option((r) => r.bytes()) !== undefined;
}

/** Ends and renews the only request 16 times, each in a block of its own. The last renewal is in the open block. */
function fillIntervals(by: Origin): void {
  for (let i = 0; i < 16; i++) {
    chain.advance();
    unrequest(by);
    chain.advance();
    request(by);
  }
}

describe('a deposit has the clock of its depositor', () => {
  test("a stranger's request and unrequest now and then don't keep a depositor's deposit", () => {
    store(ANN);
    expectEvents(unrequest(ANN), ['Storage.Unrequested', { hash: H, requester: OF_ANN, wait: true }]); // in block 1
    // The stranger requests again before 24 hours have passed, and ends that: an end, and a new start of the 24 hours.
    chain.advanceTo(DELAY);
    request(BEN);
    expectEvents(unrequest(BEN), ['Storage.Unrequested', { hash: H, requester: OF_BEN, wait: true }]); // in block 40
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    chain.advanceTo(1 + DELAY);
    expectEvents(
      refund(ALICE),
      ['Balances.Released', { reason: HELD, who: addressOf(ALICE), amount: DEPOSIT }],
      ['Storage.Refunded', { hash: H, depositor: addressOf(ALICE), amount: DEPOSIT }],
    );
    expect(chain.account(ALICE).reserved).toBe(0n);
    // The preimage waits for the last end, and so does the stranger's own deposit.
    expectNoop(refund(BOB), 'Storage.TooEarly');
    expectNoop(expunge(), 'Storage.TooEarly');
    chain.advanceTo(2 * DELAY - 1);
    expectNoop(refund(BOB), 'Storage.TooEarly');
    chain.advance();
    expectEvents(
      refund(BOB),
      ['Storage.Expunged', { hash: H }],
      ['Balances.Released', { reason: HELD, who: addressOf(BOB), amount: DEPOSIT }],
      ['Storage.Refunded', { hash: H, depositor: addressOf(BOB), amount: DEPOSIT }],
    );
  });

  test("a request that is active when a deposit's 24 hours have passed keeps the preimage only", () => {
    store(ANN);
    unrequest(ANN);
    chain.advanceTo(DELAY);
    request(BEN);
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    chain.advanceTo(1 + DELAY);
    expectOk(refund(ALICE));
    expect(chain.account(ALICE).reserved).toBe(0n);
    expect(found()).toBe(true);
  });

  test('an end while another request is active returns the deposit at once, also after that one has ended', () => {
    store(ANN);
    request(BEN);
    expectEvent(unrequest(ANN), 'Storage.Unrequested', { wait: false });
    expectEvent(unrequest(BEN), 'Storage.Unrequested', { wait: true });
    expectOk(refund(ALICE));
    expectNoop(refund(BOB), 'Storage.TooEarly');
  });

  test("a depositor's new request stops the clock of its deposit", () => {
    store(ANN);
    unrequest(ANN);
    chain.advanceTo(DELAY);
    request(ANN);
    chain.advanceTo(1 + DELAY);
    expectNoop(refund(ALICE), 'Storage.StillRequested');
    unrequest(ANN);
    chain.advanceTo(2 * DELAY);
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    chain.advance();
    expectOk(refund(ALICE));
  });
});

describe('the limit of ended intervals', () => {
  test("sixteen toggles don't make a request unendable", () => {
    store(ANN);
    fillIntervals(ANN); // the first end was in block 2, the last request is of block 33
    chain.advance();
    expectEvents(unrequest(ANN), ['Storage.Unrequested', { hash: H, requester: OF_ANN, wait: true }]); // block 34
    expect(found()).toBe(true); // left open
    chain.advanceTo(34 + DELAY - 1);
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    expectNoop(expunge(), 'Storage.TooEarly');
    chain.advance();
    // 24 hours later an expunge ends the interval and starts the 24 hours of the preimage.
    expectEvents(expunge(), ['Storage.LookupsEnded', { hash: H }]);
    expect(found()).toBe(false);
    expect([33, 34, 73, 74].map((number) => found(number))).toEqual([true, true, true, false]);
    chain.advanceTo(74 + DELAY - 1);
    expectNoop(expunge(), 'Storage.TooEarly');
    expect(found(73)).toBe(true);
    chain.advance();
    expectEvents(expunge(), ['Storage.Expunged', { hash: H }]);
    expect(chain.query('Storage.Preimages', hash)).toBeUndefined();
    expect(chain.query('Storage.Lengths', hash)).toBeUndefined();
    expect(chain.query('Storage.Statuses', hash, LEN)).toBeUndefined();
  });

  test.each([
    ['expunge_untrusted ends its lookups', () => refund(ALICE)],
    ['expunge ends its lookups', () => expunge()],
  ])('sixteen toggles return no deposit while the preimage stays, when %s', (_which, endLookups) => {
    store(ANN);
    request(BEN);
    unrequest(BEN); // not the last: this deposit waits for nothing
    fillIntervals(ANN);
    chain.advance();
    unrequest(ANN); // in block 34: left open
    chain.advanceTo(34 + DELAY);
    expect(endLookups()).toMatchObject({ error: undefined, paysFee: false });
    expect(chain.account(ALICE).reserved).toBe(BigInt(DEPOSIT));
    expectOk(refund(BOB));
    chain.advanceTo(74 + DELAY - 1);
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    chain.advance();
    expectEvents(
      refund(ALICE),
      ['Storage.Expunged', { hash: H }],
      ['Balances.Released', { reason: HELD, who: addressOf(ALICE), amount: DEPOSIT }],
      ['Storage.Refunded', { hash: H, depositor: addressOf(ALICE), amount: DEPOSIT }],
    );
    expect(chain.account(ALICE).reserved).toBe(0n);
  });

  test('a request after lookups were ended takes over from the deposit that waits', () => {
    store(ANN);
    fillIntervals(ANN);
    chain.advance();
    unrequest(ANN);
    chain.advanceTo(34 + DELAY);
    expectOk(refund(ALICE)); // ends lookups
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    request(BEN);
    expectOk(refund(ALICE));
    expect(chain.account(ALICE).reserved).toBe(0n);
    unrequest(BEN);
    expect(chain.account(BOB).reserved).toBe(BigInt(DEPOSIT));
    expectNoop(refund(BOB), 'Storage.TooEarly');
  });

  test('a request during the time that is left open continues the interval', () => {
    store(ANN);
    fillIntervals(ANN);
    chain.advance();
    unrequest(ANN); // in block 34: left open
    chain.advanceTo(50);
    request(BEN); // at its end, those of blocks 2 to 10 are 40 or more blocks old
    chain.advanceTo(51);
    expectEvent(unrequest(BEN), 'Storage.Unrequested', { wait: true });
    expect(found()).toBe(false);
    expect([33, 34, 49, 50, 51].map((number) => found(number))).toEqual([true, true, true, true, false]);
  });

  test.each([
    ['takes room one block before 24 hours have passed', 2 + DELAY - 1, true],
    ['takes no room after 24 hours', 2 + DELAY, false],
  ])('the first of 16 ends, in block 2, %s', (_when, end, leftOpen) => {
    store(ANN);
    fillIntervals(ANN);
    chain.advanceTo(end);
    unrequest(ANN);
    expect(found()).toBe(leftOpen);
  });

  test('fifteen ended intervals leave room for one more', () => {
    store(ANN);
    for (let i = 0; i < 15; i++) {
      chain.advance();
      unrequest(ANN);
      chain.advance();
      request(ANN);
    }
    chain.advance();
    unrequest(ANN);
    expect(found()).toBe(false);
  });

  test('intervals that end in the block in which they began are not kept', () => {
    store(ANN);
    chain.advance();
    unrequest(ANN);
    chain.advance();
    for (let i = 0; i < 20; i++) {
      request(BEN);
      unrequest(BEN);
    }
    expect(found()).toBe(false);
    expect(chain.json('Storage.Statuses', hash, LEN)).toEqual({
      requests: 0,
      provided: true,
      endedAt: 3,
      lookupsEndedAt: null,
      intervals: [{ from: 1, to: 2 }],
    });
  });
});

describe('expunge', () => {
  test('of a preimage that is stored and not requested is free, and otherwise not', () => {
    expect(expunge()).toMatchObject({ error: 'Storage.NotRequested', paysFee: true });
    store(ANN);
    expect(expunge()).toMatchObject({ error: 'Storage.StillRequested', paysFee: true });
    unrequest(ANN);
    expect(expunge()).toMatchObject({ error: 'Storage.TooEarly', paysFee: true });
    chain.advance(DELAY);
    expect(expunge()).toMatchObject({ error: undefined, paysFee: false });
    expect(expunge()).toMatchObject({ error: 'Storage.NotRequested', paysFee: true });
  });

  test('removes the preimage, its length and its status, and leaves deposits to their depositors', () => {
    store(ANN);
    unrequest(ANN);
    chain.advance(DELAY);
    expectEvents(expunge(), ['Storage.Expunged', { hash: H }]);
    for (const name of ['Storage.Preimages', 'Storage.Lengths'] as const)
      expect(chain.query(name, hash)).toBeUndefined();
    expect(chain.query('Storage.Statuses', hash, LEN)).toBeUndefined();
    expect(chain.account(ALICE).reserved).toBe(BigInt(DEPOSIT));
    expect(refund(ALICE)).toMatchObject({ error: undefined, paysFee: false });
    expect(chain.account(ALICE).reserved).toBe(0n);
    expect(refund(ALICE)).toMatchObject({ error: 'Storage.NotRequested', paysFee: true });
  });

  test('of a request with another length does not touch the preimage of the hash', () => {
    store(ANN);
    unrequest(ANN);
    expectOk(chain.dispatch(BEN, 'Storage.request_untrusted', hash, LEN + 1));
    expectEvent(unrequest(BEN), 'Storage.Unrequested', { wait: false });
    chain.advance(DELAY);
    expectOk(refund(BOB));
    expect(toHex(chain.query('Storage.Preimages', hash)!.toU8a(true))).toBe(toHex(data));
  });
});

describe('no preimage stays without a deposit when the last request of root or of a class ends', () => {
  const endOfRoot = (of = hash): void => {
    expectEvent(expectOk(chain.dispatch(root, 'Storage.unrequest', of)), 'Storage.Unrequested', { wait: true });
  };
  const stored = (of = hash): boolean => chain.query('Storage.Lengths', of) !== undefined;
  const removed = (): unknown[] =>
    chain
      .events()
      .filter(({ name }) => name === 'Storage.Expunged')
      .map(({ fields }) => fields);

  test('the chain removes it 24 hours later, at the start of the block', () => {
    store(root);
    chain.advanceTo(3);
    endOfRoot();
    chain.advanceTo(3 + DELAY - 1);
    expect(stored()).toBe(true);
    expect(found(2)).toBe(true); // D27
    expectNoop(expunge(), 'Storage.TooEarly');
    chain.advance();
    expect(removed()).toEqual([{ hash: H }]);
    expect(stored()).toBe(false);
    expect(chain.query('Storage.Preimages', hash)).toBeUndefined();
    expect(chain.query('Storage.Statuses', hash, LEN)).toBeUndefined();
    expect(chain.query('Storage.Unheld', 0)).toBeUndefined();
  });

  test('it stays while it is requested again, and for as long as the deposit of a later end', () => {
    store(root);
    endOfRoot(); // in block 1
    chain.advanceTo(DELAY);
    request(ANN);
    chain.advanceTo(1 + DELAY);
    expect(stored()).toBe(true);
    unrequest(ANN); // the last end
    chain.advance(2 * DELAY);
    expect(stored()).toBe(true);
    expect(chain.account(ALICE).reserved).toBe(BigInt(DEPOSIT));
    expectEvent(refund(ALICE), 'Storage.Expunged', { hash: H });
  });

  test('it stays for the deposit of a later end, also when 24 hours have passed since the end of root', () => {
    store(root);
    endOfRoot(); // in block 1
    chain.advanceTo(5);
    request(ANN);
    chain.advanceTo(6);
    unrequest(ANN);
    chain.advanceTo(1 + DELAY);
    expect(chain.json('Storage.UnheldQueue')).toEqual({ first: 1, end: 1 });
    chain.advanceTo(6 + DELAY - 1);
    expect(stored()).toBe(true);
    expect(found(5)).toBe(true); // D27
    expectNoop(refund(ALICE), 'Storage.TooEarly');
    chain.advance(2);
    expect(stored()).toBe(true);
    expectEvent(refund(ALICE), 'Storage.Expunged', { hash: H });
  });

  test("it is removed, too, when root's end followed that of a depositor, whose deposit has returned", () => {
    store(ANN);
    unrequest(ANN);
    expectOk(chain.dispatch(root, 'Storage.request', hash, LEN));
    chain.advanceTo(1 + DELAY);
    expectOk(refund(ALICE));
    endOfRoot(); // in block 41
    chain.advanceTo(1 + 2 * DELAY - 1);
    expect(stored()).toBe(true);
    chain.advance();
    expect(removed()).toEqual([{ hash: H }]);
  });

  test('after sixteen toggles its lookups end first, and 24 hours later it is removed', () => {
    store(root);
    for (let i = 0; i < 16; i++) {
      chain.advance();
      endOfRoot(); // in blocks 2, 4, … 32
      chain.advance();
      expectOk(chain.dispatch(root, 'Storage.request', hash, LEN));
    }
    chain.advance();
    endOfRoot(); // in block 34, left open
    chain.advanceTo(34 + DELAY - 1);
    expect(found()).toBe(true);
    chain.advance();
    expectEvent(chain, 'Storage.LookupsEnded', { hash: H });
    expect(found()).toBe(false);
    chain.advanceTo(34 + 2 * DELAY - 1);
    expect(stored()).toBe(true);
    chain.advance();
    expect(removed()).toEqual([{ hash: H }]);
  });

  test('also if an expunge has ended its lookups', () => {
    store(root);
    for (let i = 0; i < 16; i++) {
      chain.advance();
      endOfRoot();
      chain.advance();
      expectOk(chain.dispatch(root, 'Storage.request', hash, LEN));
    }
    chain.advance();
    const other = utf8('another preimage');
    expectOk(chain.dispatch(root, 'Storage.store', toHex(other)));
    endOfRoot(blake2_256(other)); // in block 34: the queue has this one first
    endOfRoot();
    chain.advanceTo(34 + DELAY);
    expect(removed()).toEqual([{ hash: toHex(blake2_256(other)) }]);
    expectEvents(expunge(), ['Storage.LookupsEnded', { hash: H }]); // in block 74
    chain.advanceTo(74 + DELAY - 1);
    expect(stored()).toBe(true);
    chain.advance();
    expect(removed()).toEqual([{ hash: H }]);
  });

  test('one a block: those that are due wait in the order of their ends', () => {
    const others = ['one', 'two', 'three'].map((each) => utf8(`preimage ${each}`));
    for (const each of others) {
      expectOk(chain.dispatch(root, 'Storage.store', toHex(each)));
      endOfRoot(blake2_256(each));
    }
    chain.advanceTo(DELAY);
    for (const each of others) {
      chain.advance();
      expect(removed()).toEqual([{ hash: toHex(blake2_256(each)) }]);
    }
  });

  test('ends in one block of one preimage remove it once', () => {
    store(root);
    endOfRoot();
    store(root);
    endOfRoot();
    chain.advanceTo(1 + DELAY);
    expect(removed()).toEqual([{ hash: H }]);
    chain.advance();
    expect(removed()).toEqual([]);
    expect(chain.json('Storage.UnheldQueue')).toEqual({ first: 2, end: 2 });
  });
});

describe('trusted requests are counted by holder', () => {
  const CLASS_CODE = stub();
  const CODE = blake2_256(CLASS_CODE);
  const needs = { prune: 0n, accumulate: 1_000_000_000n };
  const findsCode = (): boolean =>
    new Reader(chain.call('CoreJamApi_lookup', CODE)).option((r) => r.bytes()) !== undefined;

  beforeEach(async () => {
    chain = await TestChain.start({
      balances: { balances: [ALICE, BOB].map((who) => [toHex(who), '1000000000000000']) },
      storage: { expungeDelay: DELAY },
      coretime: { cores: 1 },
    });
  });

  test("root can't end the request of a class", () => {
    expectOk(chain.dispatch(root, 'Storage.store', toHex(CLASS_CODE)));
    expectOk(chain.dispatch(root, 'WorkClasses.register', CODE, needs));
    expectEvents(chain.dispatch(root, 'Storage.unrequest', CODE), [
      'Storage.Unrequested',
      { hash: toHex(CODE), requester: { root: null }, wait: false },
    ]);
    expectNoop(chain.dispatch(root, 'Storage.unrequest', CODE), 'Storage.NotRequested');
    expect(findsCode()).toBe(true);
  });

  test("root's request with a wrong length does not keep a class from being registered", () => {
    expectOk(chain.dispatch(root, 'Storage.request', CODE, CLASS_CODE.length + 1));
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(CLASS_CODE)));
    expectEvent(chain.dispatch(root, 'WorkClasses.register', CODE, needs), 'Storage.Requested', {
      hash: toHex(CODE),
      len: CLASS_CODE.length,
      requester: { class: { id: 1 } },
    });
  });

  test('two classes with the same code hold it separately', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(CLASS_CODE)));
    for (let i = 0; i < 2; i++) expectOk(chain.dispatch(root, 'WorkClasses.register', CODE, needs));
    expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', CODE));
    expect(chain.json('Storage.Statuses', CODE, CLASS_CODE.length)).toMatchObject({ requests: 2 });
  });
});
