// The blob that pallet tests run on: the runtime and `TestApi`, built when a source has changed since, and kept by content.
// Unoptimised by default, since that builds in two seconds; CORE_BLOB=release tests what optimisation leaves of it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../compiler/compile.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = 'tests/harness/assembly/runtime.ts';
const SOURCES = ['assembly', 'compiler', 'tests/harness/assembly'];

/** What the runtime's target can't run: as asconfig.json says for the real blob. */
const DISABLED = ['bulk-memory', 'sign-extension', 'nontrapping-f2i', 'mutable-globals'];

function contentHash(variant: string): string {
  const hash = createHash('sha256').update(variant);
  for (const folder of SOURCES) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).sort();
    for (const file of files) hash.update(`${folder}/${file}\0`).update(readFileSync(join(root, folder, file))).update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

/** The test runtime's code. */
export async function testBlob(): Promise<Uint8Array> {
  const variant = process.env.CORE_BLOB === 'release' ? 'release' : 'debug';
  const folder = join(root, 'build/harness');
  const path = join(folder, `${variant}-${contentHash(variant)}.wasm`);
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  const { wasm } = await compile({ root, entry: ENTRY, variant, disabled: DISABLED, abort: 'assembly/io/panic/abort' });
  mkdirSync(folder, { recursive: true });
  // Other test processes may build the same: whoever renames last wins, with the same bytes.
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, wasm);
  renameSync(partial, path);
  return wasm;
}
