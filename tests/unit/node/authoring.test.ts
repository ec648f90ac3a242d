// Making blocks with a fake runtime: what is in them, and in which order.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { slotOf, type CommittedBlock } from '../../../host/node/index.js';
import { BLOCK_WEIGHT, extrinsic, KIND, SLOT_MS } from './fake-runtime.js';
import { kinds, openNode, submit } from './open-node.js';

describe('making blocks', () => {
  test('a block holds the timestamp first, then the pool by priority and nonce', () => {
    const { node } = openNode();
    submit(node, extrinsic(KIND.pay, 1, 0, 3), extrinsic(KIND.pay, 1, 1, 9), extrinsic(KIND.pay, 2, 0, 5));
    const block = node.createBlock();
    expect(block.extrinsics.map((bytes) => [...bytes.slice(1)])).toEqual([
      [0, 0, 0, 1],
      [1, 2, 0, 5],
      [1, 1, 0, 3],
      [1, 1, 1, 9],
    ]);
    expect(node.pool.readyCount).toBe(0);
    expect(node.best().hash).toEqual(block.hash);
    expect(node.blockHash(1)).toEqual(block.hash);
  });

  test('the same inputs give the same block, seal included', () => {
    const hashes = [0, 1].map(() => {
      const { node } = openNode();
      submit(node, extrinsic(KIND.pay, 1, 0, 3));
      return toHex(node.createBlock().hash);
    });
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('what does not fit stays in the pool for the next block', () => {
    const { node } = openNode();
    submit(node, extrinsic(KIND.pay, 1, 0, BLOCK_WEIGHT - 1), extrinsic(KIND.pay, 2, 0, 2));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(node.pool.readyCount).toBe(1);
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(node.pool.readyCount).toBe(0);
  });

  test('a transaction that fits no block is rejected after eight', () => {
    const { node } = openNode();
    submit(node, extrinsic(KIND.misfit, 1, 0, 1));
    const left = Array.from({ length: 8 }, () => {
      node.createBlock();
      return node.pool.readyCount;
    });
    expect(left).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
  });

  test('packages whose inherents take longer than the time for transactions leave them their time', () => {
    const { node, clock } = openNode();
    node.addInherentProvider({
      name: 'packages',
      provide: () => {
        clock.advance(60); // of 50 for transactions
        return { identifier: utf8('notenote'), data: Uint8Array.of(1) };
      },
    });
    submit(node, extrinsic(KIND.pay, 1, 0, 50), extrinsic(KIND.pay, 2, 0, 3));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.note, KIND.pay, KIND.pay]);
  });

  test('when the time is over, transactions still get the guaranteed weight of their class', () => {
    const { node, clock, runtime } = openNode();
    runtime.onApply = () => clock.advance(250);
    // Priority is weight here. 15 in time; then 6 would exceed the guaranteed 20, and 4 and 1 are all of it.
    submit(node, ...[1, 4, 6, 15].map((weight, signer) => extrinsic(KIND.pay, signer, 0, weight)));
    const weights = (block: CommittedBlock): number[] => block.extrinsics.slice(1).map((bytes) => bytes[4]!);
    expect(weights(node.createBlock())).toEqual([15, 4, 1]);
    expect(weights(node.createBlock())).toEqual([6]);
  });

  test('when the time is over, few that do not get into the block are tried, and those are known in the next one', () => {
    const { node, clock, runtime } = openNode();
    runtime.onApply = () => clock.advance(250);
    const applied = (): number => runtime.calls.get('BlockBuilder_apply_extrinsic') ?? 0;
    const measured = (): number => runtime.calls.get('CoreJamApi_extrinsic_needs') ?? 0;
    for (let signer = 1; signer <= 100; signer++) submit(node, extrinsic(KIND.misfit, signer, 0, 90));
    submit(node, extrinsic(KIND.pay, 200, 0, 1));
    const before = applied();
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp]);
    // The timestamp and the first misfit are applied, 64 others only measured.
    expect([applied() - before, measured()]).toEqual([2, 65]);
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(measured()).toBe(101);
  });

  test('transactions that can not fit beside packages keep no others out, however many and whatever their tips', () => {
    const { node, clock, runtime } = openNode();
    node.addInherentProvider({
      name: 'packages',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(1) }),
    });
    runtime.onApply = () => clock.advance(2); // at most 25 are applied in time
    for (let signer = 1; signer <= 100; signer++) submit(node, extrinsic(KIND.misfit, signer, 0, 90));
    submit(node, extrinsic(KIND.pay, 200, 0, 50));
    for (let i = 0; i < 2; i++) node.createBlock();
    expect(node.pool.ready().filter(({ bytes }) => bytes[1] === KIND.pay)).toEqual([]);
    // Each is applied once: what the first one needs is more than what is left.
    submit(node, extrinsic(KIND.pay, 200, 1, 50));
    const before = runtime.calls.get('BlockBuilder_apply_extrinsic')!;
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.note, KIND.pay]);
    // The timestamp, the note, one transaction without room and one with, and the timestamp of a block that could follow.
    expect(runtime.calls.get('BlockBuilder_apply_extrinsic')! - before).toBe(5);
  });

  test('one that finds no room in 256 blocks full of packages leaves the pool, and may come again', () => {
    const { node } = openNode();
    node.addInherentProvider({
      name: 'packages',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(1) }),
    });
    const statuses: unknown[] = [];
    expect(node.pool.submit(extrinsic(KIND.misfit, 1, 0, 1), (status) => statuses.push(status)).ok).toBe(true);
    for (let i = 0; i < 255; i++) node.createBlock();
    expect(statuses).toEqual(['ready']);
    node.createBlock();
    expect(statuses).toEqual(['ready', 'dropped']);
    submit(node, extrinsic(KIND.misfit, 1, 0, 1));
  });

  test('one that packages keep out is not rejected, as long as they do', () => {
    const { node } = openNode();
    let isFull = true;
    node.addInherentProvider({
      name: 'packages',
      provide: () => (isFull ? { identifier: utf8('notenote'), data: Uint8Array.of(1) } : undefined),
    });
    submit(node, extrinsic(KIND.misfit, 1, 0, 1));
    const left = (blocks: number): number => {
      for (let i = 0; i < blocks; i++) node.createBlock();
      return node.pool.readyCount;
    };
    expect(left(20)).toBe(1);
    isFull = false;
    expect(left(7)).toBe(1);
    isFull = true; // a block with packages: the count starts anew
    expect(left(1)).toBe(1);
    isFull = false;
    expect(left(7)).toBe(1);
    expect(left(1)).toBe(0);
  });

  test('heavy transactions at the head of the pool do not keep lighter ones out of the block', () => {
    const { node } = openNode();
    for (let signer = 1; signer <= 20; signer++) submit(node, extrinsic(KIND.misfit, signer, 0, 90));
    submit(node, extrinsic(KIND.pay, 30, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(node.pool.readyCount).toBe(20);
  });

  test('one that others keep out, block after block, is not rejected', () => {
    const { node } = openNode();
    submit(node, extrinsic(KIND.pay, 9, 0, 60));
    for (let nonce = 0; nonce < 10; nonce++) {
      submit(node, extrinsic(KIND.pay, 1, nonce, BLOCK_WEIGHT));
      expect(node.createBlock().extrinsics.map((bytes) => bytes[2])).toEqual([0, 1]);
    }
    expect(node.createBlock().extrinsics.map((bytes) => bytes[2])).toEqual([0, 9]);
  });

  test('a transaction that traps is rejected; the block is made with the others', () => {
    const { node, lines } = openNode();
    const statuses: unknown[] = [];
    node.pool.submit(extrinsic(KIND.trap, 1, 0, 50), (status) => statuses.push(status));
    submit(node, extrinsic(KIND.pay, 2, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(statuses).toEqual(['ready', 'invalid']);
    expect(lines.join('\n')).toMatch(/is rejected: BlockBuilder_apply_extrinsic trapped: unreachable/);
    expect(node.pool.submit(extrinsic(KIND.trap, 1, 0, 50))).toMatchObject({ ok: false, error: { kind: 'banned' } });
  });

  test('a transaction whose dispatch fails is in the block, one that became invalid is not', () => {
    const { node } = openNode();
    submit(node, extrinsic(KIND.fail, 1, 0, 1), extrinsic(KIND.nobody, 2, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.fail]);
    expect(node.pool.readyCount).toBe(0);
  });

  test('each block has a later slot, even if the clock stands still', () => {
    const { node, clock } = openNode();
    const slots = [node.createBlock(), node.createBlock()].map(({ header }) => slotOf(header)!);
    expect(slots[0]).toBe(BigInt(Math.floor(clock.nowMs() / SLOT_MS)));
    expect(slots[1]).toBe(slots[0]! + 1n);
    clock.advance(10 * SLOT_MS);
    expect(slotOf(node.createBlock().header)).toBe(slots[0]! + 10n);
  });
});

describe('inherent providers', () => {
  const note = (argument: number) => ({ identifier: utf8('notenote'), data: Uint8Array.of(argument) });

  test('are called with the block under construction, and the writes of their calls are rolled back', () => {
    const { node } = openNode();
    let seen: unknown;
    node.addInherentProvider({
      name: 'test',
      provide: (parent, building) => {
        building.call('BlockBuilder_apply_extrinsic', extrinsic(KIND.pay, 1, 0, 1));
        seen = [parent.number, building.number, building.timestampMs === building.slot * BigInt(SLOT_MS)];
        return note(7);
      },
    });
    const block = node.createBlock();
    expect(kinds(block)).toEqual([KIND.timestamp, KIND.note]);
    expect(seen).toEqual([0, 1, true]);
    expect(node.stateAt(block.hash).get(utf8('note'))).toEqual(Uint8Array.of(7));
    expect(node.stateAt(block.hash).get(utf8('trace'))).toBeUndefined();
  });

  test('one that fails, or whose inherent is refused, is left out, and the block is made', () => {
    const { node, lines } = openNode();
    node.addInherentProvider({
      name: 'broken',
      provide: () => {
        throw new Error('no luck');
      },
    });
    node.addInherentProvider({ name: 'refused', provide: () => note(0xff) });
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp]);
    expect(lines).toEqual([
      'the inherent of broken is left out of block 1: no luck',
      'the inherent of refused is left out of block 1: the runtime refused the inherent of refused: A call was labelled as mandatory, but resulted in an Error.',
    ]);
  });
});

describe('an inherent that makes the end of the block trap', () => {
  test('is left out with all the others, and the block is made', () => {
    const { node, lines } = openNode();
    node.addInherentProvider({
      name: 'bad',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(0xfe) }),
    });
    submit(node, extrinsic(KIND.pay, 1, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(lines).toEqual([
      'block 1 is made without package inherents: BlockBuilder_finalize_block trapped: the end of the block failed',
    ]);
  });
});
