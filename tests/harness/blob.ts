// Builds the blob for tests of pallets, the runtime with `TestApi`, if a source has changed.
// By default it is not optimized, which builds in two seconds; CORE_BLOB=release tests the optimized build.
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
