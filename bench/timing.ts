// Processor time, and statistics of several measurements.

/** The median; of an even number of values, the greater of the middle two. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that is greater than or equal to so many hundredths of the values. */
export function percentile(values: readonly number[], hundredths: number): number {
  const at = Math.min(Math.floor((values.length * hundredths) / 100), values.length - 1);
  return [...values].sort((left, right) => left - right)[at]!;
}

export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** Milliseconds of processor time, of all threads of this process. */
export function timed(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
