// Lengths of extrinsics at the edges: what is signed directly or by its hash, and how many bytes a length takes.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { alicePair, signExtrinsic, TestChain } from '../harness/index.js';

const GOOD = { invalid: undefined, error: undefined, leftTraces: false };

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

/** Alice's remark of this many bytes, signed. */
const remark = (length: number): Uint8Array =>
  signExtrinsic(chain, alicePair, chain.names.call('System.remark', `0x${'07'.repeat(length)}`));

describe('the signed payload', () => {
  // The call's index (2), the remark's length (2) and bytes; era, nonce and tip (1 + 1 + 1); both versions (4 + 4), the
  // hashes of the genesis and birth blocks (32 + 32). @polkadot/types signs up to 256 bytes directly.
  const PAYLOAD_WITHOUT_REMARK = 2 + 2 + 3 + 8 + 64;

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

  // Format (1), address (1 + 32), signature (1 + 64), era, nonce and tip (3), the call's index (2), the remark's length (2).
  const WITHOUT_REMARK = 1 + 33 + 65 + 3 + 2 + 2;

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
