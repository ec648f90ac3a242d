// A block that this machine can't write: nothing of it happens, to the chain, the pool or the log, and it may be made or
// imported again.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, toHex } from '../../../host/bytes/index.js';
import type { NodeOptions } from '../../../host/node/index.js';
import { DiskFull, FailingDatabase } from '../db/failing-database.js';
import { BLOCK_WEIGHT, extrinsic, KIND } from './fake-runtime.js';
import { bytesOf, openNode, submit, type OpenNode } from './open-node.js';

const hashOf = (bytes: Uint8Array): string => toHex(blake2_256(bytes));

/** A node whose disk is full until `makeRoom` is called. */
function fullDisk(authorLimits: NodeOptions['authorLimits'] = {}): OpenNode & { fill(): void; makeRoom(): void } {
  const database = new FailingDatabase();
  const opened = openNode({ database, authorLimits });
  return {
    ...opened,
    fill: () => {
      database.beforeWrite = () => {
        throw new DiskFull();
      };
    },
    makeRoom: () => {
      database.beforeWrite = () => undefined;
    },
  };
}

/** What the pool holds, and what its author remembers of each transaction. */
const poolOf = ({ node: { pool } }: OpenNode): unknown[] =>
  [...pool.ready(), ...pool.future()].map(({ hash, misfits, misfitsOfOne, validatedAt }) => ({
    hash,
    misfits,
    misfitsOfOne,
    validatedAt,
  }));

describe('importing a block on a full disk', () => {
  test('is refused with a sentence, changes nothing, and succeeds once there is room', () => {
    const author = openNode();
    const importer = fullDisk();
    const [paid, next] = [extrinsic(KIND.pay, 1, 0, 3), extrinsic(KIND.pay, 1, 1, 3)];
    submit(author.node, paid);
    const block = bytesOf(author.node, author.node.createBlock());
    const told: unknown[] = [];
    importer.node.pool.submit(paid, (status) => told.push(status));
    submit(importer.node, next);
    importer.node.subscribeBlocks(({ number }) => told.push(number));
    const before = [importer.node.best(), poolOf(importer)];

    importer.fill();
    for (let tries = 0; tries < 2; tries++) {
      expect(importer.node.importBlock(block)).toEqual({
        ok: false,
        error: {
          kind: 'notWritten',
          message: "block 1 is not imported: the database in memory can't be written: the disk is full",
        },
      });
      expect([importer.node.best(), poolOf(importer)]).toEqual(before);
      expect(importer.node.blockHash(1)).toBeUndefined();
    }
    expect(told).toEqual(['ready']);

    importer.makeRoom();
    expect(importer.node.importBlock(block)).toMatchObject({ ok: true, value: { number: 1 } });
    expect(importer.node.pool.ready().map(({ bytes }) => bytes)).toEqual([next]);
    expect(told).toEqual(['ready', 1, { inBlock: importer.node.best().hash }]);
  });

  test('after it the node makes blocks of its own, on the same parent', () => {
    const author = openNode();
    const importer = fullDisk();
    const block = bytesOf(author.node, author.node.createBlock());
    importer.fill();
    importer.node.importBlock(block);
    importer.makeRoom();
    expect(importer.node.createBlock().number).toBe(1);
    expect(importer.lines).toEqual([]);
  });

  test('a fault that is not the disk is no refusal', () => {
    const author = openNode();
    const block = bytesOf(author.node, author.node.createBlock());
    const database = new FailingDatabase();
    const { node } = openNode({ database });
    database.beforeWrite = () => {
      throw new Error('a bug');
    };
    expect(() => node.importBlock(block)).toThrow('a bug');
  });
});

describe('a block of this author that is not written leaves the pool as it was', () => {
  test.each([
    ['one that traps', KIND.trap, 1],
    ['one that the runtime refuses', KIND.nobody, 1],
    ['one that fits no block', KIND.misfit, 1],
    ['one with which the block can not be finished', KIND.poison, 1],
  ])('%s is neither removed nor banned', (_name, kind, weight) => {
    const opened = fullDisk();
    const { node, lines } = opened;
    const bytes = extrinsic(kind, 1, 0, weight);
    const told: unknown[] = [];
    node.pool.submit(bytes, (status) => told.push(status));
    submit(node, extrinsic(KIND.pay, 1, 1, 1), extrinsic(KIND.pay, 2, 0, 1));
    const before = poolOf(opened);
    opened.fill();
    for (let tries = 0; tries < 20; tries++) expect(() => node.createBlock()).toThrow(DiskFull);
    expect(poolOf(opened)).toEqual(before);
    expect([told, lines]).toEqual([['ready'], []]);
    expect(node.pool.submit(bytes)).toEqual({ ok: false, error: { kind: 'alreadyImported', hash: hashOf(bytes) } });
  });

  test('blocks that are not written do not count as blocks that had no room', () => {
    const opened = fullDisk({ misfitsMax: 2 });
    const { node } = opened;
    submit(node, extrinsic(KIND.pay, 1, 0, BLOCK_WEIGHT), extrinsic(KIND.pay, 2, 0, BLOCK_WEIGHT));
    opened.fill();
    for (let tries = 0; tries < 3; tries++) expect(() => node.createBlock()).toThrow(DiskFull);
    opened.makeRoom();
    node.createBlock();
    expect(node.pool.readyCount).toBe(1);
  });

  test('once there is room, what was found out happens: the one that is to blame is banned', () => {
    const opened = fullDisk();
    const { node, lines } = opened;
    const culprit = extrinsic(KIND.poison, 1, 0, 1);
    submit(node, culprit, extrinsic(KIND.pay, 2, 0, 1));
    opened.fill();
    expect(() => node.createBlock()).toThrow(DiskFull);
    opened.makeRoom();
    expect(node.createBlock().extrinsics).toHaveLength(2); // the timestamp, and the payment
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^transaction ${hashOf(culprit)} is banned: `))]);
    expect(node.pool.readyCount).toBe(0);
  });
});
