// TaggedTransactionQueue: what the pool asks. OffchainWorkerApi: what happens beside a block.
import { H256, Header } from '../primitives';
import { Bytes, Result } from '../scale';
import { TransactionValidityError, validateTransaction, ValidTransaction } from '../executive';

/**
 * Where an extrinsic comes from.
 * @path sp_runtime::transaction_validity::TransactionSource
 */
export enum TransactionSource {
  /** A block. */
  InBlock,
  /** This node. */
  Local,
  /** Another node, or a client. */
  External,
}

/** What the pool asks. */
@api('TaggedTransactionQueue', 3)
export class TaggedTransactionQueue {
  /** Whether an extrinsic may be in the block after `blockHash`, and in what order with others. */
  static validateTransaction(
    _source: TransactionSource,
    tx: Bytes,
    blockHash: H256,
  ): Result<ValidTransaction, TransactionValidityError> {
    return validateTransaction(tx, blockHash);
  }
}

/** What happens beside a block. */
@api('OffchainWorkerApi', 2)
export class OffchainWorkerApi {
  /** Called once a block is imported. No pallet has off-chain work: what there is in-core, the node does of itself. */
  static offchainWorker(_header: Header): void {}
}
