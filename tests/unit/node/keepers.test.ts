// Block keepers: what they add to a block is on disk with it, or neither is.
import { expect, test } from '@jest/globals';
import { utf8 } from '../../../host/bytes/index.js';
import type { BlockKeeper, KeptBlock } from '../../../host/node/index.js';
import { DiskFull, FailingDatabase } from '../db/failing-database.js';
import { valueOf } from '../results.js';
import { extrinsic, FakeRuntime, KIND } from './fake-runtime.js';
import { bytesOf, openNode, submit } from './open-node.js';

const KEY = utf8('best');

/** Keeps the number of the last block, and notes what it is called for. */
function keeper(seen: string[] = []): BlockKeeper {
  return {
    name: 'the test',
    keep: ({ number, origin }, batch) => {
      seen.push(`${origin} ${number}`);
      batch.put('kept', KEY, Uint8Array.of(number));
      return () => void seen.push(`durable ${number}`);
    },
  };
}

test('a keeper writes in the transaction of the block, and is called once both are durable', () => {
  const database = new FailingDatabase();
  const { node } = openNode({ database });
  const seen: string[] = [];
  const remove = node.addBlockKeeper(keeper(seen));
  node.subscribeBlocks(({ number }) => void seen.push(`told ${number}`));
  const before = database.writes;
  node.createBlock();
  expect(database.writes).toBe(before + 1);
  expect(seen).toEqual(['own 1', 'durable 1', 'told 1']);
  expect(node.database.column('kept').get(KEY)).toEqual(Uint8Array.of(1));
  remove();
  node.createBlock();
  expect(node.database.column('kept').get(KEY)).toEqual(Uint8Array.of(1));
});

test('a block that is not written leaves nothing of its keepers, and does not call them again', () => {
  const database = new FailingDatabase();
  const { node } = openNode({ database });
  const seen: string[] = [];
  node.addBlockKeeper(keeper(seen));
  database.beforeWrite = () => {
    throw new DiskFull();
  };
  expect(() => node.createBlock()).toThrow(DiskFull);
  expect(seen).toEqual(['own 1']);
  expect([node.best().number, node.database.column('kept').get(KEY)]).toEqual([0, undefined]);
  database.beforeWrite = () => undefined;
  expect(node.createBlock().number).toBe(1);
  expect(seen).toEqual(['own 1', 'own 1', 'durable 1']);
});

test('a keeper reads the state that the block will have: of an own block and of an imported one', () => {
  const author = openNode();
  const importer = openNode();
  const nonces: number[] = [];
  for (const { node } of [author, importer]) {
    const nonceAt = (hash: Uint8Array): number =>
      node.runtimeCall(hash, 'AccountNonceApi_account_nonce', Uint8Array.of(7))[0]!;
    node.addBlockKeeper({
      name: 'the test',
      keep: ({ hash, number }) => {
        nonces.push(nonceAt(node.best().hash), nonceAt(hash));
        expect(node.best().number).toBe(number - 1);
        return () => void nonces.push(nonceAt(hash));
      },
    });
  }
  submit(author.node, extrinsic(KIND.pay, 7, 0, 1));
  const block = author.node.createBlock();
  expect(nonces).toEqual([0, 1, 1]);
  valueOf(importer.node.importBlock(bytesOf(author.node, block)));
  expect(nonces.slice(3)).toEqual([0, 1, 1]);
  // Nothing that it asked is part of the block.
  expect(importer.node.best().hash).toEqual(block.hash);
});

test('a keeper of a block that changes the code asks the new code', () => {
  const [old, next] = [new FakeRuntime(), new FakeRuntime()];
  const { node } = openNode({ loadRuntime: (code) => (code.length === 1 && code[0] === 9 ? next : old) });
  const asked: number[] = [];
  node.addBlockKeeper({
    name: 'the test',
    keep: ({ hash }: KeptBlock) => {
      const before = next.calls.get('AccountNonceApi_account_nonce') ?? 0;
      node.runtimeCall(hash, 'AccountNonceApi_account_nonce', Uint8Array.of(7));
      asked.push(next.calls.get('AccountNonceApi_account_nonce')! - before);
      return () => undefined;
    },
  });
  submit(node, extrinsic(KIND.setCode, 1, 0, 9));
  node.createBlock();
  expect(asked).toEqual([1]);
});

test("a keeper that fails is named in the log, its writes are left out, and the block and the others' are not", () => {
  const { node, lines } = openNode();
  const seen: string[] = [];
  node.addBlockKeeper({
    name: 'the broken one',
    keep: (_block, batch) => {
      batch.put('broken', KEY, KEY);
      throw new Error('no memory');
    },
  });
  node.addBlockKeeper(keeper(seen));
  node.createBlock();
  expect(seen).toEqual(['own 1', 'durable 1']);
  expect(lines).toEqual(['the broken one could not follow block 1: Error: no memory']);
  expect(node.database.column('broken').get(KEY)).toBeUndefined();
  expect(node.database.column('kept').get(KEY)).toEqual(Uint8Array.of(1));
});
