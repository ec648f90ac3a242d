// The result of a class's `prune`. Spec: RFC-0031 § Join and `prune`; D5a.

/** The result of a class's `prune`. */
@variants() export class JoinAnswer {}

/** Positions of the outputs to prune in the class's list. */
@variant(0) export class JoinAnswerIndices extends JoinAnswer {
  indices: Array<u32> = [];
}

/** `prune` trapped, ran out of stack, or could not be run. */
@variant(1) export class JoinAnswerTrapped extends JoinAnswer {}

/** `prune` ran out of weight. */
@variant(2) export class JoinAnswerOverran extends JoinAnswer {}

/** `prune` did not return a list of positions. */
@variant(3) export class JoinAnswerMalformed extends JoinAnswer {}

/** One call of `prune`. */
@scale() export class PruneRun {
  classId: u32 = 0;
  answer: JoinAnswer = new JoinAnswer();
  /** Weight that the call was given: the class's requirement for each output, in picoseconds. */
  weightGiven: u64 = 0;
  /** Weight that it used. */
  weightUsed: u64 = 0;
}

/** How much of `prune` the author of a block may run (D5a). */
@scale() export class JoinTerms {
  /** Weight of all calls of a block together, in picoseconds. */
  total: u64 = 0;
  /** The `prune` requirement of each class asked for, in the same order. */
  perOutput: Array<u64> = [];
}
