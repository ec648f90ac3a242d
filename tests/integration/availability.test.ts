// Availability on a real chain: lost and corrupted shards, three cores at once, and conflicting packages in one block.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../host/bytes/index.js';
import { buildPackage, classKey, classTrie, countKey, elementsItem, signPackage } from '../../host/incore/index.js';
import type { SignedPackage } from '../../host/incore/index.js';
import type { ShardParcel, StageEvent } from '../../host/validators/index.js';
import { deployOrdering, signerOf, startChain, submitTo, type TestChain } from './chain.js';

let chain: TestChain;
let classId: number;
/** Delivers a validator's shard: each test sets its own. */
let carry: (validator: number, parcel: ShardParcel) => ShardParcel | undefined;

beforeAll(async () => {
  chain = await startChain({ deliver: (validator, parcel) => carry(validator, parcel) });
  classId = deployOrdering(chain, [0, 1, 2]);
});

afterAll(async () => chain.close());
afterEach(() => void chain.warnings.splice(0));

function packageOf(key: string, data = key): SignedPackage {
  const element = { namespace: utf8('docs'), key: utf8(key), data: utf8(data) };
  return signPackage(buildPackage([elementsItem(classId, [element])], chain.node.best().hash), signerOf('Bob'));
}

const last = ({ hash }: SignedPackage): StageEvent => chain.validators.tracker.story(hash)!.at(-1)!;

describe('availability', () => {
  test('a byte is flipped in transit: that validator does not sign its bit, and five of six are enough', async () => {
    carry = (validator, parcel) => {
      const shard = parcel.shard.slice();
      if (validator === 4) shard[0]! ^= 1;
      return { ...parcel, shard };
    };
    const signed = packageOf('flipped');
    await submitTo(chain, signed);
    chain.block();
    expect(chain.warnings).toEqual([
      `validator 4 refused its shard of ${toHex(signed.hash)}: it is not under the reported root`,
    ]);
    const available = chain.block().find(({ name }) => name === 'Availability.Available')!;
    expect(available.data).toEqual([toHex(signed.hash), '0', '5']);
    expect(last(signed)).toMatchObject({ stage: 'accumulated' });
  });

  test('two shards lost: the report times out in the tenth block, and its core is free again in that block', async () => {
    carry = (validator, parcel) => (validator < 2 ? undefined : parcel);
    const lost = packageOf('lost');
    await submitTo(chain, lost, 2);
    chain.block();
    const registered = chain.node.best().number;
    for (let i = 0; i < 9; i++) chain.block();
    expect(last(lost)).toMatchObject({ stage: 'reported' });
    carry = (_validator, parcel) => parcel;
    const next = packageOf('next');
    await submitTo(chain, next, 2);
    chain.block();
    expect(last(lost)).toMatchObject({ stage: 'timedOut', block: registered + 10 });
    expect(chain.validators.submit(lost.encoded, 2)).toMatchObject({
      ok: false,
      error: { reason: 'alreadyRegistered', message: expect.stringContaining('build it anew') },
    });
    expect(last(next)).toMatchObject({ stage: 'reported', block: registered + 10 });
    chain.block();
    expect(last(next)).toMatchObject({ stage: 'accumulated' });
  });

  test('three packages on three cores are registered and accumulated in the same two blocks', async () => {
    carry = (_validator, parcel) => parcel;
    const signed = ['one', 'two', 'three'].map((key) => packageOf(key));
    for (const one of signed) await submitTo(chain, one);
    expect(signed.map((one) => last(one).core)).toEqual([0, 1, 2]);
    chain.block();
    expect(signed.map((one) => last(one).stage)).toEqual(['reported', 'reported', 'reported']);
    const events = chain.block();
    expect(signed.map((one) => last(one).stage)).toEqual(['accumulated', 'accumulated', 'accumulated']);
    const runs = events.filter(({ name }) => name === 'Accumulation.Accumulated');
    expect(runs).toHaveLength(1); // one call of the class for all three
    const state = chain.node.stateAt(chain.node.best().hash).child(classTrie(classId))!;
    expect(state.get(classKey(countKey(utf8('docs'))))![0]).toBe(1 + 1 + 3);
  });

  test('of two packages with the same key in one block, the class prunes the later one', async () => {
    carry = (_validator, parcel) => parcel;
    const [first, second] = [packageOf('contested', 'first'), packageOf('contested', 'second')];
    // The last report of each core was Registered in the same block, so that the number of this one decides.
    const core = (chain.node.best().number + 1) % 2;
    await submitTo(chain, second, 1 - core);
    await submitTo(chain, first, core);
    chain.block();
    expect(last(first)).toMatchObject({ stage: 'reported' });
    expect(last(second)).toMatchObject({ stage: 'pruned', class: classId });
  });
});
