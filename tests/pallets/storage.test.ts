// The Storage pallet: requests, preimages, deposits, and the 24 hours after the last request.
// Spec: RFC-0031 § Relay-chain Storage Pallet; D21, D27.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import {
  ALICE,
  alicePair,
  BOB,
  expectEvent,
  expectNoop,
  expectOk,
  none,
  root,
  signed,
  signExtrinsic,
  TestChain,
} from '../harness/index.js';

const BASE = 100_000_000_000n;
const PER_BYTE = 1_000_000n;
/** Short for tests; the default is 14,400. */
const DELAY = 5;
const LONGEST = 3_800_000;

const data = utf8('a preimage');
const hash = blake2_256(data);
const H = toHex(hash);
const deposit = BASE + PER_BYTE * BigInt(data.length);
const ANN = signed(ALICE);
const BEN = signed(BOB);

let chain: TestChain;

beforeEach(async () => {
  chain = await TestChain.start({
    balances: {
      balances: [
        [toHex(ALICE), '100000000000000000'],
        [toHex(BOB), '1000000000000000'],
      ],
    },
    storage: { expungeDelay: DELAY },
  });
});

/** CoreJamApi.lookup on the open block. */
function lookup(): string | undefined {
  const bytes = new Reader(chain.call('CoreJamApi_lookup', hash)).option((r) => r.bytes());
  return bytes && toHex(bytes);
}

function lookupAt(number: number): boolean {
  const answer = chain.call('CoreJamApi_lookup_at', new Writer().raw(hash).u32(number).finish());
  return new Reader(answer).option((r) => r.bytes()) !== undefined;
}

describe('request and provide', () => {
  test('a requested preimage is available once any account provides it', () => {
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    expect(lookup()).toBeUndefined();
    const provided = expectOk(chain.dispatch(BEN, 'Storage.provide', toHex(data)));
    expectEvent(provided, 'Storage.Provided', { hash: H, len: data.length });
    expect(lookup()).toBe(toHex(data));
  });

  test('a request reserves base + length × per byte, and deposits an event', () => {
    const outcome = expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    expect(chain.account(ALICE).reserved).toBe(deposit);
    expectEvent(outcome, 'Storage.Requested', { hash: H, len: data.length });
  });

  test('providing is free if it succeeds, otherwise not', () => {
    expect(chain.dispatch(BEN, 'Storage.provide', toHex(data))).toMatchObject({
      error: 'Storage.NotRequested',
      paysFee: true,
    });
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    expect(chain.dispatch(BEN, 'Storage.provide', toHex(data))).toMatchObject({ error: undefined, paysFee: false });
  });

  test('a preimage that is not requested, or already provided, is refused', () => {
    expectNoop(chain.dispatch(BEN, 'Storage.provide', toHex(data)), 'Storage.NotRequested');
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expectNoop(chain.dispatch(BEN, 'Storage.provide', toHex(data)), 'Storage.AlreadyProvided');
  });

  test('a request with another length does not admit the preimage', () => {
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length + 1));
    expectNoop(chain.dispatch(BEN, 'Storage.provide', toHex(data)), 'Storage.NotRequested');
    expectOk(chain.dispatch(BEN, 'Storage.store', toHex(data)));
    expect(lookup()).toBe(toHex(data));
  });

  test('an account requests a hash at most once', () => {
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    expectNoop(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length), 'Storage.AlreadyRequested');
  });

  test("an account that can't pay the deposit is refused", async () => {
    // Alice must keep the existential deposit of 10^9: one planck short, and exactly enough.
    for (const [short, error] of [
      [1n, 'Token.FundsUnavailable'],
      [0n, undefined],
    ] as const) {
      chain = await TestChain.start({
        balances: { balances: [[toHex(ALICE), String(deposit + 1_000_000_000n - short)]] },
      });
      const outcome = chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length);
      if (error === undefined) expectOk(outcome);
      else expectNoop(outcome, error);
    }
  });

  test('the longest preimage may be requested, one byte more may not', () => {
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, LONGEST));
    expectNoop(chain.dispatch(BEN, 'Storage.request_untrusted', hash, LONGEST + 1), 'Storage.TooLong');
    expectNoop(chain.dispatch(root, 'Storage.request', hash, LONGEST + 1), 'Storage.TooLong');
  });
});

describe('store', () => {
  test('the longest preimage fits an extrinsic, its block, and the memory of the runtime', () => {
    const longest = new Uint8Array(LONGEST).fill(7);
    const extrinsic = signExtrinsic(chain, alicePair, new Writer().u8(12).u8(7).bytes(longest).finish());
    expect(chain.submit(extrinsic)).toMatchObject({ invalid: undefined, error: undefined });
    expectEvent(chain, 'Storage.Provided', { hash: toHex(blake2_256(longest)), len: LONGEST });
    chain.advance(); // executes the block again
  });

  test('by an account: requested with a deposit and available at once', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expect(lookup()).toBe(toHex(data));
    expect(chain.account(ALICE).reserved).toBe(deposit);
  });

  test('by root: without a deposit', () => {
    const outcome = expectOk(chain.dispatch(root, 'Storage.store', toHex(data)));
    expect(lookup()).toBe(toHex(data));
    expectEvent(outcome, 'Storage.Requested', { hash: H, len: data.length, requester: { root: null } });
  });

  test('a second account stores the same preimage', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    const second = expectOk(chain.dispatch(BEN, 'Storage.store', toHex(data)));
    expect(second.events.map(({ name }) => name)).toEqual(['Balances.Held', 'Storage.Requested']);
    expect(chain.account(BOB).reserved).toBe(deposit);
  });

  test('the None origin is refused', () => {
    expectNoop(chain.dispatch(none, 'Storage.store', toHex(data)), 'BadOrigin');
  });

  test('the empty preimage can be stored', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', '0x'));
    const found = chain.call('CoreJamApi_lookup', blake2_256(new Uint8Array()));
    expect(toHex(found)).toBe('0x0100'); // Some, of length 0
  });
});

describe('unrequest and expunge', () => {
  test('after the last request lookups do not find the preimage, and it can be expunged after the delay', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    chain.advanceTo(10);
    const ended = expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    expectEvent(ended, 'Storage.Unrequested', { hash: H, wait: true });
    expect(lookup()).toBeUndefined();
    chain.advanceTo(10 + DELAY - 1);
    expectNoop(chain.dispatch(BEN, 'Storage.expunge', hash), 'Storage.TooEarly');
    expectNoop(chain.dispatch(BEN, 'Storage.expunge_untrusted', ALICE, hash), 'Storage.TooEarly');
    chain.advanceTo(10 + DELAY);
    const gone = expectOk(chain.dispatch(BEN, 'Storage.expunge_untrusted', ALICE, hash));
    expect(gone.paysFee).toBe(false);
    expectEvent(gone, 'Storage.Expunged', { hash: H });
    expectEvent(gone, 'Storage.Refunded', { hash: H, amount: Number(deposit) });
    expect(chain.account(ALICE).reserved).toBe(0n);
    expect(chain.query('Storage.Preimages', hash)).toBeUndefined();
  });

  test("a requested preimage can't be expunged", () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expectNoop(chain.dispatch(BEN, 'Storage.expunge', hash), 'Storage.StillRequested');
    expectNoop(chain.dispatch(BEN, 'Storage.expunge_untrusted', ALICE, hash), 'Storage.StillRequested');
  });

  test("a preimage that was never requested can't be unrequested or expunged", () => {
    expectNoop(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash), 'Storage.NotRequested');
    expectNoop(chain.dispatch(root, 'Storage.unrequest', hash), 'Storage.NotRequested');
    expectNoop(chain.dispatch(ANN, 'Storage.expunge', hash), 'Storage.NotRequested');
    expectNoop(chain.dispatch(ANN, 'Storage.expunge_untrusted', ALICE, hash), 'Storage.NotRequested');
  });

  test('a request can be ended only once', () => {
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    expectNoop(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash), 'Storage.NotRequested');
  });

  test('a request of a preimage that was not provided is refunded at once', () => {
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    const ended = expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    expectEvent(ended, 'Storage.Unrequested', { wait: false });
    expectOk(chain.dispatch(ANN, 'Storage.expunge_untrusted', ALICE, hash));
    expect(chain.account(ALICE).reserved).toBe(0n);
  });

  test('while another request is active, a deposit returns at once and the preimage stays', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expectOk(chain.dispatch(BEN, 'Storage.store', toHex(data)));
    expectEvent(expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash)), 'Storage.Unrequested', {
      wait: false,
    });
    expectOk(chain.dispatch(BEN, 'Storage.expunge_untrusted', ALICE, hash));
    expect(chain.account(ALICE).reserved).toBe(0n);
    expect(lookup()).toBe(toHex(data));
  });

  test('a new request stops the clock, and its end restarts it', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    chain.advance(DELAY - 1);
    expectOk(chain.dispatch(BEN, 'Storage.request_untrusted', hash, data.length));
    expect(lookup()).toBe(toHex(data));
    chain.advance(1);
    expectNoop(chain.dispatch(ANN, 'Storage.expunge', hash), 'Storage.StillRequested');
    expectOk(chain.dispatch(BEN, 'Storage.unrequest_untrusted', hash));
    chain.advance(DELAY - 1);
    expectNoop(chain.dispatch(ANN, 'Storage.expunge', hash), 'Storage.TooEarly');
    chain.advance(1);
    expectOk(chain.dispatch(ANN, 'Storage.expunge', hash));
    // Both deposits can be returned now: no request holds the preimage.
    expectOk(chain.dispatch(ANN, 'Storage.expunge_untrusted', ALICE, hash));
    expectOk(chain.dispatch(ANN, 'Storage.expunge_untrusted', BOB, hash));
    expect([chain.account(ALICE).reserved, chain.account(BOB).reserved]).toEqual([0n, 0n]);
  });

  test('an account reactivates its own ended request without a second deposit', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    expectNoop(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length + 1), 'Storage.AlreadyRequested');
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    expect(chain.account(ALICE).reserved).toBe(deposit);
    expect(lookup()).toBe(toHex(data));
  });
});

describe('trusted requests', () => {
  test('are counted: only the last end counts', () => {
    expectOk(chain.dispatch(root, 'Storage.store', toHex(data)));
    expectOk(chain.dispatch(root, 'Storage.store', toHex(data)));
    expectEvent(expectOk(chain.dispatch(root, 'Storage.unrequest', hash)), 'Storage.Unrequested', { wait: false });
    expect(lookup()).toBe(toHex(data));
    expectEvent(expectOk(chain.dispatch(root, 'Storage.unrequest', hash)), 'Storage.Unrequested', { wait: true });
    expect(lookup()).toBeUndefined();
  });

  test('must have the same length', () => {
    expectOk(chain.dispatch(root, 'Storage.request', hash, data.length));
    expectNoop(chain.dispatch(root, 'Storage.request', hash, data.length + 1), 'Storage.AlreadyRequested');
  });

  test('are only for root', () => {
    expectNoop(chain.dispatch(ANN, 'Storage.request', hash, data.length), 'BadOrigin');
    expectNoop(chain.dispatch(ANN, 'Storage.unrequest', hash), 'BadOrigin');
    for (const [name, ...args] of [
      ['Storage.request_untrusted', hash, 1],
      ['Storage.unrequest_untrusted', hash],
      ['Storage.provide', '0x00'],
      ['Storage.expunge', hash],
      ['Storage.expunge_untrusted', ALICE, hash],
    ] as const)
      expectNoop(chain.dispatch(root, name, ...args), 'BadOrigin');
  });
});

describe('lookups of in-core code (D27)', () => {
  test('find a preimage in the states from its first block to its last', () => {
    chain.advanceTo(3);
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    chain.advanceTo(6);
    expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    chain.advanceTo(8);
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    chain.advanceTo(9);
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].filter(lookupAt)).toEqual([3, 4, 5, 8, 9]);
  });

  test('have no gap for an end and a new request in one block', () => {
    expectOk(chain.dispatch(ANN, 'Storage.store', toHex(data)));
    chain.advanceTo(4);
    expectOk(chain.dispatch(ANN, 'Storage.unrequest_untrusted', hash));
    expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', hash, data.length));
    chain.advanceTo(6);
    expect([1, 3, 4, 5, 6].filter(lookupAt)).toEqual([1, 3, 4, 5, 6]);
  });
});

test('hashes that a requester chooses make no comb of the state: their keys share no more than the prefix of their map', () => {
  const neighbour = Uint8Array.from(hash);
  neighbour[31]! ^= 1;
  for (const each of [hash, neighbour]) expectOk(chain.dispatch(ANN, 'Storage.request_untrusted', each, data.length));
  const requester = { account: { who: ALICE } };
  const MAP_PREFIX = 32;
  for (const [keys, value] of [
    [
      [hash, neighbour].map((each) => chain.names.key('Storage.Statuses', each, data.length)),
      // One requester; not provided, no end, no end of lookups, no intervals.
      new Writer().u32(1).bool(false).u32(0).u8(0).compact(0).finish(),
    ],
    [
      [hash, neighbour].map((each) => chain.names.key('Storage.Requests', each, requester)),
      // The length, one active request, its deposit; it has not ended.
      new Writer().u32(data.length).u32(1).u128(deposit).u8(0).finish(),
    ],
  ] as const) {
    for (const key of keys) expect(chain.overlay.get(key)).toEqual(value);
    const [first, second] = keys as [Uint8Array, Uint8Array];
    const shared = first.findIndex((byte, index) => byte !== second[index]);
    expect(shared).toBeLessThan(MAP_PREFIX + 4); // a common prefix of 4 bytes has a probability of 2⁻³²
  }
});
