// The chain's state for `refine`: always that of the package's context block.
import { H256 } from '../../assembly/primitives';
import { Bytes, fixed } from '../../assembly/scale';
import { ext_corejam_lookup_version_1, ext_corejam_state_root_version_1 } from './env';
import { takenOption } from './memory';

/** The preimage of `hash` in the Storage pallet, or null. */
export function lookup(hash: H256): Bytes | null {
  return takenOption(ext_corejam_lookup_version_1(<u32>hash.address));
}

/** The state root of the block at `height`: the context block or one of the 255 before it; otherwise null. */
export function stateRoot(height: u32): H256 | null {
  const root = takenOption(ext_corejam_state_root_version_1(height));
  return root === null ? null : fixed<H256>(root);
}
