// The runtime with the next version, as code for an upgrade.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../compiler/compile.js';
import { withSections } from '../../compiler/sections.js';
import { readTarget } from '../../compiler/target.js';
import { root } from './command.js';

/** Compiles the debug runtime with the version after the present one. */
export async function compileNextRuntime(): Promise<Uint8Array> {
  const entry = 'assembly/runtime.ts';
  const text = readFileSync(join(root, entry), 'utf8').replace(
    /(SPEC_VERSION: u32 =) (\d+)/,
    (_line, name: string, version: string) => `${name} ${Number(version) + 1}`,
  );
  const { wasm } = await compile({ root, entry, target: readTarget(root, 'debug'), files: { [entry]: text } });
  return withSections(wasm);
}
