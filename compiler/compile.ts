// One run of asc over one entry file, with this compiler as its transform and the arena as its runtime.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { asc } from './asc.js';
import type { BinaryenModule, Parser, Source } from './asc.js';
import { CompileError } from './compile-error.js';
import type { Runtime } from './model.js';
import { ARENA, type Target } from './target.js';
import { PalletCompiler } from './transform.js';

export { CompileError };

/** Options of a compilation. */
export interface CompileOptions {
  /** Folder of the repository: paths are relative to it. */
  root: string;
  /** The entry file, relative to the root. */
  entry: string;
  target: Target;
  /** Sources that replace files, for tests. */
  files?: Record<string, string>;
}

/** A built module with its metadata. */
export interface Compiled {
  wasm: Uint8Array;
  sourceMap?: string;
  /** Names that must be exported. */
  exports: string[];
  /** The generated AssemblyScript, for inspection. */
  generated: Record<string, string>;
  /** The chain's TypeScript, if the program has a runtime class. */
  contract?: string;
  /** The files that were read, relative to the root. */
  sources: string[];
}

/** A program as asc parsed it, and the generated code. */
export interface Parsed {
  sources: readonly Source[];
  /** What the decorators declare. Undefined if asc can't parse the program. */
  runtime: Runtime | undefined;
  /** The chain's TypeScript, if the program has a runtime class. */
  contract?: string;
}

/** Parses one entry file and generates its code, without compiling. Errors are reported only by `compile`. */
export async function parse(options: CompileOptions): Promise<Parsed> {
  let sources: readonly Source[] = [];
  const enough = new Error('parsed');
  const { compiler } = await run(options, (own) => ({
    afterParse: async (parser: Parser) => {
      await own.afterParse(parser);
      sources = parser.sources;
      throw enough;
    },
  }));
  const { contract, runtime } = compiler;
  return { sources, runtime, ...(contract === undefined ? {} : { contract }) };
}

/** Compiles one entry file. Throws CompileError with asc's diagnostics. */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const started: string[] = [];
  const { compiler, error, outputs, printed, sources } = await run(options, (own) => transformOf(own, started));
  const wasm = outputs.get('out.wasm');
  if (error || !(typeof wasm === 'object')) throw new CompileError(`${printed.trim()}\n`);
  if (started.length > 0) {
    throw new CompileError(
      `ERROR: ${started.join(', ')}: an initialiser needs running, which would make a start ` +
        "function, and Substrate's executors refuse those. Give it a literal, or make it a function.\n",
    );
  }
  const sourceMap = outputs.get('out.wasm.map');
  return {
    wasm,
    exports: compiler.exportNames,
    generated: compiler.generated,
    sources,
    ...(compiler.contract === undefined ? {} : { contract: compiler.contract }),
    ...(typeof sourceMap === 'string' ? { sourceMap } : {}),
  };
}

/** Runs asc, with the transform that `transform` returns for the compiler. */
async function run(
  options: CompileOptions,
  transform: (compiler: PalletCompiler) => object,
): Promise<{
  compiler: PalletCompiler;
  error: Error | null;
  outputs: Map<string, string | Uint8Array>;
  printed: string;
  sources: string[];
}> {
  const { root, files = {} } = options;
  const sources = new Set<string>([ARENA]);
  const outputs = new Map<string, string | Uint8Array>();
  const readFile = (name: string): string | null => {
    // The options have already become flags.
    if (name.endsWith('asconfig.json')) return null;
    try {
      const text = files[name] ?? readFileSync(join(root, name), 'utf8');
      sources.add(name);
      return text;
    } catch {
      return null;
    }
  };
  const compiler = new PalletCompiler(options.target.abort.replace(/\/[^/]*$/, ''), options.target.name, readFile);
  asc.libraryFiles['rt/stub'] = readFileSync(join(root, ARENA), 'utf8');
  let printed = '';
  const output = {
    write: (chunk: string | Uint8Array) =>
      void (printed += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)),
  };
  const { error } = await asc.main([options.entry, '--outFile', 'out.wasm', '--noColors', ...options.target.flags], {
    readFile,
    listFiles: () => [],
    writeFile: (name, contents) => void outputs.set(name, contents),
    stdout: output,
    stderr: output,
    transforms: [transform(compiler)],
  });
  return { compiler, error, outputs, printed, sources: [...sources].sort() };
}

/** asc's global for the end of static data. */
const HEAP_BASE = '~lib/memory/__heap_base';

/** The transform object for asc. It also exports the end of static data, where the host's allocator starts. */
function transformOf(compiler: PalletCompiler, started: string[]): object {
  return {
    afterParse: (parser: Parser) => compiler.afterParse(parser),
    afterCompile: (module: BinaryenModule) => {
      // A program that never allocates does not have this global.
      if (module.getGlobal(HEAP_BASE) !== 0) module.addGlobalExport(HEAP_BASE, '__heap_base');
      started.push(...startedGlobals(module.emitText()));
    },
  };
}

/** The globals that a start function sets, as asc names them: `pallets/x/index/Pallet.field`. */
function startedGlobals(text: string): string[] {
  const names: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (line.startsWith(' (func ')) inside = /^ \(func \$(~start|start:)/.test(line);
    const [, name] = (inside && /^\s+\(global\.set \$(\S+)/.exec(line)) || [];
    if (name !== undefined) names.push(name);
  }
  return text.includes('\n (start ') && names.length === 0 ? ['a top-level statement'] : names;
}
