// When a client counts as having followed what it was sent: by hand, with a clock that passes on request.
import { describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { toHex } from '../../../host/bytes/index.js';
import { ManualClock } from '../../../host/node/index.js';
import { Following } from '../../../host/rpc/following.js';
import { extrinsic, KIND } from '../node/fake-runtime.js';
import { serve } from './client.js';

/** The block that a client follows. */
const BLOCK = `0x${'b1'.repeat(32)}`;

/** A connection whose pongs the test sends. */
function connection(): {
  clock: ManualClock;
  following: Following;
  /** The pings without a pong. */
  pings: (() => void)[];
  pong(): Promise<void>;
  follow(block?: string): { done: boolean };
} {
  const clock = new ManualClock();
  const pings: (() => void)[] = [];
  const following = new Following((received) => pings.push(received), clock);
  return {
    clock,
    following,
    pings,
    /** The pong of the only ping that waits for one; then the rest of the round's 50 ms. */
    async pong() {
      expect(pings).toHaveLength(1);
      pings.pop()!();
      await Promise.resolve();
      clock.advance(50);
      await Promise.resolve();
    },
    follow(block = BLOCK) {
      const state = { done: false };
      void following.followed(block).then(() => (state.done = true));
      return state;
    },
  };
}

describe('a client has followed', () => {
  test('after two quiet rounds, in each of which it has 50 ms to act after the pong', async () => {
    const { clock, pings, follow } = connection();
    const first = follow();
    pings.pop()!();
    clock.advance(49);
    expect(pings).toHaveLength(0);
    clock.advance(1);
    expect(pings).toHaveLength(1);
    pings.pop()!();
    clock.advance(49);
    await Promise.resolve();
    expect(first.done).toBe(false);
    clock.advance(1);
    await Promise.resolve();
    expect(first.done).toBe(true);
    clock.advance(10_000);
    expect(pings).toHaveLength(0);
  });

  test.each([
    [560, 560],
    [3_000, 1_000],
  ])('a pong that took %d ms: it has %d ms to act', async (pongMs, actingMs) => {
    const { clock, following, pings, pong, follow } = connection();
    const state = follow();
    await pong(); // a quiet round
    clock.advance(pongMs); // it is busy with what it was sent, and then asks about that
    pings.pop()!();
    clock.advance(actingMs - 1);
    const arrival = following.arrived();
    following.requested(arrival, 'state_getMetadata');
    following.answered(arrival);
    clock.advance(1);
    await pong();
    expect(state.done).toBe(false);
    await pong();
    expect(state.done).toBe(true);
  });

  test('not before what it requested until the pong is answered', async () => {
    const { following, pings, pong, follow } = connection();
    const arrival = following.arrived();
    const state = follow();
    const late = following.arrived();
    await pong();
    expect(pings).toHaveLength(0);
    following.answered(late);
    expect(pings).toHaveLength(0);
    following.answered(arrival);
    expect(state.done).toBe(false);
  });

  test('not while it requests something in each round; two quiet ones must come in a row', async () => {
    const { following, pong, follow } = connection();
    const state = follow();
    const ask = (method: string): void => {
      const arrival = following.arrived();
      following.requested(arrival, method);
      following.answered(arrival);
    };
    for (let round = 0; round < 10; round++) {
      if (round % 2 === 0) ask('chain_getBlock');
      await pong();
    }
    expect(state.done).toBe(false);
    // Round 9 was quiet, so one more is enough; a submission does not count.
    ask('author_submitAndWatchExtrinsic');
    await pong();
    expect(state.done).toBe(true);
  });

  test('in the rounds after those in which it was sent something', async () => {
    const { pong, follow, pings } = connection();
    const first = follow();
    await pong();
    const second = follow();
    await pong();
    expect([first.done, second.done]).toEqual([true, false]);
    await pong();
    expect(second.done).toBe(false);
    await pong();
    expect(second.done).toBe(true);
    expect(pings).toHaveLength(0);
  });

  test('after 5 s, if it has never sent a pong', async () => {
    const { clock, follow } = connection();
    const state = follow();
    clock.advance(4_999);
    await Promise.resolve();
    expect(state.done).toBe(false);
    clock.advance(1);
    await Promise.resolve();
    expect(state.done).toBe(true);
  });

  test('not while it is too busy for the pong, if it sent one before; after 30 s in any case', async () => {
    const { clock, pong, pings, follow } = connection();
    const before = follow();
    await pong();
    await pong();
    expect(before.done).toBe(true);
    for (const pongsMs of [29_999, 30_000]) {
      const state = follow();
      clock.advance(pongsMs);
      await Promise.resolve();
      expect(state.done).toBe(pongsMs === 30_000);
      await pong();
      if (pings.length > 0) await pong();
      expect([state.done, pings.length]).toEqual([true, 0]);
    }
  });

  test('while it asks about its block: 5 s after the last such request is answered, or after 30 s', async () => {
    const { clock, following, pong, follow } = connection();
    const ask = async (...params: unknown[]): Promise<void> => {
      const arrival = following.arrived();
      following.requested(arrival, 'state_getStorage', params);
      following.answered(arrival);
      await pong(); // 50 ms
    };
    const rounds = async (ms: number, ...params: unknown[]): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 50) await ask(...params);
    };
    const polls = follow();
    await rounds(4_950, '0x00', `0x${'b2'.repeat(32)}`);
    expect(polls.done).toBe(false);
    await rounds(50, '0x00');
    expect(polls.done).toBe(true);

    const asks = follow();
    await rounds(6_000, '0x00', BLOCK);
    await rounds(4_900, '0x00'); // the last one about the block was 50 ms before the 6 s had passed
    expect(asks.done).toBe(false);
    await rounds(50, '0x00');
    expect(asks.done).toBe(true);

    const neverStops = follow();
    const beganMs = clock.nowMs();
    await rounds(29_950, '0x00', BLOCK);
    expect([neverStops.done, clock.nowMs() - beganMs]).toEqual([false, 29_950]);
    await rounds(50, '0x00', BLOCK);
    expect(neverStops.done).toBe(true);
  });

  test('never, and no timer is left, once it is gone', async () => {
    const { clock, following, pings, follow } = connection();
    const before = follow();
    following.close();
    const after = follow();
    pings.pop()!();
    clock.advance(10_000);
    await Promise.resolve();
    expect([before.done, after.done, pings.length]).toEqual([false, false, 0]);
  });
});

describe('finalized was sent before the client could follow inBlock', () => {
  test('it waits 5 s for the first pong of a client', async () => {
    const clock = new ManualClock();
    const served = await serve({}, { clock });
    // A client that sends no pongs.
    const socket = new WebSocket(served.server.url, { autoPong: false });
    const results: unknown[] = [];
    const waiting: { count: number; resolve: () => void }[] = [];
    socket.on('message', (data: Buffer) => {
      const { params } = JSON.parse(data.toString()) as { params?: { result: unknown } };
      if (params !== undefined) results.push(params.result);
      for (const { count, resolve } of waiting) if (results.length >= count) resolve();
    });
    const heard = (count: number): Promise<void> => new Promise((resolve) => waiting.push({ count, resolve }));
    await new Promise((resolve) => socket.once('open', resolve));
    const pay = toHex(extrinsic(KIND.pay, 1, 0));
    const ready = heard(1);
    const inBlock = heard(2);
    const pinged = new Promise<Buffer>((resolve) => socket.once('ping', resolve));
    const request = { jsonrpc: '2.0', id: 1, method: 'author_submitAndWatchExtrinsic', params: [pay] };
    socket.send(JSON.stringify(request));
    await ready;
    served.node.createBlock();
    await inBlock;
    await pinged;
    served.clock.advance(250);
    clock.advance(4_999);
    await served.client.call('system_name');
    const hash = toHex(served.node.best().hash);
    expect(results).toEqual(['ready', { inBlock: hash }]);
    const finalized = heard(3);
    clock.advance(1);
    await finalized;
    expect(results).toEqual(['ready', { inBlock: hash }, { finalized: hash }]);
    socket.terminate();
    expect(served.faults).toEqual([]);
    await served.close();
  });
});
