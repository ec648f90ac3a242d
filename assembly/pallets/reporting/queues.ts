// The queues of available reports, one per core, and the record of package stages in a block.
import { encode } from '../../scale';
import { Reporting } from './state';
import { Progress, Stage, TrackedReport } from './tracked';

/** Appends an available report to its core's queue. */
export function enqueue(tracked: TrackedReport): void {
  const core = tracked.report.coreIndex;
  const queue = Reporting.ready.get(core);
  queue.push(tracked);
  setQueue(core, queue);
}

/** Replaces a core's queue. */
export function setQueue(core: u16, queue: Array<TrackedReport>): void {
  const cores = Reporting.readyCores.get();
  const kept = new Array<u16>();
  let placed = queue.length == 0;
  for (let i = 0; i < cores.length; i++) {
    if (!placed && cores[i] >= core) {
      kept.push(core);
      placed = true;
    }
    if (cores[i] != core) kept.push(cores[i]);
  }
  if (!placed) kept.push(core);
  if (queue.length == 0) Reporting.ready.remove(core);
  else Reporting.ready.set(core, queue);
  Reporting.readyCores.set(kept);
}

/** Records a stage that a package reached in this block. */
export function noteStage(tracked: TrackedReport, stage: Stage): void {
  const progress = new Progress();
  progress.packageHash = tracked.report.packageSpec.hash;
  progress.core = tracked.report.coreIndex;
  progress.stage = <u8>stage;
  Reporting.progress.appendEncoded(encode<Progress>(progress));
}
