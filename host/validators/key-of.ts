// Hashes as keys of maps.
import { toHex } from '../bytes/index.js';

const keys = new WeakMap<Uint8Array, string>();

/** A package's hash as a key of maps, which is encoded only once for each array. */
export function keyOf(hash: Uint8Array): string {
  let key = keys.get(hash);
  if (key === undefined) keys.set(hash, (key = toHex(hash)));
  return key;
}
