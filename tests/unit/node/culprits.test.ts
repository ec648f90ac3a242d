// What makes a block impossible to finish is found and left out, and the chain goes on.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8 } from '../../../host/bytes/index.js';
import type { CommittedBlock } from '../../../host/node/index.js';
import { extrinsic, KIND } from './fake-runtime.js';
import { openNode, submit } from './open-node.js';

/** The signers of a block's transactions. */
const signers = (block: CommittedBlock): number[] =>
  block.extrinsics.filter((bytes) => bytes[1] !== KIND.timestamp && bytes[1] !== KIND.note).map((bytes) => bytes[2]!);
const hashOf = (bytes: Uint8Array): string => toHex(blake2_256(bytes));
const pays = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, index) => extrinsic(KIND.pay, from + index, 0, 1));

/** The log's line for a transaction that makes the end of a block trap. */
const banned = (bytes: Uint8Array, block = 1): string =>
  `transaction ${hashOf(bytes)} is banned: with it, block ${block} can't be finished: ` +
  'BlockBuilder_finalize_block trapped: the end of the block failed';

describe('a transaction that makes the block impossible to finish', () => {
  test('is banned with its reason and named in the log, and nothing else is; the block has all the others', () => {
    const { node, lines } = openNode();
    const culprit = extrinsic(KIND.poison, 50, 0, 1);
    const statuses: unknown[] = [];
    submit(node, ...pays(1, 31));
    node.pool.submit(culprit, (status) => statuses.push(status));
    submit(node, ...pays(31, 61).filter((bytes) => bytes[2] !== 50));
    const block = node.createBlock();
    expect(signers(block)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1).filter((signer) => signer !== 50));
    expect(lines).toEqual([banned(culprit)]);
    expect(statuses).toEqual(['ready', 'invalid']);
    expect(node.pool.submit(culprit)).toEqual({
      ok: false,
      error: {
        kind: 'banned',
        reason: "with it, a block can't be finished: BlockBuilder_finalize_block trapped: the end of the block failed",
      },
    });
    expect(node.pool.readyCount).toBe(0);
    expect(node.createBlock().number).toBe(2);
  });

  test.each([0, 1, 2, 6, 7])('is found at any place in the block (%i)', (place) => {
    const { node } = openNode();
    for (let signer = 0; signer < 8; signer++)
      submit(node, extrinsic(signer === place ? KIND.poison : KIND.pay, signer, 0, 1));
    expect(signers(node.createBlock())).toEqual([0, 1, 2, 3, 4, 5, 6, 7].filter((signer) => signer !== place));
  });

  test('the only one in its block: the block is empty', () => {
    const { node, lines } = openNode();
    const culprit = extrinsic(KIND.poison, 1, 0, 1);
    submit(node, culprit);
    expect(signers(node.createBlock())).toEqual([]);
    expect(lines).toEqual([banned(culprit)]);
  });

  test('several in a block are all found while there is time, each with its line', () => {
    const { node, lines } = openNode();
    const [first, second] = [extrinsic(KIND.poison, 3, 0, 1), extrinsic(KIND.poison, 9, 0, 1)];
    submit(node, first, ...pays(4, 9), second, ...pays(10, 12));
    expect(signers(node.createBlock())).toEqual([4, 5, 6, 7, 8, 10, 11]);
    expect(lines).toEqual([banned(first), banned(second)]);
  });

  test('several, and no time: the block has those before the one found, and the others wait', () => {
    const { node, lines } = openNode({ authorLimits: { searchMsMax: 0 } });
    const [first, second] = [extrinsic(KIND.poison, 9, 0, 1), extrinsic(KIND.poison, 12, 0, 1)];
    submit(node, ...pays(4, 9), first, ...pays(10, 12), second);
    expect(signers(node.createBlock())).toEqual([4, 5, 6, 7, 8]);
    expect(node.pool.ready().map(({ bytes }) => bytes[2])).toEqual([10, 11, 12]);
    expect(signers(node.createBlock())).toEqual([10, 11]);
    expect(lines).toEqual([banned(first), banned(second, 2)]);
    expect(node.pool.readyCount).toBe(0);
  });

  test('those that follow it in their account wait, and are told so', () => {
    const { node } = openNode();
    const statuses: unknown[] = [];
    submit(node, extrinsic(KIND.poison, 1, 0, 1));
    node.pool.submit(extrinsic(KIND.pay, 1, 1, 1), (status) => statuses.push(status));
    node.createBlock();
    expect(statuses).toEqual(['ready', 'future']);
    expect([node.pool.readyCount, node.pool.futureCount]).toEqual([0, 1]);
  });

  test('under instant sealing, what waited for it gets its block at once', () => {
    const { node, clock } = openNode({ sealing: 'instant', authorLimits: { searchMsMax: 0 } });
    submit(node, extrinsic(KIND.poison, 1, 0, 1), ...pays(2, 5));
    clock.advance(0);
    expect(node.best().number).toBe(2);
    expect(node.pool.readyCount).toBe(0);
  });

  test('what an attempt that was given up found of others is not kept: they are tried anew', () => {
    const { node, lines } = openNode();
    const [culprit, trapping] = [extrinsic(KIND.poison, 1, 0, 9), extrinsic(KIND.trap, 2, 0, 1)];
    submit(node, culprit, trapping);
    node.createBlock();
    expect(node.pool.ready().map(({ bytes }) => bytes)).toEqual([trapping]);
    expect(lines).toEqual([banned(culprit)]);
    node.createBlock();
    expect(node.pool.readyCount).toBe(0);
    expect(lines).toEqual([
      banned(culprit),
      `transaction ${hashOf(trapping)} is rejected: BlockBuilder_apply_extrinsic trapped: unreachable`,
    ]);
  });

  test('beside an inherent: the inherent stays in the block, and its provider is asked once', () => {
    const { node, lines } = openNode();
    let asked = 0;
    node.addInherentProvider({
      name: 'note',
      provide: () => {
        asked++;
        return { identifier: utf8('notenote'), data: Uint8Array.of(7) };
      },
    });
    const culprit = extrinsic(KIND.poison, 5, 0, 1);
    submit(node, ...pays(1, 5), culprit);
    const block = node.createBlock();
    expect(block.extrinsics.map((bytes) => bytes[1])).toEqual([KIND.timestamp, KIND.note, 1, 1, 1, 1]);
    expect(lines).toEqual([banned(culprit)]);
    expect(asked).toBe(1);
  });

  test('beside an inherent that does so too: both are left out, each with its line', () => {
    const { node, lines } = openNode();
    const culprit = extrinsic(KIND.poison, 5, 0, 1);
    node.addInherentProvider({
      name: 'bad',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(0xfe) }),
    });
    submit(node, ...pays(1, 5), culprit);
    expect(signers(node.createBlock())).toEqual([1, 2, 3, 4]);
    expect(lines).toEqual([
      'block 1 is made without package inherents: BlockBuilder_finalize_block trapped: the end of the block failed',
      banned(culprit),
    ]);
  });
});

describe('a transaction after which no block could begin', () => {
  test('is found in its own block', () => {
    const { node, lines } = openNode();
    const culprit = extrinsic(KIND.stuck, 5, 0, 1);
    submit(node, ...pays(1, 5), culprit, ...pays(6, 9));
    expect(signers(node.createBlock())).toEqual([1, 2, 3, 4, 6, 7, 8]);
    expect(lines).toEqual([
      `transaction ${hashOf(culprit)} is banned: with it, block 1 can't be finished: ` +
        'no block could follow it: Core_initialize_block trapped: the start of the block failed',
    ]);
    expect(node.createBlock().number).toBe(2);
  });

  test('so is one that sets code that is no runtime', () => {
    const { node, lines } = openNode();
    const culprit = extrinsic(KIND.setCode, 5, 0, 0);
    submit(node, culprit, ...pays(6, 9));
    expect(signers(node.createBlock())).toEqual([6, 7, 8]);
    expect(lines).toEqual([
      `transaction ${hashOf(culprit)} is banned: with it, block 1 can't be finished: ` +
        'no block could follow it: the code is not a WebAssembly module',
    ]);
  });
});

test('a block that nothing in it is to blame for is not made, and its transactions stay', () => {
  const { node, runtime, lines } = openNode();
  runtime.endTraps = true;
  node.addInherentProvider({
    name: 'note',
    provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(7) }),
  });
  submit(node, ...pays(1, 5));
  expect(() => node.createBlock()).toThrow('BlockBuilder_finalize_block trapped: the end of the block failed');
  expect(lines).toEqual([]);
  expect(node.pool.readyCount).toBe(4);
  runtime.endTraps = false;
  expect(signers(node.createBlock())).toEqual([1, 2, 3, 4]);
});

test('a ready transaction whose account lost its nonce waits again, and is told so', () => {
  const { node } = openNode();
  submit(node, extrinsic(KIND.pay, 1, 0, 1), extrinsic(KIND.pay, 1, 1, 1));
  node.createBlock();
  const statuses: unknown[][] = [[], []];
  submit(node, extrinsic(KIND.rewind, 9, 0, 1));
  for (const index of [0, 1])
    node.pool.submit(extrinsic(KIND.pay, 1, 2 + index, 1), (status) => statuses[index]!.push(status));
  expect(signers(node.createBlock())).toEqual([9]);
  expect(statuses).toEqual([
    ['ready', 'future'],
    ['ready', 'future'],
  ]);
  // Its account's nonce is 0 again: what it waits for now is its transaction number 1.
  submit(node, extrinsic(KIND.pay, 1, 0, 2), extrinsic(KIND.pay, 1, 1, 2));
  expect(signers(node.createBlock())).toEqual([1, 1, 1, 1]);
});
