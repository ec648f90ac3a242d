// When a node makes blocks.
import { describe, expect, test } from '@jest/globals';
import { devKey, KeyRing, silent, slotOf, type Logger } from '../../../host/node/index.js';
import { Sealing } from '../../../host/node/sealing.js';
import { DiskFull, FailingDatabase } from '../db/failing-database.js';
import { BLOCK_WEIGHT, extrinsic, fakeSpec, KIND, SLOT_MS } from './fake-runtime.js';
import { newFolder, openNode, submit } from './open-node.js';

describe('sealing', () => {
  test('instant: one block for transactions that arrive together, another for a later one', () => {
    const { node, clock } = openNode({ sealing: 'instant' });
    submit(node, extrinsic(KIND.pay, 1, 0, 1), extrinsic(KIND.pay, 2, 0, 1));
    clock.advance(0);
    expect(node.best().number).toBe(1);
    clock.advance(1000);
    expect(node.best().number).toBe(1);
    submit(node, extrinsic(KIND.pay, 1, 1, 1));
    clock.advance(0);
    expect(node.best().number).toBe(2);
    node.wakeAuthor();
    clock.advance(0);
    expect(node.best().number).toBe(3);
  });

  test('instant: a block that may take some time comes then, or with the next that is requested earlier', () => {
    const { node, clock } = openNode({ sealing: 'instant' });
    node.wakeAuthor(6_000);
    clock.advance(5_999);
    expect(node.best().number).toBe(0);
    clock.advance(1);
    expect(node.best().number).toBe(1);
    node.wakeAuthor(6_000);
    clock.advance(2_000);
    node.wakeAuthor(1_000);
    node.wakeAuthor(6_000); // there will be one
    clock.advance(1_000);
    expect(node.best().number).toBe(2);
    clock.advance(6_000);
    expect(node.best().number).toBe(2);
  });

  test('instant: a transaction that did not fit gets a block of its own at once', () => {
    const { node, clock } = openNode({ sealing: 'instant' });
    submit(node, extrinsic(KIND.pay, 1, 0, BLOCK_WEIGHT), extrinsic(KIND.pay, 2, 0, BLOCK_WEIGHT));
    clock.advance(0);
    expect(node.best().number).toBe(2);
    expect(node.pool.readyCount).toBe(0);
  });

  test('instant: a block that the disk did not take is tried again every six seconds, and the log says so once', () => {
    const database = new FailingDatabase();
    const { node, clock, lines } = openNode({ sealing: 'instant', database });
    database.beforeWrite = () => {
      throw new DiskFull();
    };
    node.wakeAuthor();
    const before = database.writes;
    clock.advance(0);
    clock.advance(2 * SLOT_MS);
    expect(database.writes).toBe(before + 3);
    expect(node.best().number).toBe(0);
    expect(lines).toEqual([`no block was made: ${new DiskFull().message}`]);
    database.beforeWrite = () => undefined;
    clock.advance(SLOT_MS - 1);
    expect(node.best().number).toBe(0);
    clock.advance(1);
    expect(node.best().number).toBe(1);
    clock.advance(2 * SLOT_MS);
    expect(node.best().number).toBe(1); // nothing waits any more
  });

  test('interval: a block after each interval, with or without transactions', () => {
    const { node, clock } = openNode({ sealing: { intervalMs: 2 * SLOT_MS } });
    clock.advance(6 * SLOT_MS - 1);
    expect(node.best().number).toBe(2);
    clock.advance(1);
    expect(node.best().number).toBe(3);
  });

  test('an interval never pushes the time of the chain ahead of the clock: blocks wait for their slots', () => {
    const { node, clock, lines } = openNode({ sealing: { intervalMs: 500 } });
    expect(lines).toEqual([
      'each block takes a slot of 6000 ms: blocks are made at the start of slots, and not every 500 ms',
    ]);
    // The clock starts 2 s after the start of a slot: 1_700_000_000_000 = 283_333_333 × 6_000 + 2_000.
    clock.advance(500);
    expect(node.best().number).toBe(1);
    clock.advance(3_499);
    expect(node.best().number).toBe(1);
    clock.advance(1);
    expect(node.best().number).toBe(2);
    clock.advance(10 * SLOT_MS);
    expect(node.best().number).toBe(12);
    expect(Number(slotOf(node.best().header)) * SLOT_MS).toBeLessThanOrEqual(clock.nowMs());
  });

  test('an interval on a chain whose time is ahead: the clock catches up first, and the log says how long', async () => {
    const basePath = newFolder();
    const first = openNode({ basePath });
    for (let i = 0; i < 5; i++) first.node.createBlock();
    await first.node.close();
    const { node, clock, lines } = openNode({ basePath, sealing: { intervalMs: SLOT_MS } });
    // Five blocks took five slots, the first of which began 2 s before: the sixth begins in 5 × 6 s - 2 s.
    expect(lines).toEqual(['the time of the chain is ahead of the clock: the next block is made in 28 s']);
    clock.advance(27_999);
    expect(node.best().number).toBe(5);
    clock.advance(1);
    expect(node.best().number).toBe(6);
  });

  test('instant: the time of a development chain may run ahead, which the log says at start; of another it does not', () => {
    const said: string[] = [];
    const log: Logger = { ...silent, info: (line) => void said.push(line) };
    const { node, clock } = openNode({ sealing: 'instant', log });
    expect(said.filter((line) => line.includes('ahead'))).toEqual([
      'each block takes a slot of 6000 ms: with instant sealing, the time of the chain runs ahead of the clock where blocks come faster',
    ]);
    for (const nonce of [0, 1, 2]) {
      submit(node, extrinsic(KIND.pay, 1, nonce, 1));
      clock.advance(0);
    }
    expect(node.best().number).toBe(3);

    const keys = new KeyRing([devKey('Zoe')]);
    const live = openNode({ sealing: 'instant', spec: fakeSpec({ chainType: 'Live' }), keys });
    live.runtime.authors = ['Zoe'];
    for (const nonce of [0, 1]) {
      submit(live.node, extrinsic(KIND.pay, 1, nonce, 1));
      live.clock.advance(0);
    }
    expect(live.node.best().number).toBe(1);
    live.clock.advance(SLOT_MS);
    expect(live.node.best().number).toBe(2);
  });

  test('a block that can not be made is logged, and the node continues', () => {
    const { node, clock, lines } = openNode({ sealing: 'instant', keys: new KeyRing() });
    submit(node, extrinsic(KIND.pay, 1, 0, 1));
    clock.advance(0);
    expect(node.best().number).toBe(0);
    expect(lines[0]).toMatch(
      /^no block was made: slot \d+ belongs to 0x[0-9a-f]{64}, whose key this node does not have$/,
    );
    expect(node.pool.readyCount).toBe(1);
  });
});

describe('the rest between crowded blocks', () => {
  /** Blocks that take this long, each with work after it, and when they begin. */
  const begins = (tookMs: number, isCrowded: boolean, count = 3): number[] => {
    let nowMs = 0;
    let next: (() => void) | undefined;
    let atMs = 0;
    const clock = {
      nowMs: () => nowMs,
      after: (delayMs: number, call: () => void) => {
        [atMs, next] = [nowMs + delayMs, call];
        return () => (next = undefined);
      },
    };
    const beganMs: number[] = [];
    const sealing = new Sealing(
      'instant',
      clock,
      () => {
        beganMs.push(nowMs);
        nowMs += tookMs;
        return { more: beganMs.length < count, isCrowded };
      },
      () => 0,
    );
    sealing.wake();
    while (next !== undefined) {
      const call: () => void = next;
      next = undefined;
      nowMs = Math.max(nowMs, atMs);
      call();
    }
    return beganMs;
  };

  test('is twice as long as the last block took, and 100 ms at most', () => {
    // A block of 20 ms, 40 ms of rest.
    expect(begins(20, true)).toEqual([0, 60, 120]);
    expect(begins(50, true)).toEqual([0, 150, 300]);
    expect(begins(51, true)).toEqual([0, 151, 302]);
  });

  test('there is none after a block with one transaction', () => {
    expect(begins(20, false)).toEqual([0, 20, 40]);
  });

  test('what arrives in the rest of a node is in one block at its end', () => {
    const { node, clock, runtime } = openNode({ sealing: 'instant' });
    // Applying a transaction takes 5 ms, in a block and when it is executed again: 20 ms for two.
    let isTimed = false;
    runtime.onApply = () => isTimed && clock.advance(5);
    submit(node, extrinsic(KIND.pay, 1, 0, 1), extrinsic(KIND.pay, 2, 0, 1));
    isTimed = true;
    clock.advance(0);
    isTimed = false;
    expect(node.best().number).toBe(1);
    // The clock stands where `advance(0)` began again: the block's 20 ms, and the rest of 40 ms.
    const restMs = 20 + 2 * 20;
    for (const nonce of [1, 2, 3]) submit(node, extrinsic(KIND.pay, 1, nonce, 1));
    clock.advance(restMs - 1);
    expect(node.best().number).toBe(1);
    clock.advance(1);
    expect(node.best().number).toBe(2);
    expect(node.body(node.best().hash)).toHaveLength(4);
  });
});
