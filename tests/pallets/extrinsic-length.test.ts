// Lengths of extrinsics at the edges: what is signed directly or by its hash, and how many bytes a length takes.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedConstants, storedLengthWeight, storedWeight } from '../../bench/weights/constants.js';
import { concat, Writer } from '../../host/bytes/index.js';
import { alicePair, expectEvent, signExtrinsic, TestChain } from '../harness/index.js';

const GOOD = { invalid: undefined, error: undefined, leftTraces: false };

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

/** Alice's remark of this many bytes, signed. */
const remark = (length: number): Uint8Array =>
  signExtrinsic(chain, alicePair, chain.names.call('System.remark', `0x${'07'.repeat(length)}`));

describe('the signed payload', () => {
  // The call's index (2), the remark's length (2) and bytes; era, nonce, tip and mode of the metadata hash (1 each); both
  // versions (4 + 4), the hashes of the genesis and birth blocks (32 + 32), no metadata hash (1). @polkadot/types signs up to
  // 256 bytes directly.
  const PAYLOAD_WITHOUT_REMARK = 2 + 2 + 4 + 8 + 64 + 1;

  test.each([255, 256, 257])('of %d bytes has the signature that clients make', (length) => {
    expect(chain.submit(remark(length - PAYLOAD_WITHOUT_REMARK))).toEqual(GOOD);
  });
});

describe('the length of an extrinsic in a block', () => {
  test('is counted by class, from zero: an inherent is Mandatory', () => {
    // A list of one: one byte for its length, then the extrinsic with its own.
    const inherents = chain.call('BlockBuilder_inherent_extrinsics', chain.timestampData(1));
    const mandatory = inherents.length - 1;
    expect(chain.json('System.ExtrinsicsLen')).toEqual({ normal: 0, operational: 0, mandatory });
  });

  // Format (1), address (1 + 32), signature (1 + 64), era, nonce, tip and mode of the metadata hash (4), the call's index (2),
  // the remark's length (2).
  const WITHOUT_REMARK = 1 + 33 + 65 + 4 + 2 + 2;

  test.each([
    [16_383, 2],
    [16_384, 4],
  ])('of %d bytes includes the %d bytes of its compact length', (length, prefix) => {
    const normal = (): number => (chain.json('System.ExtrinsicsLen') as { normal: number }).normal;
    const before = normal();
    const extrinsic = remark(length - WITHOUT_REMARK);
    expect(extrinsic).toHaveLength(length);
    expect(chain.submit(extrinsic)).toEqual(GOOD);
    expect(normal() - before).toBe(length + prefix);
  });
});

describe('the length of an extrinsic has a weight', () => {
  test('a transfer to a raw address of 1 MiB weighs its bytes, in the block and in its event', () => {
    const LENGTH = 1 << 20;
    // MultiAddress::Raw is variant 2. The address leads to no account, so that nothing is transferred.
    const to = concat(Uint8Array.of(2), new Writer().bytes(new Uint8Array(LENGTH)).finish());
    const prefix = chain.names.call('Balances.transfer_keep_alive', new Uint8Array(32), 0n).subarray(0, 2);
    const extrinsic = signExtrinsic(chain, alicePair, concat(prefix, to, new Writer().compact(1).finish()));
    const normal = (): number => (chain.json('System.BlockWeight') as { normal: { refTime: number } }).normal.refTime;
    const before = normal();
    expect(chain.submit(extrinsic)).toEqual({ ...GOOD, error: 'CannotLookup' });
    const bytes = new Writer().bytes(extrinsic).finish().length;
    expect(bytes).toBeGreaterThan(LENGTH);
    const call = storedWeight('Balances', 'transferKeepAlive') + BigInt(storedConstants().BASE_EXTRINSIC_PS);
    const weight = Number(call + storedLengthWeight(bytes));
    expect(normal() - before).toBe(weight);
    expectEvent(chain, 'System.ExtrinsicFailed', {
      dispatch_info: { weight: { refTime: weight, proofSize: 0 }, class: 'Normal', paysFee: 'Yes' },
    });
    // At least 10 ns a byte: hashing it twice takes longer on any machine.
    expect(storedConstants().EXTRINSIC_BYTE_PS).toBeGreaterThan(10_000);
  });
});
