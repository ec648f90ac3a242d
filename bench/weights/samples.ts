// From samples to figures.
import { percentile } from '../timing.js';

/** The first decile of samples. */
export const typical = (samples: readonly number[]): number => Math.max(percentile(samples, 10), 0);

/** To three significant digits, upwards: more would be noise. */
export function roundUp(ps: number): number {
  const whole = Math.ceil(ps);
  const step = 10 ** Math.max(String(whole).length - 3, 0);
  return Math.ceil(whole / step) * step;
}
