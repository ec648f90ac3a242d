// The blob that pallet tests run on: the runtime and `TestApi`, built when a source has changed since.
// Unoptimised by default, since that builds in two seconds; CORE_BLOB=release tests what optimisation leaves of it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildRuntime } from '../../compiler/build.js';
import { Runtime } from '../../host/executor/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The test runtime. */
export async function testRuntime(): Promise<Runtime> {
  const variant = process.env.CORE_BLOB === 'release' ? 'release' : 'debug';
  const path = await buildRuntime(root, {
    variant,
    entry: 'tests/harness/assembly/runtime.ts',
    outFile: `build/harness/runtime.${variant}.wasm`,
    log: null,
  });
  return Runtime.load(new Uint8Array(readFileSync(path)));
}
