// The node's failures, one class per cause, and the refusal of a block, which is a value.
import { Failure, toHex } from '../bytes/index.js';

/** A hash that names no block of this chain. */
export class UnknownBlock extends Failure {
  constructor(hash: Uint8Array) {
    super(`this chain has no block ${toHex(hash)}`);
  }
}

/** A chain spec that can't be used; the message names the field and the reason. */
export class InvalidChainSpec extends Failure {}

/** A base path that can't be used, or that holds what is not ours. */
export class BasePathRefused extends Failure {}

/** A base path that holds the database of another chain. */
export class WrongDatabase extends Failure {}

/** Development keys were given to a chain that is not a development chain. */
export class DevelopmentKeysRefused extends Failure {}

/** The next block can't be made: this node lacks the slot's key, or the runtime trapped or refused the timestamp. */
export class BlockNotMade extends Failure {}

/** Why a block was not imported. */
export type BlockRefusalKind =
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
  | 'stateRoot'
  /** The block is valid, and this machine can't write it, as with a full disk: it may be imported later. */
  | 'notWritten';

/** Why the importer refused a block. Nothing of the block is kept. */
export interface BlockRefusal {
  readonly kind: BlockRefusalKind;
  readonly message: string;
}
