// The pallet compiler: an asc transform. After asc has parsed every file, it reads the decorators into one model
// (`model.ts`), reports mistakes as asc's errors, adds two generated AssemblyScript files to the program (codecs,
// storage, dispatch and events; exports), and generates bodies. Then asc compiles the program.
//
// The generated files are not written to disk.
import {
  ClassDeclaration,
  FieldDeclaration,
  FLAG,
  FunctionDeclaration,
  IdentifierExpression,
  MethodDeclaration,
  NamedTypeNode,
  Parser,
  report,
  SOURCE_KIND,
} from './asc.js';
import type { Source } from './asc.js';
import { codecs, enumTests, initial } from './codecs.js';
import { layOutFixed, fixedLength } from './declared-types.js';
import { readExports } from './export-reader.js';
import { readFacts } from './facts-reader.js';
import { calls, events, inherents, injectEvents, injectWeights } from './generate-calls.js';
import { contract } from './generate-contract.js';
import { apiVersions, exportNames, exports } from './generate-exports.js';
import { genesis, GENESIS_IMPORTS, injectGenesis } from './generate-genesis.js';
import { injectFields, storageItems, storageVersions } from './generate-storage.js';
import { fillHookPoints, readHooks } from './hook-reader.js';
import { foldInitialisers } from './initialisers.js';
import { encodeMetadata } from './metadata/metadata.js';
import { metadataCode } from './metadata/splice.js';
import { checkDecorators } from './misplaced.js';
import { checkModuleState } from './module-state.js';
import type { EventSink, Pallet, Runtime } from './model.js';
import { checkOptionalNumbers } from './optional-numbers.js';
import { readCallClasses, readPallets } from './pallet-reader.js';
import { readPresets } from './preset-reader.js';
import { refuseReservedWords } from './reserved-words.js';
import { StaticData } from './static-data.js';
import { Symbols } from './symbols.js';
import type { Symbol } from './symbols.js';
import type { TargetName } from './target.js';
import { callsBelow, decorator, importInto, parseMember, replaceBody } from './tree.js';
import { Types } from './type-reader.js';
import { isPlain } from './types.js';

/** The path of the generated file, for asc. */
const CODE_PATH = 'generated/code.ts';
const EXPORTS_PATH = 'generated/exports.ts';

/** Imports of frame in generated code, besides the program's names. */
const FRAME_IMPORTS = Object.entries({
  dispatch: 'readDispatchError, readDispatchResult, writeDispatchError, writeDispatchResult',
})
  .map(([file, names]) => `import { ${names} } from '../assembly/frame/${file}';\n`)
  .join('');

const HELPERS = ['encode', 'encodedLength', 'decode', 'decodeOr', 'decodeFrom'];

/** One compilation. */
export class PalletCompiler {
  /** Names that the blob must export. */
  exportNames: string[] = [];
  /** The chain's TypeScript, if the program has a runtime class. */
  contract: string | undefined;
  /** The text of the generated files, after `afterParse`. */
  generated: Record<string, string> = {};
  runtime: Runtime | undefined;
  readonly #abortFile: string;
  readonly #target: TargetName;
  readonly #readFile: (path: string) => string | null;

  /**
   * `abortFile`: the file of the function that replaces asc's `abort`; it is added to the program.
   * `target`: presets may be for some targets only.
   * `readFile`: returns null if there is no such file.
   */
  constructor(abortFile: string, target: TargetName, readFile: (path: string) => string | null) {
    this.#abortFile = abortFile;
    this.#target = target;
    this.#readFile = readFile;
  }

  /** Called by asc after parsing. */
  async afterParse(parser: Parser): Promise<void> {
    const sources = parser.sources.filter(
      (each) => each.sourceKind === SOURCE_KIND.USER || each.sourceKind === SOURCE_KIND.USER_ENTRY,
    );
    const symbols = new Symbols(sources);
    const types = new Types(symbols, sources, (range, message) => report(parser, range, message));
    const pallets = readPallets(types);
    readCallClasses(types, pallets);
    const runtime: Runtime = {
      pallets,
      apis: [],
      exported: [],
      extensions: [],
      hooks: [],
      orders: new Map(),
      presets: new Map(),
    };
    readHooks(types, runtime);
    readPresets(types, runtime, this.#target, this.#readFile);
    readExports(types, runtime);
    this.runtime = runtime;
    runtime.eventSink = findEventSink(types);
    checkEvents(types, runtime);
    for (const source of sources) {
      checkDecorators(types, source);
      if (runtime.pallets.length > 0) checkModuleState(types, source);
      checkOptionalNumbers(types, runtime.pallets, source);
      foldInitialisers(symbols, source);
      replaceHelpers(types, source);
    }
    numberErrors(runtime);
    layOut(types);
    for (const pallet of runtime.pallets) {
      injectGenesis(pallet);
      injectFields(pallet);
      injectConstants(pallet);
      injectWeights(pallet);
      injectEvents(pallet);
    }
    fillBodies(types, runtime);
    fillHookPoints(types, runtime);
    types.markRecursive();
    types.refuseEmptyElements();
    refuseReservedWords(types, runtime);
    if (parser.diagnostics.length > 0) return;
    await this.#generate(types, runtime, takeEntries(sources));
    if (parser.diagnostics.length > 0) return;
    for (const [path, text] of Object.entries(this.generated)) parser.parseFile(text, path, path === EXPORTS_PATH);
  }

  async #generate(types: Types, runtime: Runtime, entries: string): Promise<void> {
    const frameSymbol = (name: string, file: string): Symbol | undefined => {
      const source = types.symbols.file(`assembly/frame/${file}`);
      return source && types.symbols.resolve(name, source);
    };
    const call = frameSymbol('RuntimeCall', 'call');
    const origin = frameSymbol('Origin', 'origin');
    const inherentError = frameSymbol('InherentError', 'inherent');
    const hasFrame = call !== undefined && origin !== undefined && inherentError !== undefined;
    const parts = [codecs(types), enumTests(types)];
    if (hasFrame) {
      const frame = { call: types.alias(call), origin: types.alias(origin), inherentError: types.alias(inherentError) };
      parts.push(...runtime.pallets.map((pallet) => storageItems(types, pallet)));
      const encoded = encodeMetadata(
        runtime,
        types.all,
        {
          constant: (pallet, field) => `${types.alias(pallet.symbol)}.${field}`,
          initial,
        },
        readFacts(types, runtime),
        (type, message) => types.report(type.symbol!.node.name.range, message),
      );
      const data = new StaticData();
      parts.push(metadataCode(encoded, data), await apiVersions(runtime), storageVersions(runtime, data));
      parts.push(calls(types, runtime, frame), events(types, runtime), inherents(types, runtime, frame));
      parts.push(genesis(types, runtime, data), data.text());
    }
    const exported = exports(types, runtime);
    const scale = "import { Reader, Writer, bytesAt } from '../assembly/scale';\n";
    const head = `${scale}${hasFrame ? FRAME_IMPORTS + GENESIS_IMPORTS : ''}${imports(types)}`;
    this.generated = {
      [CODE_PATH]: `${head}\n${parts.join('\n')}`,
      [EXPORTS_PATH]: `import '../${this.#abortFile}';\n${entries}\n${head}\n${exported}`,
    };
    this.exportNames = exportNames(runtime);
    // After all code, so that types that only the host uses do not change the code.
    if (runtime.runtime) this.contract = contract(types, runtime);
  }
}

/**
 * Makes the generated file the entry file instead of the program's, so that functions marked `@entry()` are exported
 * only as wrappers. Unmarked exports of the program's entry file are re-exported.
 */
function takeEntries(sources: Source[]): string {
  return sources
    .filter((each) => each.sourceKind === SOURCE_KIND.USER_ENTRY)
    .map((source) => {
      source.sourceKind = SOURCE_KIND.USER;
      const plain = source.statements.filter(
        (each): each is FunctionDeclaration =>
          each instanceof FunctionDeclaration &&
          (each.flags & FLAG.EXPORT) !== 0 &&
          !decorator(each, 'entry') &&
          !decorator(each, 'hostcall'),
      );
      const names = plain.filter((each) => !each.typeParameters?.length).map((each) => each.name.text);
      const path = `'../${source.internalPath}'`;
      return `import ${path};${names.length > 0 ? ` export { ${names.join()} } from ${path};` : ''}`;
    })
    .join('\n');
}

/** Import statements for all names of the program in generated code. */
function imports(types: Types): string {
  return [...types.imports]
    .map(([alias, { node, source }]) => `import { ${node.name.text} as ${alias} } from '../${source.internalPath}';`)
    .join('\n');
}

/** The static method marked `@eventSink()`, which stores encoded events. */
function findEventSink(types: Types): EventSink | undefined {
  for (const source of types.sources) {
    for (const node of source.statements) {
      if (!(node instanceof ClassDeclaration)) continue;
      const method = node.members.find((each) => decorator(each, 'eventSink'));
      if (method) return { owner: { node, source }, method: method.name.text };
    }
  }
  return undefined;
}

function checkEvents(types: Types, runtime: Runtime): void {
  const pallet = runtime.pallets.find((each) => each.events.length > 0);
  if (!pallet || runtime.eventSink) return;
  types.report(
    pallet.eventClass!.node.name.range,
    'these events are kept nowhere: a static method `(event: Bytes): void` must be marked @eventSink()',
  );
}

/** Assigns the members of error enums numbers that are unique in the runtime: see frame/dispatch.ts. */
function numberErrors(runtime: Runtime): void {
  for (const pallet of runtime.pallets) {
    const { errorEnum } = pallet;
    for (const [index, value] of (errorEnum?.node.values ?? []).entries()) {
      const code = 4 * 2 ** 24 + pallet.index * 2 ** 16 + index;
      const member = parseMember(pallet.node, `static $code: i32 = ${code};`) as FieldDeclaration;
      value.initializer = member.initializer;
    }
  }
}

/** Adds the bytes of `@fixed` classes. */
function layOut(types: Types): void {
  for (const source of types.sources) {
    for (const node of source.statements) {
      if (!(node instanceof ClassDeclaration) || !decorator(node, 'fixed')) continue;
      const length = fixedLength(types, node, source);
      if (length !== undefined) layOutFixed(node, length);
    }
  }
}

/** Turns constants into getters: computed initialisers would need a start function. */
function injectConstants(pallet: Pallet): void {
  for (const constant of pallet.constants) {
    const index = pallet.node.members.findIndex(
      (each) => each instanceof FieldDeclaration && each.name.text === constant.field,
    );
    const field = pallet.node.members[index] as FieldDeclaration;
    const getter = parseMember(pallet.node, `static get ${constant.field}(): u8 { return 0; }`) as MethodDeclaration;
    getter.signature.returnType = field.type!;
    const statement = (getter.body as unknown as { statements: { value: unknown }[] }).statements[0]!;
    statement.value = field.initializer;
    pallet.node.members[index] = getter;
  }
}

/** Replaces `encode<T>(…)` and similar calls by the codec of T. */
function replaceHelpers(types: Types, source: Source): void {
  for (const statement of source.statements) {
    for (const call of callsBelow(statement)) {
      const callee = call.expression;
      if (!(callee instanceof IdentifierExpression) || !HELPERS.includes(callee.text)) continue;
      const symbol = types.symbols.resolve(callee.text, source);
      if (!symbol?.source.internalPath.endsWith('scale/codec')) continue;
      const [argument, ...more] = call.typeArguments ?? [];
      if (!argument || more.length > 0) {
        types.report(call.range, `${callee.text} needs its type written out: ${callee.text}<Array<u32>>(…)`);
        continue;
      }
      const type = types.of(argument, source);
      if (!type) continue;
      const name = callee.text === 'decodeFrom' ? 'r' : callee.text;
      if (name === 'decode' && (isPlain(type) || type.shape.kind === 'nullable')) {
        types.report(
          call.range,
          `decode<${type.title}> can't return null: use decodeOr<${type.title}>(bytes, fallback)`,
        );
      }
      callee.text = `$${name}${type.id}`;
      call.typeArguments = null;
    }
  }
}

/** Generates the bodies of `@generated()` and `@wired()` methods. */
function fillBodies(types: Types, runtime: Runtime): void {
  for (const source of types.sources) {
    for (const node of source.statements) {
      if (!(node instanceof ClassDeclaration)) continue;
      for (const method of node.members) {
        if (!(method instanceof MethodDeclaration)) continue;
        if (decorator(method, 'generated')) forward(node, method, `$generated_${method.name.text}`);
        if (decorator(method, 'wired')) wire(types, runtime.runtime, node, method, source);
      }
    }
  }
}

/** Makes a `@wired()` method call the runtime class's method of the same name. */
function wire(
  types: Types,
  runtime: Symbol | undefined,
  owner: ClassDeclaration,
  method: MethodDeclaration,
  file: Source,
): void {
  const name = method.name.text;
  const target = (runtime?.node as ClassDeclaration | undefined)?.members.find(
    (each) => each instanceof MethodDeclaration && each.flags & FLAG.STATIC && each.name.text === name,
  );
  if (!runtime || !target) {
    types.report(
      method.name.range,
      `'${name}' is wired nowhere: the class marked @runtime() needs a static method of that name`,
    );
    return;
  }
  importInto(file, runtime.node.name.text, '$Runtime', runtime.source);
  runtime.node.flags |= FLAG.EXPORT;
  forward(owner, method, `$Runtime.${name}`);
}

function forward(owner: ClassDeclaration, method: MethodDeclaration, callee: string): void {
  const call = `${callee}(${method.signature.parameters.map((each) => each.name.text).join()});`;
  const result = method.signature.returnType;
  const isVoid = result instanceof NamedTypeNode && result.name.identifier.text === 'void';
  replaceBody(owner, method, isVoid ? call : `return ${call}`);
}
