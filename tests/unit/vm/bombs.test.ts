// Compile bombs: refused quickly if they exceed the limits, prepared in bounded time if they fill them.
// `bench/vm-bombs.ts` measures what V8 takes to compile all of them at once.
import { describe, expect, test } from '@jest/globals';
import { BOMBS, fill } from '../../../bench/vm-bomb-families.js';
import { functionOf } from '../../../bench/vm-raw.js';
import { InvalidModule, LIMITS, prepare } from '../../../host/vm/index.js';
import { processorMs } from '../../processor-time.js';

/** Generous against the 250 ms that we aim at: code is slower inside of jest. */
const BOUND_MS = 3_000;

function timed(work: () => unknown): { ms: number; refused: boolean } {
  let refused = false;
  const ms = processorMs(() => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
      refused = true;
    }
  });
  return { ms, refused };
}

describe('compile bombs', () => {
  test.each(BOMBS.map((bomb) => [bomb.name, bomb] as const))('at the limits, and at twice: %s', (_name, bomb) => {
    const { functions, pieces } = fill(bomb, LIMITS, 2);
    const full = bomb.build(functions, pieces);
    const { ms, refused } = timed(() => prepare(full));
    expect(refused).toBe(false);
    expect(ms).toBeLessThan(BOUND_MS);

    const twice = bomb.build(2 * functions, pieces);
    const over = timed(() => prepare(twice));
    expect(over.refused).toBe(true);
    expect(over.ms).toBeLessThan(BOUND_MS);
  });

  test('fifty thousand locals in five thousand ifs, which took V8 23 s and 5.8 GB', () => {
    const ifs = Array.from({ length: 5_000 }, () => [0x20, 0, 0x04, 0x40, 0x42, 1, 0x21, 1, 0x0b]).flat();
    const { ms, refused } = timed(() =>
      prepare(
        functionOf(ifs, [
          [1, 0x7f],
          [50_000, 0x7e],
        ]),
      ),
    );
    expect(refused).toBe(true);
    expect(ms).toBeLessThan(1_000);
  });
});
