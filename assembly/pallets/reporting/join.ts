// Join: calls `prune` of each class, which checks its outputs of one block against each other and the state.
// Spec: RFC-0031 § Join and `prune`; D5 (arguments and classes), D5a (how the author uses the results).
import {
  JoinAnswer,
  JoinAnswerIndices,
  JoinAnswerMalformed,
  JoinAnswerOverran,
  JoinAnswerTrapped,
  RunOutcome,
  WorkReport,
} from '../../primitives/corejam';
import { saturatingMul } from '../../primitives';
import { markMemory, resetMemory } from '../../rt';
import { BTreeMap, Bytes, decode, encode, Tuple2 } from '../../scale';
import { ClassRun, runClass, RunningEntry, WorkClasses } from '../work-classes';

/** Calls `prune` of each class of `reports` that has prune weight and at least one output, in ascending order of id. */
export function joinReports(reports: Array<WorkReport>): Array<Tuple2<u32, JoinAnswer>> {
  const outputs = outputsByClass(reports);
  const answers = new Array<Tuple2<u32, JoinAnswer>>();
  for (let i = 0; i < outputs.size; i++) {
    const classId = outputs.keys[i];
    const weight = WorkClasses.weightRequirements.get(classId).prune;
    if (weight == 0) continue;
    const list = outputs.values[i];
    const mark = markMemory();
    const run = runClass(
      classId,
      RunningEntry.Prune,
      encode<Array<Bytes>>(list),
      saturatingMul(weight, <u64>list.length),
    );
    let answer: JoinAnswer;
    if (isContent(run)) {
      resetMemory(mark); // frees code and outputs, up to megabytes; the rarer lists of complaints stay allocated
      answer = new JoinAnswerIndices();
    } else {
      answer = answerOf(run, list.length);
    }
    answers.push(new Tuple2<u32, JoinAnswer>(classId, answer));
  }
  return answers;
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

/** Whether a class returned the empty list. */
function isContent(run: ClassRun): bool {
  return run.outcome == RunOutcome.Returned && run.output.length == 1 && run.output[0] == 0;
}

function answerOf(run: ClassRun, count: i32): JoinAnswer {
  if (run.outcome == RunOutcome.OutOfWeight) return new JoinAnswerOverran();
  if (run.outcome != RunOutcome.Returned) return new JoinAnswerTrapped();
  const indices = decode<Array<u32>>(run.output);
  if (indices == null) return new JoinAnswerMalformed();
  for (let i = 0; i < indices.length; i++) if (indices[i] >= <u32>count) return new JoinAnswerMalformed();
  const answer = new JoinAnswerIndices();
  answer.indices = indices;
  return answer;
}
