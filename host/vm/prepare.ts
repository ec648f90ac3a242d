// From bytes to a module that can be instantiated: parse, validate, instrument, compile.
import { utf8 } from '../bytes/index.js';
import { Cursor } from './cursor.js';
import { Guest } from './guest.js';
import type { InstanceOptions } from './guest.js';
import { compile } from './compile.js';
import type { Compiler } from './compile.js';
import type { HostSignature } from './host-functions.js';
import { sameSignature, signatureOf, signatureText } from './host-functions.js';
import type { Plan } from './instrument.js';
import { maxPages, plan, rewrite } from './instrument.js';
import { InvalidModule } from './invalid-module.js';
import type { Limits } from './limits.js';
import { LIMITS } from './limits.js';
import { HostFault } from './outcome.js';
import { ExternKind, parse } from './parse.js';
import type { ParsedModule } from './parse.js';
import type { Schedule } from './schedule.js';
import { SCHEDULE } from './schedule.js';
import { entryNames } from './trace.js';

/** What a module may import. */
export interface ImportPolicy {
  /** The one module name that imports may have; `env` when left out. */
  readonly module?: string;
  /** Every function that exists, by name. A module that imports another, or this one with another type, is invalid. */
  readonly functions?: Readonly<Record<string, HostSignature>>;
}

/** What `prepare` takes; the chain's own schedule and limits when left out. */
export interface PrepareOptions {
  readonly schedule?: Schedule;
  readonly limits?: Limits;
  readonly imports?: ImportPolicy;
  /** Tell each function's share (`Guest.trace`). For one's own code: it may grow beyond the limit of its size. */
  readonly trace?: boolean;
  /** Which of V8's compilers the module may reach; both (`tiers`) when left out. See `compile.ts` on when not to. */
  readonly compiler?: Compiler;
}

/** Parses, validates, instruments and compiles a module; throws `InvalidModule` where it may not run. */
export function prepare(code: Uint8Array, options: PrepareOptions = {}): PreparedModule {
  const { schedule = SCHEDULE, limits = LIMITS, imports = {}, trace = false, compiler = 'tiers' } = options;
  // Our own parse comes first: it bounds what V8 is asked to look at.
  const parsed = parse(code, limits);
  checkImports(parsed, imports);
  const planned = plan(parsed, limits, schedule);
  validate(code);
  const instrumented = rewrite(planned, limits, schedule, trace);
  const facts = factsOf(planned, schedule, limits, instrumented.length, trace);
  return new PreparedModule(facts, instrumented, schedule, limits, compile(instrumented, compiler));
}

function checkImports(parsed: ParsedModule, policy: ImportPolicy): void {
  const from = policy.module ?? 'env';
  for (const item of parsed.imports) {
    const label = `import ${item.module}.${item.name}`;
    if (item.module !== from) throw new InvalidModule(`${label} is not from ${from}`, item.offset);
    if (policy.functions === undefined) continue;
    const known = Object.hasOwn(policy.functions, item.name) ? policy.functions[item.name] : undefined;
    if (known === undefined) throw new InvalidModule(`${label} is unknown`, item.offset);
    const given = signatureOf(parsed.types[item.type]!);
    if (!sameSignature(given, known)) {
      throw new InvalidModule(`${label} is ${signatureText(known)}, not ${signatureText(given)}`, item.offset);
    }
  }
}

/** V8's validation of the bytes as they were given: what we instrument is well typed, so what we make of it is. */
function validate(code: Uint8Array): void {
  if (WebAssembly.validate(code)) return;
  try {
    new WebAssembly.Module(code);
  } catch (error) {
    const [, reason, offset] = /^(?:WebAssembly\.Module\(\): )?(.*?)(?: @\+(\d+))?$/s.exec((error as Error).message) ?? [];
    throw new InvalidModule(`invalid: ${reason ?? 'unknown reason'}`, Number(offset ?? 0));
  }
  throw new HostFault('V8 compiled a module that it had found invalid');
}

/** What is known of a module beside its instrumented bytes: plain data, so that both can be kept on disk (`module-folder.ts`). */
export interface ModuleFacts {
  /** Functions that an instance must be given. */
  readonly imports: readonly {
    readonly module: string; readonly name: string; readonly signature: HostSignature; readonly offset: number;
  }[];
  /** Names of the exported globals. */
  readonly globals: readonly string[];
  readonly hasStart: boolean;
  /** Units of stack that the start function, and each exported function, takes before any function counts; see `stack.ts`. */
  readonly startUnits: number;
  readonly entries: readonly { readonly name: string; readonly signature: HostSignature; readonly stackUnits: number }[];
  /** The most pages that the memory may have; 0 without one. */
  readonly memoryPagesMax: number;
  /** What the first call of an instance is charged before anything else: compiling and instantiating. */
  readonly setupFuel: number;
  /** How much of each limit the module takes. */
  readonly measures: Readonly<Record<keyof Limits, number>>;
  /** Names of what a trace tells apart, of a traced module. */
  readonly tracedNames?: readonly string[];
}

/** A module that may run: instrumented under one schedule, compiled once, instantiated as often as wanted. */
export class PreparedModule {
  /** Names of the exported globals. */
  readonly globals: ReadonlySet<string>;
  private readonly entries = new Map<string, ModuleFacts['entries'][number]>();

  /** Use `prepare`. `compiled` is what V8 made of `instrumented`. */
  constructor(
    readonly facts: ModuleFacts, readonly instrumented: Uint8Array, readonly schedule: Schedule, readonly limits: Readonly<Limits>,
    private readonly compiled: WebAssembly.Module,
  ) {
    this.globals = new Set(facts.globals);
    for (const entry of facts.entries) this.entries.set(entry.name, entry);
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

  /** Types of an exported function, `undefined` where there is none of the name. */
  entry(name: string): HostSignature | undefined {
    return this.entries.get(name)?.signature;
  }

  /** Units of stack that a call of this entry takes before any function counts; see `stack.ts`. */
  staticStackUnits(name: string): number {
    return this.entries.get(name)?.stackUnits ?? this.facts.startUnits;
  }

  /** A fresh instance. Throws `InvalidModule` where an import is missing or has another type. */
  instantiate(options: InstanceOptions = {}): Guest {
    for (const { module, name, signature, offset } of this.imports) {
      const given = options.imports !== undefined && Object.hasOwn(options.imports, name) ? options.imports[name] : undefined;
      if (given === undefined) throw new InvalidModule(`import ${module}.${name} is unknown`, offset);
      if (!sameSignature(given, signature)) {
        throw new InvalidModule(`import ${module}.${name} is ${signatureText(given)}, not ${signatureText(signature)}`, offset);
      }
    }
    return new Guest(this, this.compiled, options);
  }
}

function factsOf(planned: Plan, schedule: Schedule, limits: Limits, instrumentedBytes: number, trace: boolean): ModuleFacts {
  const { module } = planned;
  return {
    imports: module.imports.map(({ module: from, name, type, offset }) => (
      { module: from, name, signature: signatureOf(module.types[type]!), offset }
    )),
    globals: module.exports.filter(({ kind }) => kind === ExternKind.global).map(({ name }) => name),
    hasStart: module.start !== undefined,
    startUnits: module.start === undefined ? 0 : staticUnits(planned, module.start),
    entries: module.exports.filter(({ kind }) => kind === ExternKind.function).map(({ name, index }) => ({
      name, signature: signatureOf(module.types[module.functionTypes[index]!]!), stackUnits: staticUnits(planned, index),
    })),
    memoryPagesMax: module.memory === undefined ? 0 : maxPages(module, limits),
    setupFuel: setupFuel(planned, schedule),
    measures: measure(planned, limits, instrumentedBytes),
    ...(trace ? { tracedNames: entryNames(module) } : {}),
  };
}

function staticUnits({ module, stack }: Plan, index: number): number {
  const defined = index - module.importedFunctions;
  return defined < 0 || stack.counted[defined] === 1 ? 0 : stack.units[defined]!;
}

/** `bytes`: of the rewritten module. The depth that recursion adds shows only in a run, so `stackUnits` leaves it out. */
function measure({ module, bodies, stack, merges }: Plan, { instrumentedSlackBytes }: Limits, bytes: number): ModuleFacts['measures'] {
  const most = (values: readonly number[]): number => values.reduce((left, right) => Math.max(left, right), 0);
  const names = [...module.imports.flatMap((item) => [item.module, item.name]), ...module.exports.map(({ name }) => name)];
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
  const table = module.tableEntries * setup.tableEntry + module.elements * setup.element;
  const memory = (module.memory?.min ?? 0) * setup.page;
  return setup.fixed + compiling + memory + table + module.exports.length * setup.export;
}
