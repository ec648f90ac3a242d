// Which chain a command means: `dev`, or the file of a chain spec.
import { fileURLToPath } from 'node:url';
import { developmentSpec, readChainSpec, type ChainSpec } from '../node/index.js';
import { readInput } from './files.js';

/** What `npm run build` leaves for the chain `dev`. */
const RUNTIME_FILE = fileURLToPath(new URL('../../../runtime.wasm', import.meta.url));

/** A guest of this repository as `npm run build` leaves it: `signature`, `ordering`. */
export function guestFile(name: string): string {
  return fileURLToPath(new URL(`../../../guests/${name}.wasm`, import.meta.url));
}

/** The spec of `--chain NAME`. Throws InvalidChainSpec or CliError, each a sentence. */
export function chainSpecOf(name: string): ChainSpec {
  return name === 'dev' ? developmentSpec(readInput(RUNTIME_FILE)) : readChainSpec(name);
}
