// Builds everything: TypeScript into build/js, the runtime blob and the guests into build/, and from
// chain-spec/NAME.json and the blob chain-spec/NAME.plain.json and NAME.raw.json.
//
//   node scripts/build.mjs             builds all (run by `npm ci` and `npm run build`)
//   node scripts/build.mjs --js-only   builds only the TypeScript
//   node scripts/build.mjs --names     also builds build/guests/NAME.named.wasm: guests with names of functions
//   node scripts/build.mjs --scale     also builds build/runtime.scale.wasm, the runtime for 1,023 validators and 512
//                                      cores in blocks of 6 s of weight, and the forms of chain-spec/scale.json
//   node scripts/build.mjs --help      prints these lines
//
// Types are not checked here (`npm run typecheck` does). The blob, the guests and the specs are cached by content.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Benchmarks of weights set their scenes with what tests share. */
const FOLDERS = ['compiler', 'host', 'bench', 'tests/harness', 'tests/pallets/support', 'tests/unit/trie'];
const scale = process.argv.includes('--scale');
const SPECS = ['dev', 'local', ...(scale ? ['scale'] : [])];

/** Paths of all TypeScript sources below `folder`, except declarations and AssemblyScript. */
function sourcesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('assembly/'))
    .map((name) => join(root, folder, name));
}

/** Removes what was built from sources that no longer exist; it would be in the npm package. */
function removeStale() {
  for (const folder of FOLDERS.filter((name) => existsSync(join(root, 'build/js', name)))) {
    for (const name of readdirSync(join(root, 'build/js', folder), { recursive: true })) {
      const source = join(root, folder, name.replace(/\.(js|js\.map|d\.ts)$/, '.ts'));
      if (/\.(js|map|d\.ts)$/.test(name) && !existsSync(source)) rmSync(join(root, 'build/js', folder, name));
    }
  }
}

/** Builds the TypeScript. */
export async function buildScripts() {
  removeStale();
  await build({
    entryPoints: FOLDERS.flatMap(sourcesBelow),
    outdir: join(root, 'build/js'),
    outbase: root,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

/** Writes the plain and the raw form of each chain spec, unless blob, specs and host are unchanged. */
async function buildChainSpecs() {
  const file = (name) => join(root, 'chain-spec', `${name}.json`);
  const blobs = ['build/runtime.wasm', ...(scale ? ['build/runtime.scale.wasm'] : [])];
  const inputs = [...blobs.map((name) => join(root, name)), ...SPECS.map(file), ...sourcesBelow('host')];
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(readFileSync(input));
  const digest = hash.digest('hex');
  const cache = join(root, `build/chain-spec${scale ? '.scale' : ''}.cache`);
  const outputs = SPECS.flatMap((name) => [file(`${name}.plain`), file(`${name}.raw`)]);
  if (outputs.every(existsSync) && existsSync(cache) && readFileSync(cache, 'utf8') === digest) return;
  const node = join(root, 'build/js/host/node/index.js');
  const { chainSpecJson, plainChainSpec, rawChainSpec, readChainSpec } = await import(pathToFileURL(node).href);
  for (const name of SPECS) {
    const spec = readChainSpec(file(name));
    const write = (form, content) =>
      writeFileSync(file(`${name}.${form}`), `${JSON.stringify(chainSpecJson(content), null, 2)}\n`);
    write('plain', plainChainSpec(spec));
    write('raw', rawChainSpec(spec));
  }
  writeFileSync(cache, digest);
}

/** The lines of this file's header that show how it is called. */
function usage() {
  const header = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n\n')[0] ?? '';
  const lines = header.split('\n').filter((line) => line.startsWith('//  '));
  return lines.map((line) => line.slice(2)).join('\n');
}

async function main() {
  if (process.argv.includes('--help')) {
    console.log(usage());
    return;
  }
  const started = performance.now();
  await buildScripts();
  const wasmBuilder = join(root, 'build/js/compiler/build.js');
  if (!process.argv.includes('--js-only')) {
    const { buildAll, CONTRACT } = await import(pathToFileURL(wasmBuilder).href);
    const contract = () => readFileSync(join(root, CONTRACT), 'utf8');
    const before = contract();
    await buildAll(root, { names: process.argv.includes('--names'), scale });
    if (contract() !== before) await buildScripts();
    await buildChainSpecs();
  }
  console.error(`build: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    // A mistake in AssemblyScript is shown as the compiler words it, without a stack trace.
    if (error.name !== 'CompileError') throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
