// Shards, bitfields, attestations and recovery, with the validators of a dev chain on a fake node. Spec: D8, D14, D20.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../host/bytes/index.js';
import { bitfieldMessage } from '../../../host/incore/index.js';
import { SHARDS_COLUMN, ShardStore } from '../../../host/validators/index.js';
import { verifySignature } from '../../../host/executor/index.js';
import { errorOf, valueOf } from '../results.js';
import { packageOf, SIGNERS, validatorsOf, world } from './world.js';

describe('availability', () => {
  test('each validator keeps only its own shard, and signs its bit for the parent', async () => {
    const { node, validators, submit } = world();
    const hash = await submit('one', 1);
    const { hash: parent } = node.author();
    const shards = node.database.column(SHARDS_COLUMN);
    const kept = SIGNERS.map((_, index) => new ShardStore(shards, index).get(hash)!.shard);
    const { report } = node.pending()[0]!;
    expect(valueOf(validators.recover(report.packageSpec))).toMatchObject({ used: [0, 1] });
    expect(new Set(kept.map(toHex)).size).toBe(6);
    expect([...shards.entries()]).toHaveLength(2 * 6);
    node.author();
    expect(node.lastInherents.bitfields.map(({ validator, bits }) => [validator, bits])).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => [index, [false, true, false]]),
    );
    for (const { validator, bits, signature } of node.lastInherents.bitfields) {
      expect(verifySignature('sr25519', SIGNERS[validator]!.publicKey, bitfieldMessage(parent, bits), signature)).toBe(
        true,
      );
    }
  });

  test.each([0, 3, 5])('a byte flipped in transit makes only validator %i leave its bit unset', async (victim) => {
    const { node, validators, warnings, submit, stages } = world({
      deliver: (validator, parcel) => {
        if (validator !== victim) return parcel;
        const shard = parcel.shard.slice();
        shard[shard.length >> 1]! ^= 0x10;
        return { ...parcel, shard };
      },
    });
    const hash = await submit('one', 0);
    node.author();
    expect(warnings).toEqual([
      `validator ${victim} refused its shard of ${toHex(hash)}: it is not under the reported root`,
    ]);
    const signing = validators.bitfields(node.best()).map(({ validator }) => validator);
    expect(signing).toEqual([0, 1, 2, 3, 4, 5].filter((index) => index !== victim));
    node.author(); // five of six are enough: 6 − ⌊5 / 3⌋ = 5
    expect(stages(hash).split(' ').at(-1)).toBe('accumulated');
  });

  test('a package times out if two validators lack their shards', async () => {
    const { node, submit, stages } = world({ deliver: (validator, parcel) => (validator < 2 ? undefined : parcel) });
    const hash = await submit('one', 0);
    for (let i = 0; i < 10; i++) node.author();
    expect(stages(hash).split(' ').at(-1)).toBe('reported');
    node.author();
    expect(stages(hash).split(' ').at(-1)).toBe('timedOut');
  });

  test('a package is recovered from k shards, and not from k − 1', async () => {
    const { node, validators, submit } = world();
    await submit('a package to be recovered', 0);
    node.author();
    const { packageSpec } = node.pending()[0]!.report;
    const whole = packageOf({ best: () => node.blocks[0]! }, 'a package to be recovered');
    for (const pair of [
      [0, 1],
      [4, 5],
      [1, 3],
    ]) {
      expect(toHex(valueOf(validators.recover(packageSpec, pair)).package)).toBe(toHex(whole));
    }
    expect(errorOf(validators.recover(packageSpec, [3]))).toBe('recovery needs 2 of 6 shards and 1 could be had');
  });

  test("one member's signature with another key is left out of an attestation, which the others' suffice for", async () => {
    const { node, warnings, validators, submit } = world({
      verify: (key) => toHex(key) !== toHex(SIGNERS[1]!.publicKey),
    });
    const hash = await submit('one', 0);
    expect(validators.tracker.story(hash)!.at(-1)).toMatchObject({ stage: 'attested', signatures: 1, groupSize: 2 });
    node.author();
    expect(node.lastInherents.attestations.map((one) => [one.validators, one.attestations.length])).toEqual([
      [[true, false], 1],
    ]);
    expect(warnings).toEqual(['validator 1 signed a report with another key: left out']);
  });

  test('a bitfield signed with another key is left out', async () => {
    const { node, warnings, submit } = world({ verify: (key) => toHex(key) !== toHex(SIGNERS[4]!.publicKey) });
    await submit('one', 0);
    node.author();
    node.author();
    expect(node.lastInherents.bitfields.map(({ validator }) => validator)).toEqual([0, 1, 2, 3, 5]);
    expect(warnings).toEqual(['validator 4 signed its availability bits with another key: left out']);
  });

  test('after a restart the shards are kept and the bits are signed', async () => {
    const { node, submit } = world();
    await submit('one', 0);
    node.author();
    const wakes = node.wakes;
    const again = validatorsOf(node, { verify: () => true });
    expect(node.wakes).toBe(wakes + 1);
    expect(again.bitfields(node.best())).toHaveLength(6);
  });

  test.each([
    [62, 0],
    [63, 12],
  ])('after 63 blocks, shards that are kept for %i leave %i entries', async (shardsKeptBlocks, left) => {
    const { node, submit } = world({ shardsKeptBlocks });
    await submit('one', 0);
    const entries = (): number => [...node.database.column(SHARDS_COLUMN).entries()].length;
    while (node.best().number < 63) node.author();
    expect(entries()).toBe(12);
    node.author(); // block 64 removes shards Registered before block 64 − shardsKeptBlocks, these in block 1
    expect(entries()).toBe(left);
  });

  test('validators whose keys this process does not hold do not sign', async () => {
    const { node, validators, submit, stages } = world({ signers: SIGNERS.slice(0, 3) });
    const hash = await submit('one', 1); // its group is 2 and 3
    expect(validators.tracker.story(hash)!.find(({ stage }) => stage === 'attested')).toMatchObject({
      signatures: 1,
      groupSize: 2,
    });
    node.author();
    node.author();
    expect(node.lastInherents.bitfields.map(({ validator }) => validator)).toEqual([0, 1, 2]);
    expect(stages(hash).split(' ').at(-1)).toBe('reported');
  });
});
