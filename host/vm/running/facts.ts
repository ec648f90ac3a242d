// What is known of a module that may run, beside its instrumented bytes: what its instances need, how much of each
// limit it takes, and what an instance costs.
import { utf8 } from '../../bytes/index.js';
import { Cursor } from '../format/cursor.js';
import type { HostSignature, IntegerType } from './host-functions.js';
import { integerType, signatureOf } from './host-functions.js';
import type { Plan } from '../metering/module-plan.js';
import { maxPages, pooledPages } from '../metering/rewrite.js';
import type { RewriteOptions } from '../metering/rewrite.js';
import type { Limits } from '../format/limits.js';
import { ExternKind } from '../format/parse.js';
import type { Schedule } from '../metering/schedule.js';
import { entryNames } from '../metering/trace.js';

/** Plain data, which is kept on disk together with the instrumented bytes (`module-folder.ts`). */
export interface ModuleFacts {
  /** Functions that an instance must be given. */
  readonly imports: readonly {
    readonly module: string;
    readonly name: string;
    readonly signature: HostSignature;
    readonly offset: number;
  }[];
  /** Names and types of the exported globals. */
  readonly globals: readonly (readonly [name: string, type: IntegerType])[];
  readonly hasStart: boolean;
  /**
   * Units of stack that the start function takes before any counted function; see `stack.ts`. `entries` has those of
   * exports.
   */
  readonly startUnits: number;
  readonly entries: readonly {
    readonly name: string;
    readonly signature: HostSignature;
    readonly stackUnits: number;
  }[];
  /** The most pages that the memory may have; 0 without one. */
  readonly memoryPagesMax: number;
  /** The pages with which an instance begins, if it is given its memory by a pool. */
  readonly pooledPages?: number;
  /** What the first call of an instance is charged first, for compiling and instantiating. */
  readonly setupFuel: number;
  /** How much of each limit the module takes. */
  readonly measures: Readonly<Record<keyof Limits, number>>;
  /** Of a traced module: the names of the entries of its trace. */
  readonly tracedNames?: readonly string[];
}

/** The facts of a planned module; `instrumentedBytes`: of the rewritten one. */
export function factsOf(
  planned: Plan,
  schedule: Schedule,
  limits: Limits,
  instrumentedBytes: number,
  { trace = false, pooled = false }: RewriteOptions,
): ModuleFacts {
  const { module } = planned;
  const pages = pooled ? pooledPages(module) : undefined;
  return {
    imports: module.imports.map(({ module: from, name, type, offset }) => ({
      module: from,
      name,
      signature: signatureOf(module.types[type]!),
      offset,
    })),
    globals: module.exports
      .filter(({ kind }) => kind === ExternKind.global)
      .map(({ name, index }) => [name, integerType(module.globalTypes[index]!)]),
    hasStart: module.start !== undefined,
    startUnits: module.start === undefined ? 0 : staticUnits(planned, module.start),
    entries: module.exports
      .filter(({ kind }) => kind === ExternKind.function)
      .map(({ name, index }) => ({
        name,
        signature: signatureOf(module.types[module.functionTypes[index]!]!),
        stackUnits: staticUnits(planned, index),
      })),
    memoryPagesMax: module.memory === undefined ? 0 : maxPages(module, limits),
    ...(pages === undefined ? {} : { pooledPages: pages }),
    setupFuel: setupFuel(planned, schedule),
    measures: measure(planned, limits, instrumentedBytes),
    ...(trace ? { tracedNames: entryNames(module) } : {}),
  };
}

function staticUnits({ module, stack }: Plan, index: number): number {
  const defined = index - module.importedFunctions;
  return defined < 0 || stack.counted[defined] === 1 ? 0 : stack.units[defined]!;
}

/** `bytes`: of the rewritten module. `stackUnits` leaves out recursion, whose depth is known in a run only. */
function measure(
  { module, bodies, stack, merges }: Plan,
  { instrumentedSlackBytes }: Limits,
  bytes: number,
): ModuleFacts['measures'] {
  const most = (values: readonly number[]): number => values.reduce((left, right) => Math.max(left, right), 0);
  const names = [
    ...module.imports.flatMap((item) => [item.module, item.name]),
    ...module.exports.map(({ name }) => name),
  ];
  const elements = module.sections.get(9);
  const code = module.sections.get(10);
  return {
    moduleBytes: module.bytes.length,
    codeBytes: code === undefined ? 0 : code.end - code.start,
    bodyBytes: most(module.bodies.map(({ start, end }) => end - start)),
    types: module.types.length,
    functions: module.functionTypes.length,
    imports: module.imports.length,
    exports: module.exports.length,
    nameBytes: most(names.map((name) => utf8(name).length)),
    globals: module.globals,
    dataSegments: module.dataLengths.length,
    elementSegments: elements === undefined ? 0 : new Cursor(module.bytes, elements.start).u32(),
    params: most(module.types.map(({ params }) => params.length)),
    results: most(module.types.map(({ results }) => results.length)),
    locals: most(bodies.map(({ locals }) => locals)),
    mergesOfFunction: most(bodies.map((body) => body.merges)),
    mergesOfModule: merges,
    brTableTargets: most(bodies.map(({ targets }) => targets)),
    nesting: most(bodies.map(({ nesting }) => nesting)),
    operands: most(bodies.map(({ operands }) => operands)),
    tableEntries: module.tableEntries,
    memoryPages: module.memory?.min ?? 0,
    instrumentedRatio: Math.max(0, bytes - instrumentedSlackBytes) / module.bytes.length,
    instrumentedSlackBytes: Math.min(bytes, instrumentedSlackBytes),
    stackUnits: most([...stack.units]),
  };
}

function setupFuel({ module, merges }: Plan, { setup }: Schedule): number {
  const compiling = module.bytes.length * setup.byte + merges * setup.merge;
  const freeFunctions = setup.freeFunctions + Math.floor(module.bytes.length / setup.bytesPerFunction);
  const table = module.tableEntries * setup.tableEntry + module.elements * setup.element;
  const memory = (module.memory?.min ?? 0) * setup.page;
  const definitions =
    beyond(module.functionTypes.length, freeFunctions) * setup.function +
    beyond(module.types.length, setup.freeTypes) * setup.type;
  return setup.fixed + compiling + memory + table + module.exports.length * setup.export + definitions;
}

/** How many of `count` are beyond those that are free. */
const beyond = (count: number, free: number): number => Math.max(0, count - free);

/** What an instance needs to know of its module. */
export class KnownModule {
  /** Types of the exported globals, by name. */
  readonly globals: ReadonlyMap<string, IntegerType>;
  readonly #entries = new Map<string, ModuleFacts['entries'][number]>();

  constructor(
    readonly facts: ModuleFacts,
    readonly schedule: Schedule,
    readonly limits: Readonly<Limits>,
  ) {
    this.globals = new Map(facts.globals);
    for (const entry of facts.entries) this.#entries.set(entry.name, entry);
  }

  get imports(): ModuleFacts['imports'] {
    return this.facts.imports;
  }

  get hasStart(): boolean {
    return this.facts.hasStart;
  }

  get setupFuel(): bigint {
    return BigInt(this.facts.setupFuel);
  }

  get tracedNames(): readonly string[] | undefined {
    return this.facts.tracedNames;
  }

  get measures(): ModuleFacts['measures'] {
    return this.facts.measures;
  }

  get memoryPagesMax(): number {
    return this.facts.memoryPagesMax;
  }

  /** Signature of an exported function; `undefined` if there is none of the name. */
  entry(name: string): HostSignature | undefined {
    return this.#entries.get(name)?.signature;
  }

  /** Units of stack that a call of this entry takes before any counted function; see `stack.ts`. */
  staticStackUnits(name: string): number {
    return this.#entries.get(name)?.stackUnits ?? this.facts.startUnits;
  }
}
