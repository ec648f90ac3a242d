// Join: calls `prune` of each class, which checks its outputs of one block against each other and the state.
// Spec: RFC-0031 § Join and `prune`; D5 (arguments and classes), D5a (how the author uses the results).
import {
  JoinAnswer,
  JoinAnswerIndices,
  JoinAnswerMalformed,
  JoinAnswerOverran,
  JoinAnswerTrapped,
  JoinTerms,
  PruneRun,
  RunOutcome,
  WorkReport,
} from '../../primitives/corejam';
import { saturatingMul } from '../../primitives';
import { markMemory, resetMemory } from '../../rt';
import { BTreeMap, Bytes, decode, encode } from '../../scale';
import { Coretime, weightPerPackage } from '../coretime';
import { ClassRun, runClass, RunningEntry, WorkClasses } from '../work-classes';

/** Calls `prune` of each class of `reports`, in ascending order of id. */
export function joinReports(reports: Array<WorkReport>): Array<PruneRun> {
  const outputs = outputsByClass(reports);
  return prune(outputs, outputs.keys);
}

/** Calls `prune` of these classes only, in the order given, with their outputs in `reports`. */
export function joinClasses(reports: Array<WorkReport>, classes: Array<u32>): Array<PruneRun> {
  return prune(outputsByClass(reports), classes);
}

/** The total of a block's calls, M × 75 %, and the weight of one output of each class (D5a). */
export function joinTerms(classes: Array<u32>): JoinTerms {
  const terms = new JoinTerms();
  terms.total = saturatingMul(weightPerPackage(), <u64>Coretime.cores.get());
  for (let i = 0; i < classes.length; i++) terms.perOutput.push(WorkClasses.weightRequirements.get(classes[i]).prune);
  return terms;
}

/** Calls `prune` of the classes among `classes` that have prune weight and at least one output. */
function prune(outputs: BTreeMap<u32, Array<Bytes>>, classes: Array<u32>): Array<PruneRun> {
  const runs = new Array<PruneRun>();
  for (let i = 0; i < classes.length; i++) {
    const classId = classes[i];
    if (!outputs.has(classId)) continue;
    const weight = WorkClasses.weightRequirements.get(classId).prune;
    if (weight == 0) continue;
    const list = outputs.get(classId);
    const pruned = new PruneRun();
    pruned.classId = classId;
    pruned.weightGiven = saturatingMul(weight, <u64>list.length);
    runs.push(pruned);
    const indices = new Array<u32>(list.length);
    const mark = markMemory();
    const args = encode<Array<Bytes>>(list);
    const run = runClass(classId, RunningEntry.Prune, args, pruned.weightGiven, longestAnswer(list.length));
    pruned.weightUsed = run.weightUsed;
    const kind = kindOf(run, indices);
    resetMemory(mark); // frees code and outputs, up to megabytes for each class: only `indices` is used below
    pruned.answer = answerOf(kind, indices);
  }
  return runs;
}

/** The greatest length of the result of `prune` for so many outputs: a compact length and as many u32. */
function longestAnswer(outputs: i32): u32 {
  return 4 + 4 * <u32>outputs;
}

/** Whether the class prunes an output, or failed. */
export function hasComplaint(answer: JoinAnswer): bool {
  return !(answer instanceof JoinAnswerIndices) || changetype<JoinAnswerIndices>(answer).indices.length > 0;
}

/** The successful outputs of each class, in report order. */
function outputsByClass(reports: Array<WorkReport>): BTreeMap<u32, Array<Bytes>> {
  const outputs = new BTreeMap<u32, Array<Bytes>>();
  for (let i = 0; i < reports.length; i++) {
    const results = reports[i].results;
    for (let k = 0; k < results.length; k++) {
      if (results[k].result.isErr) continue;
      const classId = results[k].class;
      if (!outputs.has(classId)) outputs.set(classId, []);
      outputs.get(classId).push(results[k].result.value);
    }
  }
  return outputs;
}

/** How a call of `prune` ended. */
enum AnswerKind {
  Indices,
  Trapped,
  Overran,
  Malformed,
}

/**
 * Checks the result of a run, and copies the positions that it returned into `indices`, whose length is that of the
 * class's list of outputs. More positions than outputs are malformed: some would be there twice.
 */
function kindOf(run: ClassRun, indices: Array<u32>): AnswerKind {
  if (run.outcome == RunOutcome.OutOfWeight) return AnswerKind.Overran;
  if (run.outcome == RunOutcome.Malformed) return AnswerKind.Malformed;
  if (run.outcome != RunOutcome.Returned) return AnswerKind.Trapped;
  const named = decode<Array<u32>>(run.output);
  if (named == null || named.length > indices.length) return AnswerKind.Malformed;
  const count = <u32>indices.length;
  for (let i = 0; i < named.length; i++) {
    if (named[i] >= count) return AnswerKind.Malformed;
    indices[i] = named[i];
  }
  indices.length = named.length;
  return AnswerKind.Indices;
}

function answerOf(kind: AnswerKind, indices: Array<u32>): JoinAnswer {
  switch (kind) {
    case AnswerKind.Overran:
      return new JoinAnswerOverran();
    case AnswerKind.Trapped:
      return new JoinAnswerTrapped();
    case AnswerKind.Malformed:
      return new JoinAnswerMalformed();
    default: {
      const answer = new JoinAnswerIndices();
      answer.indices = indices;
      return answer;
    }
  }
}
