// Bad input is refused in time proportional to its size, with a reason and an offset. Odd modules within the limits are
// prepared in bounded time. `npm run bench:vm` prints the figures.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { INPUTS } from '../../../bench/vm-input-families.js';
import type { InputTimes } from '../../../bench/vm-inputs.js';
import { bundle } from '../bundle.js';

/**
 * Tests share their machine. What grows with the square of the input is far beyond this at a MiB, however often it
 * runs.
 */
const SLACK = 8;

let times: InputTimes[];

// In a process of its own: inside of jest, code reaches `Math` and other globals ten times more slowly.
beforeAll(() => {
  const bench = fileURLToPath(bundle('bench/vm-inputs.ts', 'vm-inputs'));
  times = JSON.parse(
    execFileSync(process.execPath, [bench, '--times', String(SLACK)], { encoding: 'utf8' }),
  ) as InputTimes[];
});

function inTime(name: string): InputTimes {
  const row = times.find((candidate) => candidate.name === name)!;
  expect(row.ms).toBeLessThanOrEqual(SLACK * row.bound);
  return row;
}

describe('bad input', () => {
  const refused = INPUTS.flatMap(({ name, refusal, late = false }) =>
    refusal === undefined ? [] : [{ name, reason: refusal, late }],
  );
  test.each(refused)('is refused in time, by rule and offset: $name', ({ name, reason, late }) => {
    const { refusal, bytes } = inTime(name);
    expect(refusal?.reason).toMatch(reason);
    expect(refusal!.offset).toBeGreaterThanOrEqual(late ? bytes * 0.95 : 0);
    expect(refusal!.offset).toBeLessThanOrEqual(bytes);
  });

  test('what compilers make is prepared in time', () => {
    const ordinary = times.filter((row) => row.ordinary);
    expect(ordinary.length).toBeGreaterThan(5);
    for (const { name } of ordinary) expect(inTime(name).refusal).toBeUndefined();
  });

  const odd = INPUTS.filter(({ refusal }) => refusal === undefined);
  test.each(odd)('is odd, but inside the limits, and prepared in time: $name', ({ name }) => {
    expect(inTime(name).refusal).toBeUndefined();
  });

  test('names in subsections that overlap are read once', () => {
    expect(inTime('names in subsections that overlap, traced').refusal).toBeUndefined();
  });
});
