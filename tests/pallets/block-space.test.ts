// Block space: what cores and inherents take leaves Operational and Normal extrinsics their parts.
// Spec: § Weight of prune and accumulate, 6; D34.
import { beforeEach, expect, test } from '@jest/globals';
import { Writer } from '../../host/bytes/index.js';
import type { WorkReport } from '../../host/contract/index.js';
import { alicePair, expectEvent, signExtrinsic, type TestChain } from '../harness/index.js';
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

test('a surplus that no class can use, of packages without items, takes no weight from transfers', () => {
  loadCores({ results: [] });
  expect(chain.submit(remark())).toEqual(DONE);
  expect(mandatory()).toBeLessThan((M * 2n) / 100n);
});

test('a preimage of the greatest size is longer than the Normal part: it waits for a block with room', () => {
  const most = Number(chain.names.constant('Storage.MaxPreimageSize').toString());
  const provide = (): Uint8Array =>
    signExtrinsic(chain, alicePair, chain.names.call('Storage.provide', `0x${'00'.repeat(most)}`));
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
