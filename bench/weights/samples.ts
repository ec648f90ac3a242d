// From samples to figures.
import { median } from '../timing.js';

/** The median of samples. They are of processor time, so other load adds little. */
export const typical = (samples: readonly number[]): number => Math.max(median(samples), 0);

/** To three significant digits, upwards: more would be noise. */
export function roundUp(ps: number): number {
  const whole = Math.ceil(ps);
  const step = 10 ** Math.max(String(whole).length - 3, 0);
  return Math.ceil(whole / step) * step;
}
