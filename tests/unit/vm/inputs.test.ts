// Bad input is refused in a time that grows with its size alone, by a rule and at an offset; what is odd but inside the
// limits is prepared in bounded time. The figures themselves are printed by `npm run bench:vm`.
import { describe, expect, test } from '@jest/globals';
import { INPUT_BYTES, INPUTS, overlappingNames } from '../../../bench/vm-input-families.js';
import { boundMs, ordinaryModules, prepareAnew, timeRefusal } from '../../../bench/vm-inputs.js';

/**
 * Tests share their machine, and inside of jest code reaches `Math` and other globals slowly. What grows with the square of
 * the input is far beyond this at a MiB, however often it runs.
 */
const SLACK = 8;
const RUNS = 10;

describe('bad input', () => {
  const refused = INPUTS.flatMap(({ name, build, refusal, late = false }) => (
    refusal === undefined ? [] : [{ name, build, reason: refusal, late }]
  ));
  test.each(refused)('is refused in time, by rule and offset: $name', ({ build, reason, late }) => {
    const code = build(INPUT_BYTES);
    const bound = SLACK * boundMs(code.length, true, false);
    const { ms, refusal } = timeRefusal(() => prepareAnew(code), RUNS, bound);
    expect(refusal?.reason).toMatch(reason);
    expect(refusal!.offset).toBeGreaterThanOrEqual(late ? code.length * 0.95 : 0);
    expect(refusal!.offset).toBeLessThanOrEqual(code.length);
    expect(ms).toBeLessThanOrEqual(bound);
  });

  test('what compilers make is prepared in time', async () => {
    for (const [name, code] of await ordinaryModules()) {
      const bound = SLACK * boundMs(code.length, false, true);
      const { ms, refusal } = timeRefusal(() => prepareAnew(code), RUNS, bound);
      expect([name, refusal]).toEqual([name, undefined]);
      expect(ms).toBeLessThanOrEqual(bound);
    }
  });

  const odd = INPUTS.filter(({ refusal }) => refusal === undefined);
  test.each(odd)('is odd, but inside the limits, and prepared in time: $name', ({ build }) => {
    const code = build(INPUT_BYTES);
    const bound = SLACK * boundMs(code.length, false, false);
    const { ms, refusal } = timeRefusal(() => prepareAnew(code), RUNS, bound);
    expect(refusal).toBeUndefined();
    expect(ms).toBeLessThanOrEqual(bound);
  });

  test('names in subsections that overlap are read once', () => {
    const code = overlappingNames(INPUT_BYTES);
    const bound = SLACK * boundMs(code.length, false, true);
    const { ms, refusal } = timeRefusal(() => prepareAnew(code, { trace: true }), RUNS, bound);
    expect(refusal).toBeUndefined();
    expect(ms).toBeLessThanOrEqual(bound);
  });
});
