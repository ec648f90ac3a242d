// Builds the blob for tests of pallets, the runtime with `TestApi`, if a source has changed.
// By default it is not optimized, which builds in two seconds. CORE_BLOB=release tests the optimized build, and
// CORE_BLOB=PATH a blob that has been built already, such as a mutant.
import { readFileSync } from 'node:fs';
import { ROOT } from '../../bench/root.js';
import { buildRuntime } from '../../compiler/build.js';
import { Runtime } from '../../host/executor/index.js';

/** The blob whose path CORE_BLOB has. */
export function givenBlob(): Uint8Array | undefined {
  const given = process.env.CORE_BLOB;
  return given?.endsWith('.wasm') === true ? new Uint8Array(readFileSync(given)) : undefined;
}

/** The test runtime's blob. */
export async function testBlob(): Promise<Uint8Array> {
  const given = givenBlob();
  if (given !== undefined) return given;
  const variant = process.env.CORE_BLOB === 'release' ? 'release' : 'debug';
  const path = await buildRuntime(ROOT, {
    variant,
    entry: 'tests/harness/assembly/runtime.ts',
    outFile: `build/harness/runtime.${variant}.wasm`,
    log: null,
  });
  return new Uint8Array(readFileSync(path));
}

/** The test runtime. */
export async function testRuntime(): Promise<Runtime> {
  return Runtime.load(await testBlob());
}

/** The test runtime with the constants of the scale build, optimized. */
export async function scaleTestRuntime(): Promise<Runtime> {
  const path = await buildRuntime(ROOT, {
    variant: 'scale',
    entry: 'tests/harness/assembly/runtime.ts',
    outFile: 'build/harness/runtime.scale.wasm',
    log: null,
  });
  return Runtime.load(new Uint8Array(readFileSync(path)));
}
