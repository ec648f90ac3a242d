// Accumulate loses no results as cores grow (D37): every core's package has four full outputs of one class, and all
// become available in one block.
//
//   MANY_CORES=1 CORE_BLOB=release node scripts/test.mjs tests/pallets/accumulation-cores
//
// runs 512 cores too, which takes some minutes: with full packages on the scale build, since a core's share of a block of
// 2 s is 2.9 ms of weight, of 6 s 8.8 ms, and a full package of "ordering" uses 5.5 ms; and with less in each package
// on the blob of 2 s.
import { describe, expect, test } from '@jest/globals';
import { coreJamApi } from '../../host/contract/index.js';
import type { Runtime } from '../../host/executor/index.js';
import { scaleTestRuntime } from '../harness/blob.js';
import type { TestChain } from '../harness/index.js';
import { fund, registerClass, storeCode } from './support/corejam.js';
import { Crowd } from './support/crowd.js';
import { elementsOf, orderingCode, placedElements, reportWith } from './support/ordering.js';

/** 1 MiB of arguments of prune: 63 reports of 4 · 4,098 bytes. */
const REPORTS_A_BLOCK = 63;

/** Registers a report with `items` outputs on each core, makes all available in one block, and closes it. */
async function accumulated(
  cores: number,
  keys: readonly number[],
  prune: 'none' | 'least',
  accumulate: bigint,
  { runtime, items = 4 }: { runtime?: Runtime; items?: number } = {},
): Promise<Ran> {
  const crowd = await Crowd.start(cores, runtime && { runtime });
  const { chain } = crowd;
  const code = await orderingCode();
  const bounds = coreJamApi.requirementBounds((method, args) => chain.call(method, args), storeCode(chain, code))!;
  const classId = registerClass(chain, code, prune === 'none' ? 0n : bounds.pruneMin, accumulate);
  fund(chain, classId, 10n ** 17n);
  for (let first = 0; first < cores; first += REPORTS_A_BLOCK) {
    const block = Array.from({ length: Math.min(REPORTS_A_BLOCK, cores - first) }, (_, at) => first + at);
    crowd.register(block.map((core) => reportWith(crowd, core, classId, keys, items)));
    chain.advance();
  }
  crowd.makeAvailable([...Array(cores).keys()]);
  chain.close();
  return { chain, classId, items };
}

interface Ran {
  chain: TestChain;
  classId: number;
  /** Results of each package. */
  items: number;
}

/** Every slice returned, every result was applied, and the cores kept their share of the block. */
function expectApplied({ chain, classId, items }: Ran, cores: number, elements: number, share: number): void {
  const runs = chain.events().filter(({ name }) => name === 'Accumulation.Accumulated');
  expect(runs.map(({ fields }) => fields['outcome'])).toEqual(runs.map(() => 'Returned'));
  expect(runs.flatMap(({ fields }) => fields['packages'])).toHaveLength(cores);
  // The class makes a checkpoint for each result.
  expect(runs.reduce((sum, { fields }) => sum + (fields['checkpoints'] as number), 0)).toBe(items * cores);
  expect(placedElements(chain, classId)).toBe(elements * items * cores);
  const used = runs.reduce((sum, { fields }) => sum + (fields['weight_used'] as number), 0);
  expect(used).toBeLessThanOrEqual(share);
}

/** 75 % of M. */
const SHARE = 1_500_000_000_000;
const SHARE_OF_SCALE = 4_500_000_000_000;
/** Far more than it takes, also while others use the machine. */
const MINUTES_15 = 900_000;
const many = process.env['MANY_CORES'] === undefined ? test.skip : test;

describe('the shipped ordering class applies each result', () => {
  /** Keys of an output of 4,096 bytes. */
  const full = elementsOf(4_096);

  // What a package's items need for `prune` is at most a third of a core's share: with 101 cores 4.95·10⁹.
  test.each([
    [20, 4],
    [60, 4],
    [101, 4],
  ])(
    '%i cores, %i outputs of 4,096 bytes',
    async (cores, items) => {
      const ran = await accumulated(cores, full, 'least', 2_000_000_000n, { items });
      expectApplied(ran, cores, full.length, SHARE);
    },
    MINUTES_15,
  );

  many(
    '512 cores, outputs of 4,096 bytes, blocks of 6 s',
    async () => {
      // A core's share is 4.5·10¹² / 512 = 8.79·10⁹. Four calls of `prune`, of 1.16·10⁹ at least, are more than its third.
      const ran = await accumulated(512, full, 'none', 2_190_000_000n, { runtime: await scaleTestRuntime() });
      expectApplied(ran, 512, full.length, SHARE_OF_SCALE);
    },
    MINUTES_15,
  );

  many(
    '512 cores, outputs of 1,195 bytes, within the share of blocks of 2 s',
    async () => {
      // Six elements an output. A core's share of 2 s is 2.93·10⁹, which no slice may exceed for its packages: one item,
      // and a third of the share is less than a call of `prune` costs.
      const ran = await accumulated(512, elementsOf(1_195), 'none', 2_920_000_000n, { items: 1 });
      expectApplied(ran, 512, 6, SHARE);
    },
    MINUTES_15,
  );
});
