// Times of work, for bounds on it. Not by the clock: a test waits as long as other programs have the processor.

/** Milliseconds of processor time, of all threads of this process. */
export function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
