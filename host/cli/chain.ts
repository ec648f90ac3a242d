// The chain that a command names: one of chain-spec/ by its name, or the file of a chain spec.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidChainSpec, readChainSpec, type ChainSpec } from '../node/index.js';

/** Chains that come with this package, each a file of chain-spec/. */
const NAMED: readonly string[] = ['dev', 'local', 'scale'];

/** The blob of the chain `scale`. */
const SCALE_BLOB = fileURLToPath(new URL('../../../runtime.scale.wasm', import.meta.url));

/** The file of a guest of this repository (`signature`, `ordering`), which `npm run build` makes. */
export function guestFile(name: string): string {
  return fileURLToPath(new URL(`../../../guests/${name}.wasm`, import.meta.url));
}

/** The spec of `--chain NAME`. Throws InvalidChainSpec. */
export function chainSpecOf(name: string): ChainSpec {
  if (name === 'scale' && !existsSync(SCALE_BLOB)) {
    throw new InvalidChainSpec(`the chain scale needs ${SCALE_BLOB}, which \`npm run build -- --scale\` makes`);
  }
  return readChainSpec(
    NAMED.includes(name) ? fileURLToPath(new URL(`../../../../chain-spec/${name}.json`, import.meta.url)) : name,
  );
}
