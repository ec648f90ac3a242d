// BlockBuilder: making a block, extrinsic by extrinsic.
import { DispatchResult } from '../frame';
import { Block, Header, Tag8 } from '../primitives';
import { Bytes, Result, Tuple2 } from '../scale';
import {
  applyExtrinsic,
  checkInherents,
  CheckInherentsResult,
  finalizeBlock,
  inherentExtrinsics,
  TransactionValidityError,
} from '../executive';

/** What the author of a block asks. */
@api('BlockBuilder', 6)
export class BlockBuilder {
  /** Applies an extrinsic. One that is refused is not in the block; its author undoes whatever it wrote. */
  static applyExtrinsic(extrinsic: Bytes): Result<DispatchResult, TransactionValidityError> {
    return applyExtrinsic(extrinsic).toResult();
  }

  /** Ends the block: its header without the seal. */
  static finalizeBlock(): Header {
    return finalizeBlock();
  }

  /** The inherents that the data given make, in their order. */
  static inherentExtrinsics(inherent: Array<Tuple2<Tag8, Bytes>>): Array<Bytes> {
    return inherentExtrinsics(inherent);
  }

  /** Compares a block's inherents with what this node knows. */
  static checkInherents(block: Block, data: Array<Tuple2<Tag8, Bytes>>): CheckInherentsResult {
    return checkInherents(block.extrinsics, data);
  }
}
