// When a client counts as having followed what it was sent: by hand, with a clock that passes on request.
import { describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { toHex } from '../../../host/bytes/index.js';
import { ManualClock } from '../../../host/node/index.js';
import { Following } from '../../../host/rpc/following.js';
import { extrinsic, KIND } from '../node/fake-runtime.js';
import { serve } from './client.js';

/** A connection whose pongs the test sends. */
function connection(): {
  clock: ManualClock;
  following: Following;
  /** The pings without a pong. */
  pings: (() => void)[];
  pong(): Promise<void>;
  follow(): { done: boolean };
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
    follow() {
      const state = { done: false };
      void following.followed().then(() => (state.done = true));
      return state;
    },
  };
}

describe('a client has followed', () => {
  test('after two quiet rounds, each of 50 ms at least', async () => {
    const { clock, pings, follow } = connection();
    const first = follow();
    pings.pop()!();
    clock.advance(49);
    expect(pings).toHaveLength(0);
    clock.advance(1);
    expect(pings).toHaveLength(1);
    expect(first.done).toBe(false);
    pings.pop()!();
    await Promise.resolve();
    expect(first.done).toBe(true);
    clock.advance(10_000);
    expect(pings).toHaveLength(0);
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

  test('after 5 s, whatever it does', async () => {
    const { clock, follow } = connection();
    const state = follow();
    clock.advance(4_999);
    await Promise.resolve();
    expect(state.done).toBe(false);
    clock.advance(1);
    await Promise.resolve();
    expect(state.done).toBe(true);
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
  test('it waits for the pong of a client that is slow, and for 5 s at most', async () => {
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
