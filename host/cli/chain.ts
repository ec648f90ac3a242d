// Which chain a command means: one of chain-spec/ by its name, or the file of a chain spec.
import { fileURLToPath } from 'node:url';
import { readChainSpec, type ChainSpec } from '../node/index.js';

/** Chains that come with this package, each a file of chain-spec/. */
const NAMED: readonly string[] = ['dev', 'local'];

/** A guest of this repository as `npm run build` leaves it: `signature`, `ordering`. */
export function guestFile(name: string): string {
  return fileURLToPath(new URL(`../../../guests/${name}.wasm`, import.meta.url));
}

/** The spec of `--chain NAME`. Throws InvalidChainSpec. */
export function chainSpecOf(name: string): ChainSpec {
  return readChainSpec(
    NAMED.includes(name) ? fileURLToPath(new URL(`../../../../chain-spec/${name}.json`, import.meta.url)) : name,
  );
}
