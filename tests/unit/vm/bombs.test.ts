// Compile bombs: refused fast where they are over the limits, prepared in bounded time where they fill them. What V8
// makes of them when it compiles everything at once is measured by `bench/vm-bombs.ts`.
import { describe, expect, test } from '@jest/globals';
import { BOMBS } from '../../../bench/vm-bombs.js';
import { functionOf } from '../../../bench/vm-raw.js';
import { InvalidModule, prepare } from '../../../host/vm/index.js';

/** Generous against the 250 ms that we aim at: tests share their machine. */
const BOUND_MS = 3_000;

function timed(work: () => unknown): { ms: number; refused: boolean } {
  const started = performance.now();
  let refused = false;
  try {
    work();
  } catch (error) {
    if (!(error instanceof InvalidModule)) throw error;
    refused = true;
  }
  return { ms: performance.now() - started, refused };
}

describe('compile bombs', () => {
  for (const { name, build } of BOMBS) {
    test(`at the limits: ${name}`, () => {
      const code = build();
      expect(timed(() => prepare(code))).toEqual({ ms: expect.any(Number), refused: false });
      expect(timed(() => prepare(code)).ms).toBeLessThan(BOUND_MS);
    });

    test(`at twice the limits: ${name}`, () => {
      const code = build(2);
      const { ms, refused } = timed(() => prepare(code));
      expect(refused).toBe(true);
      expect(ms).toBeLessThan(BOUND_MS);
    });
  }

  test('fifty thousand locals in five thousand ifs, which took V8 23 s and 5.8 GB', () => {
    const ifs = Array.from({ length: 5_000 }, () => [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, 1, 0x0b]).flat();
    const { ms, refused } = timed(() => prepare(functionOf(ifs, [[1, 0x7f], [50_000, 0x7e]])));
    expect(refused).toBe(true);
    expect(ms).toBeLessThan(50);
  });
});
