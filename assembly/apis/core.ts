// Core: version, and execution of whole blocks.
import { Block, Header } from '../primitives';
import { executeBlock, initializeBlock } from '../executive';
import { RuntimeVersion, Wiring } from '../pallets/system';

/**
 * Whether a block takes extrinsics of users.
 * @path sp_runtime::ExtrinsicInclusionMode
 */
export enum ExtrinsicInclusionMode {
  /** It does. */
  AllExtrinsics,
  /** Inherents alone, while a migration runs. This runtime has no such migrations. */
  OnlyInherents,
}

/** What every runtime can do. */
@api('Core', 5)
export class Core {
  /** Name and versions of this runtime. */
  static version(): RuntimeVersion {
    return Wiring.version();
  }

  /** Executes a block, its seal taken off; panics unless all that its header claims comes about. */
  static executeBlock(block: Block): void {
    executeBlock(block);
  }

  /** Begins a block. */
  static initializeBlock(header: Header): ExtrinsicInclusionMode {
    initializeBlock(header);
    return ExtrinsicInclusionMode.AllExtrinsics;
  }
}
