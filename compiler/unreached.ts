// Lists the files of assembly/ and guests/ that no program reads, and the exports that no other file imports.
// `npm run lint` fails if there are any.
//
// knip does this for TypeScript. Here the pallet compiler is needed, since generated code has imports too: each program
// is parsed and its code generated, and the imports of all programs are followed to their declarations.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClassDeclaration, ExportStatement, FLAG, ImportStatement, VariableStatement } from './asc.js';
import type { DeclarationStatement, Source } from './asc.js';
import { guestEntries, RUNTIME } from './build.js';
import { parse } from './compile.js';
import { ARENA, readTarget } from './target.js';
import { decoratorNames } from './tree.js';

/** The guests' SDK: all its exports count as imported. */
const SDK = 'guests/sdk/index';
/** The host functions of guests, of which no guest uses all. */
const SDK_IMPORTS = 'guests/sdk/env';

/** Decorators of declarations that the compiler finds itself. */
const FOUND_BY_COMPILER = [
  ...[
    'pallet',
    'calls',
    'hooks',
    'genesis',
    'eventSink',
    'api',
    'hostcall',
    'extension',
    'extensions',
    'runtime',
    'entry',
  ],
  ...['preset', 'variant'],
];

/** One file of a program: its exports, and their origins. */
interface Module {
  readonly path: string;
  readonly source: Source;
  /** Declarations with `export`, by name. */
  readonly declared: Map<string, DeclarationStatement>;
  /** Names of `export { … }`, with the file they come from (undefined: declared or imported here). */
  readonly passedOn: Map<string, { from: string | undefined; name: string }>;
  /** Files of `export * from`. */
  readonly stars: string[];
}

/** The unused files and exports of the repository in `root`, as sentences that begin with a file. */
export async function unreached(root: string): Promise<string[]> {
  const modules = new Map<string, Module>();
  const reached = new Set<string>();
  const entries = new Set<string>();
  // asc is given these beside the entry file.
  const given = new Set([ARENA]);
  const contracts: string[] = [];
  for (const entry of programs(root)) {
    const target = readTarget(root, entry.startsWith('guests/') ? 'guest' : 'debug');
    given.add(`${dirname(target.abort)}.ts`);
    const program = await parse({ root, entry, target });
    if (program.contract !== undefined) contracts.push(program.contract);
    entries.add(entry.replace(/\.ts$/, ''));
    for (const source of program.sources) {
      if (!modules.has(source.internalPath)) modules.set(source.internalPath, moduleOf(source));
    }
    for (const source of program.sources)
      followImports(source, modules, reached, source.internalPath.startsWith('generated/'));
  }
  const sdk = modules.get(SDK);
  for (const name of sdk?.passedOn.keys() ?? []) reach(sdk!, name, modules, reached);
  const contract = contracts.join('\n');
  const lines: string[] = [];
  for (const module of modules.values()) {
    const { path, source, declared, passedOn } = module;
    if (!/^(assembly|guests)\//.test(path) || path === SDK_IMPORTS || entries.has(path)) continue;
    const complain = (name: string, at: number): void => {
      if (reached.has(`${path}|${name}`)) return;
      const line = source.text.slice(0, at).split('\n').length;
      lines.push(`${source.normalizedPath}:${line}: ${name} is exported, and no other file imports it`);
    };
    for (const [name, node] of declared) {
      if (isFoundByCompiler(node)) continue;
      if (new RegExp(`\\b${name}\\b`).test(contract)) continue;
      complain(name, node.range.start);
    }
    for (const name of passedOn.keys()) {
      const node = declarationOf(module, name, modules);
      if (node === undefined || !isFoundByCompiler(node))
        complain(name, source.text.search(new RegExp(`\\b${name}\\b`)));
    }
  }
  const files = ['assembly', 'guests'].flatMap((folder) => sourcesBelow(root, folder));
  const unread = files.filter((file) => !given.has(file) && !modules.has(file.replace(/\.ts$/, '')));
  return [...unread.map((file) => `${file}: no program reads this file`), ...lines.sort()];
}

/** The entry files of all programs: the runtime, the guests, and those that tests compile. */
function programs(root: string): string[] {
  const tests = sourcesBelow(root, 'tests').filter((name) => dirname(name).endsWith('/assembly'));
  return [RUNTIME, ...guestEntries(root), ...tests].filter((entry) => existsSync(join(root, entry)));
}

function sourcesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort();
}

function moduleOf(source: Source): Module {
  const declared = new Map<string, DeclarationStatement>();
  const passedOn = new Map<string, { from: string | undefined; name: string }>();
  const stars: string[] = [];
  for (const statement of source.statements) {
    if (statement instanceof ExportStatement) {
      if (statement.members === null) stars.push(statement.internalPath!);
      for (const { localName, exportedName } of statement.members ?? []) {
        passedOn.set(exportedName.text, { from: statement.internalPath ?? undefined, name: localName.text });
      }
      continue;
    }
    const declarations = statement instanceof VariableStatement ? statement.declarations : [statement];
    for (const node of declarations as DeclarationStatement[]) {
      if ((node.flags & FLAG.EXPORT) !== 0) declared.set(node.name.text, node);
    }
  }
  return { path: source.internalPath, source, declared, passedOn, stars };
}

/** Marks the file's imports. Generated code imports every type; such a type is marked only if its own file uses it. */
function followImports(source: Source, modules: Map<string, Module>, reached: Set<string>, generated: boolean): void {
  for (const statement of source.statements) {
    if (!(statement instanceof ImportStatement)) continue;
    for (const { foreignName } of statement.declarations ?? []) {
      const module = find(statement.internalPath, modules);
      if (module === undefined) continue;
      const name = foreignName.text;
      const node = module.declared.get(name);
      const typeOnly = generated && node !== undefined && decoratorNames(node).length > 0;
      if (typeOnly && module.source.text.match(new RegExp(`\\b${name}\\b`, 'g'))!.length < 2) continue;
      reach(module, name, modules, reached);
    }
  }
}

function isFoundByCompiler(node: DeclarationStatement): boolean {
  const members = node instanceof ClassDeclaration ? node.members : [];
  return [node, ...members].some((each) => decoratorNames(each).some((name) => FOUND_BY_COMPILER.includes(name)));
}

/** The declaration behind an export. */
function declarationOf(module: Module, name: string, modules: Map<string, Module>): DeclarationStatement | undefined {
  const on = module.passedOn.get(name);
  if (on === undefined) return module.declared.get(name);
  const from = on.from === undefined ? undefined : find(on.from, modules);
  return from && declarationOf(from, on.name, modules);
}

function find(path: string, modules: Map<string, Module>): Module | undefined {
  return modules.get(path) ?? modules.get(`${path}/index`);
}

/** Marks the export `name` of a module, also through re-exports. Returns whether the module has such an export. */
function reach(module: Module, name: string, modules: Map<string, Module>, reached: Set<string>): boolean {
  if (module.declared.has(name)) {
    reached.add(`${module.path}|${name}`);
    return true;
  }
  const on = module.passedOn.get(name);
  if (on !== undefined) {
    reached.add(`${module.path}|${name}`);
    const from = on.from === undefined ? undefined : find(on.from, modules);
    if (from !== undefined) reach(from, on.name, modules, reached);
    return true;
  }
  return module.stars.some((path) => {
    const from = find(path, modules);
    return from !== undefined && reach(from, name, modules, reached);
  });
}
