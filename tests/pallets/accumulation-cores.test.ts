// Accumulate loses no results as cores grow (D37): every core's package has four full outputs of one class, and all
// become available in one block.
import { describe, expect, test } from '@jest/globals';
import { fund, registerClass } from './support/corejam.js';
import { Crowd } from './support/crowd.js';
import { ELEMENTS_A_REPORT, fullReport, orderingCode, placedElements } from './support/ordering.js';

/** 75 % of 2·10¹². */
const CORES_SHARE = 1_500_000_000_000;
/** 1 MiB of arguments of prune: 63 reports of 4 · 4,098 bytes. */
const REPORTS_A_BLOCK = 63;
const PRUNE = 600_000_000n;
const ACCUMULATE = 2_000_000_000n;

describe('the shipped ordering class applies each result', () => {
  test.each([20, 60, 101])('%i cores', async (cores) => {
    const crowd = await Crowd.start(cores);
    const { chain } = crowd;
    const classId = registerClass(chain, await orderingCode(), PRUNE, ACCUMULATE);
    fund(chain, classId, 10n ** 17n);
    for (let first = 0; first < cores; first += REPORTS_A_BLOCK) {
      const block = Array.from({ length: Math.min(REPORTS_A_BLOCK, cores - first) }, (_, at) => first + at);
      crowd.register(block.map((core) => fullReport(crowd, core, classId)));
      chain.advance();
    }
    crowd.makeAvailable([...Array(cores).keys()]);
    chain.close();
    const runs = chain.events().filter(({ name }) => name === 'Accumulation.Accumulated');
    // 20.5 KiB a package: six a slice.
    expect(runs).toHaveLength(Math.ceil(cores / 6));
    expect(runs.map(({ fields }) => fields['outcome'])).toEqual(runs.map(() => 'Returned'));
    expect(runs.reduce((sum, { fields }) => sum + (fields['checkpoints'] as number), 0)).toBe(4 * cores);
    expect(placedElements(chain, classId)).toBe(ELEMENTS_A_REPORT * cores);
    const used = runs.reduce((sum, { fields }) => sum + (fields['weight_used'] as number), 0);
    expect(used).toBeLessThanOrEqual(CORES_SHARE);
  });
});
