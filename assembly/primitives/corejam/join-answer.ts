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
