// How much some work adds to the memory of its process.
import { readFileSync, writeFileSync } from 'node:fs';

/** Peak memory of this process since `resetPeak`, in MB. */
function peakMb(): number {
  // Not `process.resourceUsage().maxRSS`: a child starts with what its parent had when it forked.
  const [, kB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
  return Number(kB) / 1024;
}

/** Resets the peak to the present memory. */
function resetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

/** Peak megabytes that `work` adds to this process. On Linux only; 0 elsewhere. */
export function addedMb(work: () => void): number {
  if (process.platform !== 'linux') {
    work();
    return 0;
  }
  resetPeak();
  const before = peakMb();
  work();
  return peakMb() - before;
}
