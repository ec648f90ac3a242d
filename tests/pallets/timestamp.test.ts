// Timestamp: set once per block, within the slot that the header claims, always increasing.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ALICE, expectNoop, expectOk, none, root, signed, TestChain } from '../harness/index.js';
import { utf8, Writer } from '../../host/bytes/index.js';

/** The harness gives block n slot 300,000 + n. */
const SLOT = 300_000n;
const SLOT_MS = 6_000n;

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
  chain.advanceTo(3);
  chain.close();
});

/** Begins block 4 claiming `slot`, or with other digest items. */
function begin(slot: bigint): void {
  chain.overlay = chain.onParent();
  chain.call('Core_initialize_block', chain.blankHeader(4, slot));
}

const set = (now: bigint): ReturnType<TestChain['dispatch']> => chain.dispatch(none, 'Timestamp.set', now);

describe('set', () => {
  test('stores the time', () => {
    begin(SLOT + 4n);
    expectOk(set((SLOT + 4n) * SLOT_MS));
    expect(chain.integer('Timestamp.Now')).toBe((SLOT + 4n) * SLOT_MS);
  });

  test('accepts any time of the slot, and none outside', () => {
    for (const [now, fits] of [
      [(SLOT + 4n) * SLOT_MS - 1n, false],
      [(SLOT + 4n) * SLOT_MS, true],
      [(SLOT + 5n) * SLOT_MS - 1n, true],
      [(SLOT + 5n) * SLOT_MS, false],
    ] as const) {
      begin(SLOT + 4n);
      if (fits) expectOk(set(now));
      else expect(() => set(now)).toThrow(/does not lie in slot 300004/);
    }
  });

  test('slots may be skipped, but not used twice', () => {
    begin(SLOT + 40n);
    expectOk(set((SLOT + 40n) * SLOT_MS));
    begin(SLOT + 3n);
    expect(() => set((SLOT + 3n) * SLOT_MS + 5_000n)).toThrow(/slots only grow/);
  });

  test('is at least half a slot after the previous block', () => {
    begin(SLOT + 3n);
    expect(() => set((SLOT + 3n) * SLOT_MS + 2_999n)).toThrow(/less than 3000 ms after/);
    begin(SLOT + 2n);
    expect(() => set((SLOT + 2n) * SLOT_MS)).toThrow(/less than 3000 ms after/);
  });

  test('is set once per block', () => {
    begin(SLOT + 4n);
    expectOk(set((SLOT + 4n) * SLOT_MS));
    expect(() => set((SLOT + 4n) * SLOT_MS + 4_000n)).toThrow(/once a block/);
  });

  test('needs a slot in the header', () => {
    chain.overlay = chain.onParent();
    const digest = new Writer()
      .compact(1)
      .u8(6)
      .raw(utf8('BABE'))
      .bytes(new Writer().u64(SLOT + 4n).finish())
      .finish();
    const header = new Writer().raw(chain.parentHash).compact(4).raw(new Uint8Array(64)).raw(digest).finish();
    chain.call('Core_initialize_block', header);
    expect(() => set((SLOT + 4n) * SLOT_MS)).toThrow(/claims no Aura slot/);
  });

  test("can't be sent by accounts or root", () => {
    begin(SLOT + 4n);
    expectNoop(chain.dispatch(signed(ALICE), 'Timestamp.set', (SLOT + 4n) * SLOT_MS), 'BadOrigin');
    expectNoop(chain.dispatch(root, 'Timestamp.set', (SLOT + 4n) * SLOT_MS), 'BadOrigin');
  });
});

describe('a block', () => {
  test('without a time is invalid', () => {
    begin(SLOT + 4n);
    expect(() => chain.call('BlockBuilder_finalize_block', new Uint8Array())).toThrow(/the block has no time/);
  });
});
