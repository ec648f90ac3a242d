// Builds everything into build/: TypeScript to build/js, then the runtime blob and the guests.
//
//   node scripts/build.mjs             all of it (what `npm ci` and `npm run build` do)
//   node scripts/build.mjs --js-only   the TypeScript alone
//   node scripts/build.mjs --names     all of it, and build/guests/NAME.named.wasm: guests that name their functions
//
// Types are not checked here (`npm run typecheck` does); the blob and the guests are cached by content.
import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['compiler', 'host', 'bench'];

/** Every TypeScript source below `folder`, declarations left out. */
function sourcesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(root, folder, name));
}

export async function buildScripts() {
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

async function main() {
  const started = performance.now();
  await buildScripts();
  const wasmBuilder = join(root, 'build/js/compiler/build.js');
  if (!process.argv.includes('--js-only')) {
    const { buildAll } = await import(pathToFileURL(wasmBuilder).href);
    await buildAll(root, process.argv.includes('--names'));
  }
  console.error(`build: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
