// Block space: what cores and inherents take leaves Operational and Normal extrinsics their parts.
// Spec: § Weight of prune and accumulate, 6; D34.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, toHex, Writer } from '../../host/bytes/index.js';
import { type BlockRoom, coreJamApi, type ExtrinsicNeeds, type WorkReport } from '../../host/contract/index.js';
import { alicePair, expectEvent, expectOk, root, signExtrinsic, type TestChain } from '../harness/index.js';
import { allAvailable, assignCores, attest, registerClass, report, reportOf, startChain } from './support/corejam.js';
import { guest } from './support/guests.js';

const M = 2_000_000_000_000n;
const MIB = 1 << 20;
const GROUPS = [
  [0, 1],
  [2, 3],
  [4, 5],
];
const DONE = { invalid: undefined, error: undefined, leftTraces: false };

let chain: TestChain;

beforeEach(async () => {
  chain = await startChain();
  registerClass(chain, guest({}), 0n, 1_000_000_000n);
  assignCores(chain, 0, 1, 2);
  chain.advance();
});

/** Makes a small package of each core available in the open block. */
function loadCores(parts: Partial<WorkReport> = {}): void {
  report(
    chain,
    GROUPS.map((group, coreIndex) => attest(reportOf(chain, { coreIndex, ...parts }), group)),
  );
  chain.advance();
  allAvailable(chain, [0, 1, 2]);
}

const mandatory = (): bigint =>
  BigInt((chain.json('System.BlockWeight') as { mandatory: { refTime: number } }).mandatory.refTime);
const upgrade = (bytes: number): Uint8Array => {
  const code = chain.names.call('System.set_code', `0x${'00'.repeat(bytes)}`);
  return signExtrinsic(chain, alicePair, chain.names.call('Sudo.sudo', code));
};
const remark = (): Uint8Array => signExtrinsic(chain, alicePair, chain.names.call('System.remark', '0x'));

test('three lightly loaded cores leave a runtime upgrade of 1 MiB and transfers their room', () => {
  loadCores();
  expect(chain.submit(upgrade(MIB))).toEqual(DONE);
  expectEvent(chain, 'Sudo.Sudid'); // of zeros, so the code itself is refused
  expect(chain.submit(remark())).toEqual(DONE);
  // The cores have all of their 75 %: what their packages guarantee, and the surplus that goes to their classes.
  expect(mandatory()).toBeGreaterThanOrEqual((M * 75n) / 100n);
});

test('a runtime upgrade of 1 MiB fits any block, with Mandatory weight and length at their bounds', () => {
  const weight = new Writer();
  for (const part of [0n, 0n, 0n, 0n, (M * 92n) / 100n, 0n]) weight.compact(part);
  chain.poke('System.BlockWeight', [], weight.finish());
  chain.poke(
    'System.ExtrinsicsLen',
    [],
    new Writer()
      .u32(0)
      .u32(0)
      .u32(3.25 * MIB)
      .finish(),
  );
  // Normal extrinsics up to their part do not take the Operational one, and a second upgrade waits.
  expect(chain.submit(remark())).toEqual(DONE);
  expect(chain.submit(upgrade(MIB))).toEqual(DONE);
  expect(chain.submit(upgrade(MIB)).invalid).toBe('Invalid.ExhaustsResources');
  expect(chain.submit(remark())).toEqual(DONE);
});

test('each report of a block weighs the same, the first one too', () => {
  const weightOf = (count: number): bigint => {
    chain.overlay.begin();
    const attestations = GROUPS.slice(0, count).map((group, coreIndex) =>
      attest(reportOf(chain, { coreIndex }), group),
    );
    report(chain, attestations);
    const weight = mandatory();
    chain.overlay.rollback();
    return weight;
  };
  const [none, one, two, three] = [weightOf(0), weightOf(1), weightOf(2), weightOf(3)];
  expect(two - one).toBe(three - two);
  // An extrinsic of more bytes has a longer length prefix, too.
  const prefix = one - none - (two - one);
  expect(prefix >= 0n && prefix < 100_000n).toBe(true);
});

test('a surplus that no class can use, of packages without items, takes no weight from transfers', () => {
  loadCores({ results: [] });
  expect(chain.submit(remark())).toEqual(DONE);
  expect(mandatory()).toBeLessThan((M * 2n) / 100n);
});

test('a preimage of the greatest size is longer than the Normal part: it waits for a block with room', () => {
  const most = Number(chain.names.constant('Storage.MaxPreimageSize').toString());
  const preimage = new Uint8Array(most);
  const provide = (): Uint8Array =>
    signExtrinsic(chain, alicePair, chain.names.call('Storage.provide', toHex(preimage)));
  expectOk(chain.dispatch(root, 'Storage.request', blake2_256(preimage), most));
  expect(most).toBeGreaterThan(MIB / 2);
  chain.overlay.begin();
  chain.poke(
    'System.ExtrinsicsLen',
    [],
    new Writer()
      .u32(0)
      .u32(0)
      .u32(3.25 * MIB)
      .finish(),
  );
  expect(chain.submit(provide()).invalid).toBe('Invalid.ExhaustsResources');
  chain.overlay.rollback();
  expect(chain.submit(provide()).invalid).toBeUndefined();
});

describe('what the author asks before it applies an extrinsic', () => {
  const call = (method: string, args: Uint8Array): Uint8Array => chain.call(method, args);
  const room = (): BlockRoom => coreJamApi.roomLeft(call);
  const needs = (extrinsic: Uint8Array): ExtrinsicNeeds | undefined => coreJamApi.extrinsicNeeds(call, extrinsic);
  const fill = (normal: bigint, operational: bigint, mandatory: bigint, ...lengths: [number, number, number]): void => {
    const weight = new Writer();
    for (const part of [normal, 0n, operational, 0n, mandatory, 0n]) weight.compact(part);
    chain.poke('System.BlockWeight', [], weight.finish());
    const length = new Writer();
    for (const part of lengths) length.u32(part);
    chain.poke('System.ExtrinsicsLen', [], length.finish());
    chain.poke('System.InherentsApplied', [], Uint8Array.of(1));
  };
  const percent = (share: bigint): bigint => (M * share) / 100n;

  test('the room of a class is its guaranteed part, or what the others leave unused without that of the other class', () => {
    fill(percent(1n), 0n, percent(92n), 0.25 * MIB, 0, 3.25 * MIB);
    expect(room()).toEqual({
      // 4 − 1 % of both, and 0.5 − 0.25 MiB
      normal: {
        weight: percent(3n),
        length: 0.25 * MIB,
        guaranteedWeight: percent(3n),
        guaranteedLength: 0.25 * MIB,
      },
      // 100 − 92 − 1 − (4 − 1), and 5 − 3.25 − 0.25 − (0.5 − 0.25) MiB
      operational: {
        weight: percent(4n),
        length: 1.25 * MIB,
        guaranteedWeight: percent(4n),
        guaranteedLength: 1.25 * MIB,
      },
    });
    fill(percent(10n), percent(6n), percent(50n), MIB, 2 * MIB, MIB);
    expect(room()).toEqual({
      // 100 − 50 − 10 − 6, and 5 − 1 − 1 − 2 MiB: the other class has used its part
      normal: { weight: percent(34n), length: MIB, guaranteedWeight: 0n, guaranteedLength: 0 },
      operational: { weight: percent(34n), length: MIB, guaranteedWeight: 0n, guaranteedLength: 0 },
    });
  });

  test('an extrinsic fits exactly if it needs no more than the room of its class', () => {
    const extrinsic = remark();
    const { dispatchClass, weight, length } = needs(extrinsic)!;
    expect([dispatchClass, length]).toEqual(['normal', new Writer().bytes(extrinsic).finish().length]);
    expect(needs(upgrade(1))!.dispatchClass).toBe('operational');
    expect(needs(Uint8Array.of(1, 2, 3))).toBeUndefined();
    const full = percent(96n); // all but the part of Operational
    for (const [spareWeight, spareLength] of [
      [weight, length],
      [weight - 1n, length],
      [weight, length - 1],
    ] as const) {
      chain.overlay.begin();
      fill(full - spareWeight, 0n, 0n, 3.75 * MIB - spareLength, 0, 0);
      expect(room().normal).toMatchObject({ weight: spareWeight, length: spareLength });
      const fits = spareWeight === weight && spareLength === length;
      expect(chain.submit(extrinsic).invalid).toBe(fits ? undefined : 'Invalid.ExhaustsResources');
      chain.overlay.rollback();
    }
  });

  test('the weight that is reserved for available packages counts before the first extrinsic, and asking leaves no trace', () => {
    loadCores();
    const before = chain.root();
    const asked = room().normal.weight;
    expect(chain.root()).toBe(before);
    expect(mandatory()).toBeLessThan(percent(10n));
    const extrinsic = remark();
    expect(chain.submit(extrinsic)).toEqual(DONE);
    expect(room().normal.weight).toBe(asked - needs(extrinsic)!.weight);
    expect(mandatory()).toBeGreaterThanOrEqual(percent(75n));
  });
});
