// What a class answered when it was asked to prune. Spec: RFC-0031 § Join and `prune`; D5a.

/** The answer of one class. */
@variants() export class JoinAnswer {}

/** Outputs that can't stand, by their position in the class's list; none means that all can. */
@variant(0) export class JoinAnswerIndices extends JoinAnswer {
  indices: Array<u32> = [];
}

/** `prune` trapped, ran out of stack, or could not be run. */
@variant(1) export class JoinAnswerTrapped extends JoinAnswer {}

/** `prune` ran out of weight. */
@variant(2) export class JoinAnswerOverran extends JoinAnswer {}

/** The answer is no list of positions. */
@variant(3) export class JoinAnswerMalformed extends JoinAnswer {}
