// On every path through a body, what has been paid is what is due; checked by analysis, without running the body.
import { describe, expect, test } from '@jest/globals';
import { InvalidModule, prepare, SCHEDULE } from '../../../host/vm/index.js';
import { buildKernels } from '../../../bench/vm-kernels.js';
import { randomModule } from '../../fuzz/vm-generator.js';
import { CASES } from './cases.js';
import { checkSettled } from './settled.js';
import { wat } from './wat.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const MODULES = 400;

describe('all is settled', () => {
  test.each(CASES)('$name', ({ wat: source }) => {
    const code = wat(source);
    expect(checkSettled(code, prepare(code).instrumented, SCHEDULE)).toBeGreaterThan(0);
  });

  test('in what compilers make', async () => {
    for (const code of Object.values(await buildKernels())) {
      expect(checkSettled(code, prepare(code).instrumented, SCHEDULE)).toBeGreaterThan(1_000);
    }
  });

  test('in random modules', () => {
    console.log(`settled: SEED=${SEED}`);
    let points = 0;
    for (let seed = SEED; seed < SEED + MODULES; seed += 1) {
      const { code } = randomModule(seed, true);
      try {
        points += checkSettled(code, prepare(code).instrumented, SCHEDULE);
      } catch (error) {
        if (!(error instanceof InvalidModule))
          throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
      }
    }
    expect(points).toBeGreaterThan(100 * MODULES); // about 400 in each
  });
});
