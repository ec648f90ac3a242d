// Roots of tries that are not the state: the extrinsics of a block.
import { Bytes } from '../scale';
import { ext_trie_blake2_256_ordered_root_version_2 } from './env';
import { fatBytes, takeFixed } from './memory';

/** The root over values by compact index; `values` is a SCALE Vec<Vec<u8>>. */
export function orderedRoot(values: Bytes, version: u8): Bytes {
  return takeFixed(ext_trie_blake2_256_ordered_root_version_2(fatBytes(values), version), 32);
}
