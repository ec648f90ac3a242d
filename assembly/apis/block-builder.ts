// BlockBuilder: building a block, one extrinsic at a time.
import { DispatchResult } from '../frame';
import { Block, Header, Tag8, UncheckedExtrinsic } from '../primitives';
import { Bytes, Result, Tuple2 } from '../scale';
import {
  applyExtrinsic,
  checkInherents,
  CheckInherentsResult,
  finalizeBlock,
  inherentExtrinsics,
  TransactionValidityError,
} from '../executive';

/** Builds blocks. */
@api('BlockBuilder', 6)
export class BlockBuilder {
  /** Applies an extrinsic. If it is refused, the caller rolls back its writes. */
  static applyExtrinsic(extrinsic: UncheckedExtrinsic): Result<DispatchResult, TransactionValidityError> {
    return applyExtrinsic(extrinsic).toResult();
  }

  /** Ends the block. Returns its header without the seal. */
  static finalizeBlock(): Header {
    return finalizeBlock();
  }

  /** Creates the inherents from their data, in block order. */
  static inherentExtrinsics(inherent: Array<Tuple2<Tag8, Bytes>>): Array<UncheckedExtrinsic> {
    return inherentExtrinsics(inherent);
  }

  /** Checks a block's inherents against this node's data. */
  static checkInherents(block: Block, data: Array<Tuple2<Tag8, Bytes>>): CheckInherentsResult {
    return checkInherents(block.extrinsics, data);
  }
}
