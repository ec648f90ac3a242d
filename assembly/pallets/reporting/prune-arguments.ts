// The lengths of the arguments of `prune` in a block, by class (D37).
import { MAX_PRUNE_SIZE, WorkReport } from '../../primitives/corejam';
import { BTreeMap, compactLength } from '../../scale';
import { WorkClasses } from '../work-classes';

/** Successful outputs of a class. */
class Outputs {
  count: u32 = 0;
  /** Encoded, without the length of the list. */
  bytes: u32 = 0;
}

/** The arguments of `prune` for the reports of one block. A class without prune weight is not called (D5). */
export class PruneArguments {
  private classes: BTreeMap<u32, Outputs> = new BTreeMap<u32, Outputs>();

  /** Whether the arguments of each class stay within the bound when `report` is added. */
  fits(report: WorkReport): bool {
    const more = outputsOf(report);
    for (let i = 0; i < more.size; i++) {
      let count = more.values[i].count;
      let bytes = more.values[i].bytes;
      const at = this.classes.indexOf(more.keys[i]);
      if (at >= 0) {
        count += this.classes.values[at].count;
        bytes += this.classes.values[at].bytes;
      }
      if (compactLength(count) + bytes > MAX_PRUNE_SIZE) return false;
    }
    return true;
  }

  /** Adds a report, which fits. */
  add(report: WorkReport): void {
    const more = outputsOf(report);
    for (let i = 0; i < more.size; i++) {
      const at = this.classes.indexOf(more.keys[i]);
      if (at < 0) {
        this.classes.set(more.keys[i], more.values[i]);
        continue;
      }
      this.classes.values[at].count += more.values[i].count;
      this.classes.values[at].bytes += more.values[i].bytes;
    }
  }
}

/** The successful outputs of a report, by class, of classes that have prune weight. */
function outputsOf(report: WorkReport): BTreeMap<u32, Outputs> {
  const outputs = new BTreeMap<u32, Outputs>();
  for (let i = 0; i < report.results.length; i++) {
    const result = report.results[i];
    if (result.result.isErr || WorkClasses.weightRequirements.get(result.class).prune == 0) continue;
    const length = <u32>result.result.value.length;
    const at = outputs.indexOf(result.class);
    const sum = at < 0 ? new Outputs() : outputs.values[at];
    sum.count++;
    sum.bytes += compactLength(length) + length;
    if (at < 0) outputs.set(result.class, sum);
  }
  return outputs;
}
