// What some work adds to the memory of its process.
import { readFileSync, writeFileSync } from 'node:fs';

/** The most memory that this process has had since `forget`, in MB. */
function peakMb(): number {
  // Not `process.resourceUsage().maxRSS`: a child starts with what its parent had when it forked.
  const [, kB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
  return Number(kB) / 1024;
}

/** Makes what the process has now the most that it has had. */
function forget(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

/** Megabytes by which `work` makes this process larger, at its largest. Linux only: elsewhere nothing tells. */
export function addedMb(work: () => void): number {
  if (process.platform !== 'linux') {
    work();
    return 0;
  }
  forget();
  const before = peakMb();
  work();
  return peakMb() - before;
}
