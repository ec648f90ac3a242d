// Builds the blobs: the runtime in both variants, and every guest. Cached by content: blobs with the same
// sources and compiler are not built again. Called by scripts/build.mjs and by tests.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { fresh, remember } from './cache.js';
import type { Expectation } from './check.js';
import { CompileError } from './compile-error.js';
import type { CompileOptions } from './compile.js';
import { withSections } from './sections.js';
import { ARENA, readTarget } from './target.js';

export type Variant = 'release' | 'scale' | 'debug';

export const RUNTIME = 'assembly/runtime.ts';
/** The chain's TypeScript, which is generated with the runtime and checked in. */
export const CONTRACT = 'host/contract/generated.ts';

/** Options of a runtime build: tests build other entries. */
export interface RuntimeOptions {
  variant: Variant;
  /** Entry file, relative to the root. */
  entry?: string;
  /** Path of the blob, relative to the root. */
  outFile?: string;
  /** Receives progress messages; null for none. */
  log?: ((line: string) => void) | null;
}

/**
 * Builds the runtime, optimized and for debugging, and all guests. With `names`, also the guests with function names; with
 * `scale`, also the runtime for many validators.
 */
export async function buildAll(root: string, { names = false, scale = false } = {}): Promise<void> {
  if (existsSync(join(root, RUNTIME))) {
    await buildRuntime(root, { variant: 'release' });
    await buildRuntime(root, { variant: 'debug' });
    if (scale) await buildRuntime(root, { variant: 'scale' });
  }
  await buildGuests(root);
  if (names) await buildGuests(root, undefined, true);
}

/** Builds a runtime blob and returns its path: by default build/runtime.wasm, and build/runtime.VARIANT.wasm for others. */
export async function buildRuntime(root: string, options: RuntimeOptions): Promise<string> {
  const { variant, entry = RUNTIME } = options;
  const outFile = options.outFile ?? (variant === 'release' ? 'build/runtime.wasm' : `build/runtime.${variant}.wasm`);
  return build(
    { root, entry, target: readTarget(root, variant) },
    outFile,
    {
      kind: 'runtime',
      imports: knownImports(root, ['assembly/io/env.ts', ARENA]),
    },
    options.log,
  );
}

/** Builds all guests and returns their paths: build/guests/<name>.wasm, with `names` build/guests/<name>.named.wasm. */
export async function buildGuests(root: string, log?: RuntimeOptions['log'], names = false): Promise<string[]> {
  const built: string[] = [];
  for (const entry of guestEntries(root)) {
    const outFile = `build/guests/${basename(dirname(entry))}${names ? '.named' : ''}.wasm`;
    built.push(await buildGuest(root, entry, outFile, log, names));
  }
  return built;
}

/** The entry files of all guests, relative to the root. */
export function guestEntries(root: string): string[] {
  return ['authorizers', 'work-classes'].flatMap((kind) => {
    const folder = join(root, 'guests', kind);
    return (existsSync(folder) ? readdirSync(folder).sort() : [])
      .map((name) => `guests/${kind}/${name}/index.ts`)
      .filter((entry) => existsSync(join(root, entry)));
  });
}

/** Builds one guest from its entry file. `names` adds a section with function names; the code is the same. */
export async function buildGuest(
  root: string,
  entry: string,
  outFile: string,
  log?: RuntimeOptions['log'],
  names = false,
): Promise<string> {
  const target = readTarget(root, 'guest');
  return build(
    { root, entry, target: names ? { ...target, flags: [...target.flags, '--debug'] } : target },
    outFile,
    { kind: 'guest' },
    log,
  );
}

async function build(
  options: CompileOptions,
  outFile: string,
  expected: Expectation,
  log: RuntimeOptions['log'],
): Promise<string> {
  const path = join(options.root, outFile);
  const tell = log === null ? () => undefined : (log ?? ((line: string) => void process.stderr.write(`${line}\n`)));
  if (fresh(options, path)) return path;
  const started = performance.now();
  // Loaded only here: if nothing has to be built, loading asc and wabt would take most of the time.
  const [{ compile }, { check }] = await Promise.all([import('./compile.js'), import('./check.js')]);
  const compiled = await compile(options);
  await check(compiled, expected);
  const contract = options.entry === RUNTIME ? compiled.contract : undefined;
  // The contract is the same in every variant.
  if (contract !== undefined) writeContract(options.root, contract);
  const wasm = expected.kind === 'runtime' ? withSections(compiled.wasm) : compiled.wasm;
  mkdirSync(dirname(path), { recursive: true });
  if (compiled.sourceMap) writeFileSync(`${path}.map`, compiled.sourceMap);
  // Renamed into place, so that readers never see a partial blob.
  const aside = `${path}.${process.pid}.new`;
  writeFileSync(aside, wasm);
  renameSync(aside, path);
  // Recorded like a source, so that an edited contract is written again.
  remember(options, path, contract === undefined ? compiled.sources : [...compiled.sources, CONTRACT]);
  tell(
    `build: ${outFile} ${(wasm.length / 1024).toFixed(0)} KiB in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  return path;
}

/** Writes the chain's TypeScript, if it changed. */
function writeContract(root: string, text: string): void {
  const path = join(root, CONTRACT);
  if (existsSync(dirname(path)) && !(existsSync(path) && readFileSync(path, 'utf8') === text))
    writeFileSync(path, text);
}

/** The host functions that `files` declare. */
function knownImports(root: string, files: readonly string[]): ReadonlySet<string> {
  const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/\bext_\w+_version_\d+\b/g) ?? []));
}

export { CompileError };
