// The node's expected failures, each a class with a sentence for the person who caused it.

/** A failure whose message may be shown to a user as it stands. */
export class NodeError extends Error {
  override readonly name: string = 'NodeError';
}

/** A hash that names no block of this chain. */
export class UnknownBlock extends NodeError {
  override readonly name = 'UnknownBlock';
}

/** A chain spec that can't be used; the message says which field and why. */
export class InvalidChainSpec extends NodeError {
  override readonly name = 'InvalidChainSpec';
}

/** A base path that belongs to another chain or holds something else. */
export class WrongDatabase extends NodeError {
  override readonly name = 'WrongDatabase';
}

/** Why a block was refused, by kind, so that callers need not read the sentence. */
export type ImportRefusal =
  | 'undecodable'
  | 'known'
  | 'unknownParent'
  | 'fork'
  | 'number'
  | 'seal'
  | 'slot'
  | 'author'
  | 'inherents'
  | 'execution'
  | 'stateRoot';

/** A block that the importer refused. Nothing of it was kept. */
export class BlockRefused extends NodeError {
  override readonly name = 'BlockRefused';
  constructor(
    readonly kind: ImportRefusal,
    message: string,
  ) {
    super(message);
  }
}
