// Executive: what a block has room for.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedConstants, storedLengthWeight, storedWeight } from '../../bench/weights/constants.js';
import { TestChain } from '../harness/index.js';
import { concat, Writer } from '../../host/bytes/index.js';
import { byAlice, GOOD, pokeWeight, validate } from './support/executive.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

const BASE_EXTRINSIC = BigInt(storedConstants().BASE_EXTRINSIC_PS);
/** The weight of Sudo's own part of a call. */
const SUDO = storedWeight('Sudo', 'sudo');

/** The most keys that `kill_prefix` removes with this weight. */
function keysKilled(weight: bigint): number {
  const weightOf = (subkeys: number): bigint => storedWeight('System', 'killPrefix', { subkeys });
  return Number((weight - weightOf(0)) / (weightOf(1) - weightOf(0)));
}

describe('limits of a block', () => {
  // Of 2·10¹² ps, Normal and Operational extrinsics have 4 % each; one of them is M less the other's part.
  const M = 2_000_000_000_000n;
  const GUARANTEED = 80_000_000_000n;
  // Of 5 MiB, Normal ones have 0.5 MiB, Operational ones 1.25 MiB.
  const MIB = 1 << 20;
  const NORMAL_BYTES = MIB / 2;
  const OPERATIONAL_BYTES = 1.25 * MIB;

  const ordinary = (): Uint8Array => byAlice(chain);
  const operational = (): Uint8Array =>
    byAlice(chain, chain.names.call('Sudo.sudo', chain.names.call('System.kill_storage', [])));
  /** Says that no inherent follows, so that the first extrinsic does not register the weight of the block's end. */
  const completeInherents = (): void => chain.poke('System.InherentsApplied', [], Uint8Array.of(1));
  const pokeLengths = (normal: number, ofOperational: number, mandatory: number): void =>
    chain.poke('System.ExtrinsicsLen', [], new Writer().u32(normal).u32(ofOperational).u32(mandatory).finish());
  type Parts = [normal: bigint, operational: bigint, mandatory: bigint];
  const consumed = (): Parts => {
    const weight = chain.json('System.BlockWeight') as Record<string, { refTime: number }>;
    return [weight.normal, weight.operational, weight.mandatory].map((part) => BigInt(part!.refTime)) as Parts;
  };
  /** What an extrinsic adds to a block: weight, and length with its prefix of one or two bytes. */
  const sizeOf = (make: () => Uint8Array): { weight: bigint; bytes: number } => {
    chain.overlay.begin();
    const before = consumed().reduce((a, b) => a + b);
    const bytes = make();
    expect(chain.submit(bytes).invalid).toBeUndefined();
    const weight = consumed().reduce((a, b) => a + b) - before;
    chain.overlay.rollback();
    return { weight, bytes: bytes.length + (bytes.length < 64 ? 1 : 2) };
  };
  const verdict = (make: () => Uint8Array): string | undefined => {
    chain.overlay.begin();
    const { invalid } = chain.submit(make());
    chain.overlay.rollback();
    return invalid;
  };
  const FULL = 'Invalid.ExhaustsResources';
  /** Mandatory weight and length at their bounds: 92 % of M, and 3.25 MiB. */
  const FULL_OF_INHERENTS = { weight: (M * 92n) / 100n, bytes: 3.25 * MIB };

  test.each([
    ['Normal', ordinary, (own: bigint): Parts => [own, 0n, FULL_OF_INHERENTS.weight], GUARANTEED],
    ['Operational', operational, (own: bigint): Parts => [0n, own, FULL_OF_INHERENTS.weight], GUARANTEED],
    // What the other class has not used of its part stays free.
    ['Normal, in an empty block', ordinary, (own: bigint): Parts => [own, 0n, 0n], M - GUARANTEED],
    ['Operational, in an empty block', operational, (own: bigint): Parts => [0n, own, 0n], M - GUARANTEED],
    // What the other class has used of its part is taken from the whole block only.
    ['Normal, beside Operational', ordinary, (own: bigint): Parts => [own, 3n * GUARANTEED, 0n], M - 3n * GUARANTEED],
  ])('the weight of %s extrinsics: both sides of the limit', (_name, make, parts, limit) => {
    // The first extrinsic reserves weight for the end of the block, which is not its own.
    chain.submit(ordinary());
    completeInherents();
    const { weight } = sizeOf(make);
    pokeWeight(chain, ...parts(limit - weight + 1n));
    expect(verdict(make)).toBe(FULL);
    pokeWeight(chain, ...parts(limit - weight));
    expect(verdict(make)).toBeUndefined();
  });

  test.each([
    ['Normal', ordinary, (own: number) => [own, 0, FULL_OF_INHERENTS.bytes], NORMAL_BYTES],
    ['Operational', operational, (own: number) => [0, own, FULL_OF_INHERENTS.bytes], OPERATIONAL_BYTES],
    ['Normal, in an empty block', ordinary, (own: number) => [own, 0, 0], 5 * MIB - OPERATIONAL_BYTES],
    ['Operational, in an empty block', operational, (own: number) => [0, own, 0], 5 * MIB - NORMAL_BYTES],
    ['Normal, beside Operational', ordinary, (own: number) => [own, 2 * MIB, 0], 3 * MIB],
  ] as [string, () => Uint8Array, (own: number) => [number, number, number], number][])(
    'the length of %s extrinsics: both sides of the limit',
    (_name, make, parts, limit) => {
      const { bytes } = sizeOf(make);
      pokeLengths(...parts(limit - bytes + 1));
      expect(verdict(make)).toBe(FULL);
      pokeLengths(...parts(limit - bytes));
      expect(verdict(make)).toBeUndefined();
    },
  );

  test('inherents have at most 3.25 MiB together', () => {
    // Bitfields without any: version, pallet, call, an empty list, and the length before them.
    const bitfields = concat(Uint8Array.of(4), chain.names.call('Availability.bitfields', []));
    pokeLengths(0, 0, FULL_OF_INHERENTS.bytes - bitfields.length);
    expect(verdict(() => bitfields)).toBe(FULL);
    pokeLengths(0, 0, FULL_OF_INHERENTS.bytes - bitfields.length - 1);
    expect(verdict(() => bitfields)).toBeUndefined();
  });

  test("Mandatory weight alone does not take the extrinsics' parts", () => {
    pokeWeight(chain, 0n, 0n, FULL_OF_INHERENTS.weight);
    expect(chain.submit(ordinary())).toEqual(GOOD);
    expect(chain.submit(operational())).toEqual(GOOD);
  });

  test('a call heavier than the part of its class is valid, and waits for a block with room', () => {
    // `kill_prefix` of so many keys weighs 9·10¹⁰, more than the part of 8·10¹⁰.
    const keys = keysKilled(90_000_000_000n);
    const heavy = (): Uint8Array =>
      byAlice(chain, chain.names.call('Sudo.sudo', chain.names.call('System.kill_prefix', '0xdead', keys)));
    expect(validate(chain, heavy())).toMatchObject({ provides: [expect.any(String)] });
    pokeWeight(chain, 0n, 0n, FULL_OF_INHERENTS.weight);
    expect(verdict(heavy)).toBe(FULL);
    pokeWeight(chain, 0n, 0n, FULL_OF_INHERENTS.weight / 2n);
    expect(verdict(heavy)).toBeUndefined();
  });

  test('what fits no block is invalid, what fits an empty one is valid: both sides', () => {
    // An empty block has 1 % of M for itself; the other class keeps 4 %: 95 % of 2·10¹² are 1.9·10¹².
    const killing = (keys: number): Uint8Array =>
      byAlice(chain, chain.names.call('Sudo.sudo', chain.names.call('System.kill_prefix', '0xdead', keys)));
    const length = storedLengthWeight(new Writer().bytes(killing(1)).finish().length);
    const most = keysKilled(1_900_000_000_000n - BASE_EXTRINSIC - length - SUDO);
    expect(validate(chain, killing(most))).toMatchObject({ propagate: true });
    expect(validate(chain, killing(most + 1))).toBe('Invalid 6');
    expect(chain.submit(killing(most))).toEqual(GOOD);
  });

  test('the hooks and the timestamp of an empty block stay within 1 % of it', () => {
    expect(consumed()[2]).toBeLessThanOrEqual(M / 100n);
  });

  test("the metadata has the limits, in frame_system's types", () => {
    const constant = (name: string): unknown => chain.names.constant(name).toJSON();
    const { baseExtrinsic } = (
      constant('System.BlockWeights') as { perClass: { normal: { baseExtrinsic: { refTime: number } } } }
    ).perClass.normal;
    const base = baseExtrinsic.refTime;
    const total = Number(M - GUARANTEED);
    expect(constant('System.BlockWeights')).toMatchObject({
      maxBlock: { refTime: Number(M) },
      perClass: {
        normal: {
          maxTotal: { refTime: total },
          reserved: { refTime: Number(GUARANTEED) },
          maxExtrinsic: { refTime: total - Number(M / 100n) - base },
        },
        operational: { maxTotal: { refTime: total }, reserved: { refTime: Number(GUARANTEED) } },
        mandatory: { maxTotal: null, reserved: null, maxExtrinsic: null },
      },
    });
    expect(constant('System.BlockLength')).toEqual({
      max: { normal: 3.75 * MIB, operational: 4.5 * MIB, mandatory: 3.25 * MIB },
    });
  });
});
