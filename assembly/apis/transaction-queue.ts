// TaggedTransactionQueue: validation for the pool. OffchainWorkerApi: called after a block is imported.
import { H256, Header, UncheckedExtrinsic } from '../primitives';
import { Result } from '../scale';
import { TransactionValidityError, validateTransaction, ValidTransaction } from '../executive';

/**
 * Origin of an extrinsic.
 * @path sp_runtime::transaction_validity::TransactionSource
 */
export enum TransactionSource {
  /** In a block. */
  InBlock,
  /** From this node. */
  Local,
  /** From a peer or client. */
  External,
}

/** Validates transactions. */
@api('TaggedTransactionQueue', 3)
export class TaggedTransactionQueue {
  /** Whether an extrinsic is valid on top of `blockHash`. */
  static validateTransaction(
    _source: TransactionSource,
    tx: UncheckedExtrinsic,
    blockHash: H256,
  ): Result<ValidTransaction, TransactionValidityError> {
    return validateTransaction(tx, blockHash);
  }
}

/** Off-chain work. */
@api('OffchainWorkerApi', 2)
export class OffchainWorkerApi {
  /** Called after a block is imported. Does nothing. */
  static offchainWorker(_header: Header): void {}
}
