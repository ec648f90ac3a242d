// Headers, digests and blocks (sp_runtime::generic).
import { Bytes } from '../scale';
import { UncheckedExtrinsic } from './extrinsic';
import { H256, Tag4 } from './fixed';

/** Length of a slot in a digest. */
const SLOT_BYTES: i32 = 8;

/** A block's number. */
export type BlockNumber = u32;

/** An item of a header's digest. Fields called `value…` have no name in the metadata. */
@variants('sp_runtime::generic::digest::DigestItem')
export class DigestItem {}

/** Other bytes. */
@variant(0)
export class DigestItemOther extends DigestItem {
  value: Bytes = [];
}

/** From the runtime to a consensus engine. */
@variant(4)
export class DigestItemConsensus extends DigestItem {
  /** Engine id. */
  value0: Tag4 = new Tag4();
  /** Data. */
  value1: Bytes = [];
}

/** The author's seal; removed before execution. */
@variant(5)
export class DigestItemSeal extends DigestItem {
  /** Engine id. */
  value0: Tag4 = new Tag4();
  /** Data. */
  value1: Bytes = [];
}

/** From a consensus engine to the runtime, before execution. */
@variant(6)
export class DigestItemPreRuntime extends DigestItem {
  /** Engine id. */
  value0: Tag4 = new Tag4();
  /** Data. */
  value1: Bytes = [];
}

/** The block changed the runtime's code. */
@variant(8)
export class DigestItemRuntimeEnvironmentUpdated extends DigestItem {}

/** The digest of a header. */
@scale('sp_runtime::generic::digest::Digest')
export class Digest {
  logs: Array<DigestItem> = [];

  /**
   * The items that were present before execution: at most the author's claim of a slot, in 8 bytes. Panics if there are
   * others, since nothing else would bound what a header carries into the state.
   */
  preRuntime(): Digest {
    const before = new Digest();
    for (let i = 0; i < this.logs.length; i++) {
      const item = this.logs[i];
      if (!(item instanceof DigestItemPreRuntime)) continue;
      if (before.logs.length != 0 || (item as DigestItemPreRuntime).value1.length > SLOT_BYTES) {
        throw new Error('header: the digest has a pre-runtime item that claims no slot');
      }
      before.logs.push(item);
    }
    return before;
  }
}

/** A block's header. */
@scale('sp_runtime::generic::header::Header')
export class Header {
  parentHash: H256 = new H256();
  @compact() number: BlockNumber = 0;
  stateRoot: H256 = new H256();
  extrinsicsRoot: H256 = new H256();
  digest: Digest = new Digest();
}

/** A block; its extrinsics are encoded. */
@scale('sp_runtime::generic::block::Block')
export class Block {
  header: Header = new Header();
  extrinsics: Array<UncheckedExtrinsic> = [];
}
