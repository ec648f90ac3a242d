// Roots of tries other than the state: of a block's extrinsics.
import { Bytes } from '../scale';
import { ext_trie_blake2_256_ordered_root_version_2 } from './env';
import { fatBytes, takeFixed } from './memory';

/** The root over values keyed by compact index; `values` is a SCALE Vec<Vec<u8>>. */
export function orderedRoot(values: Bytes, version: u8): Bytes {
  return takeFixed(ext_trie_blake2_256_ordered_root_version_2(fatBytes(values), version), 32);
}
