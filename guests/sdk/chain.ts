// The chain as `refine` sees it: as of the package's context block, whoever runs it and whenever.
import { H256 } from '../../assembly/primitives';
import { Bytes, fixed } from '../../assembly/scale';
import { ext_corejam_lookup_version_1, ext_corejam_state_root_version_1 } from './env';
import { takenOption } from './memory';

/** The preimage of `hash` in the Storage pallet, or null. */
export function lookup(hash: H256): Bytes | null {
  return takenOption(ext_corejam_lookup_version_1(<u32>hash.address));
}

/** The state root of the block at `height`, for the context block and the 255 before it; else null. */
export function stateRoot(height: u32): H256 | null {
  const root = takenOption(ext_corejam_state_root_version_1(height));
  return root === null ? null : fixed<H256>(root);
}
