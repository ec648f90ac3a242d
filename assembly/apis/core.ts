// Core: the runtime's version, and execution of whole blocks.
import { Block, Header } from '../primitives';
import { executeBlock, initializeBlock } from '../executive';
import { RuntimeVersion, Wiring } from '../pallets/system';

/**
 * Which extrinsics a block may contain.
 * @path sp_runtime::ExtrinsicInclusionMode
 */
export enum ExtrinsicInclusionMode {
  /** All extrinsics. */
  AllExtrinsics,
  /** Only inherents. Never used by this runtime. */
  OnlyInherents,
}

/** Version and block execution. */
@api('Core', 5)
export class Core {
  /** The runtime's version. */
  static version(): RuntimeVersion {
    return Wiring.version();
  }

  /** Executes a block without its seal. Panics if the result differs from the header. */
  static executeBlock(block: Block): void {
    executeBlock(block);
  }

  /** Begins a block. */
  static initializeBlock(header: Header): ExtrinsicInclusionMode {
    initializeBlock(header);
    return ExtrinsicInclusionMode.AllExtrinsics;
  }
}
