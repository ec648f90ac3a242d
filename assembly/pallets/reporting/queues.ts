// Pending packages, the cores' queues of available ones, and the stages of packages in a block.
//
// Each list is one value, ascending by core, so that a block reads and writes it once, however many cores change.
import { encode } from '../../scale';
import { Reporting } from './state';
import { Progress, Stage, TrackedPackage } from './tracked';

/** Appends available packages, in ascending order of core, to their cores' queues. */
export function enqueue(available: Array<TrackedPackage>): void {
  if (available.length == 0) return;
  const ready: Array<TrackedPackage> = Reporting.ready.get();
  const merged = new Array<TrackedPackage>();
  let next = 0;
  for (let i = 0; i < ready.length; i++) {
    while (next < available.length && available[next].core < ready[i].core) merged.push(available[next++]);
    merged.push(ready[i]);
  }
  while (next < available.length) merged.push(available[next++]);
  Reporting.ready.set(merged);
}

/** Records a stage that a package reached in this block. */
export function noteStage(tracked: TrackedPackage, stage: Stage): void {
  const progress = new Progress();
  progress.packageHash = tracked.hash;
  progress.core = tracked.core;
  progress.stage = <u8>stage;
  Reporting.progress.appendEncoded(encode<Progress>(progress));
}
