// From bytes to a module that can be instantiated: parse, validate, instrument, compile.
import { compile } from './compile.js';
import type { Compiler } from './compile.js';
import { factsOf, KnownModule } from './facts.js';
import type { ModuleFacts } from './facts.js';
import { Guest } from './guest.js';
import type { InstanceOptions } from './guest.js';
import type { HostSignature } from './host-functions.js';
import { sameSignature, signatureOf, signatureText } from './host-functions.js';
import { plan, scan } from '../metering/plan.js';
import { rewrite } from '../metering/rewrite.js';
import { InvalidModule } from '../format/invalid-module.js';
import type { Limits } from '../format/limits.js';
import { checkLimits, LIMITS } from '../format/limits.js';
import { HostFault } from './outcome.js';
import { parse } from '../format/parse.js';
import type { ParsedModule } from '../format/parse.js';
import type { Schedule } from '../metering/schedule.js';
import { checkSchedule, SCHEDULE } from '../metering/schedule.js';

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

/**
 * Parses, validates, instruments and compiles a module. Throws `InvalidModule` where it may not run, `RangeError` where the
 * options would bound or price nothing.
 */
export function prepare(code: Uint8Array, options: PrepareOptions = {}): PreparedModule {
  const { schedule = SCHEDULE, limits = LIMITS, imports = {}, trace = false, compiler = 'tiers' } = options;
  // By its tag: bytes may come from another realm, and signed ones would not be read as bytes.
  if (Object.prototype.toString.call(code) !== '[object Uint8Array]')
    throw new TypeError('a module is bytes: a Uint8Array');
  checkSchedule(schedule);
  checkLimits(limits);
  // Our own parse comes first: it bounds what V8 is asked to look at.
  const parsed = parse(code, limits);
  checkImports(parsed, imports);
  const scanned = scan(parsed, limits, schedule);
  validate(code);
  const planned = plan(scanned);
  const instrumented = rewrite(planned, limits, schedule, trace);
  const facts = factsOf(planned, schedule, limits, instrumented.length, trace);
  return new PreparedModule(facts, schedule, limits, instrumented, compile(instrumented, compiler));
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
    const [, reason, offset] =
      /^(?:WebAssembly\.Module\(\): )?(.*?)(?: @\+(\d+))?$/s.exec((error as Error).message) ?? [];
    throw new InvalidModule(`invalid: ${reason ?? 'unknown reason'}`, Number(offset ?? 0));
  }
  throw new HostFault('V8 compiled a module that it had found invalid');
}

/** A module that may run: instrumented under one schedule, compiled once, instantiated as often as wanted. */
export class PreparedModule extends KnownModule {
  readonly #compiled: WebAssembly.Module;

  /** @internal Use `prepare`. `compiled` is what V8 made of `instrumented`. */
  constructor(
    facts: ModuleFacts,
    schedule: Schedule,
    limits: Readonly<Limits>,
    readonly instrumented: Uint8Array,
    compiled: WebAssembly.Module,
  ) {
    super(facts, schedule, limits);
    this.#compiled = compiled;
  }

  /** A fresh instance. Throws `InvalidModule` where an import is missing or has another type, `HostFault` where memory is. */
  instantiate(options: InstanceOptions = {}): Guest {
    for (const { module, name, signature, offset } of this.imports) {
      const given =
        options.imports !== undefined && Object.hasOwn(options.imports, name) ? options.imports[name] : undefined;
      if (given === undefined) throw new InvalidModule(`import ${module}.${name} is unknown`, offset);
      if (!sameSignature(given, signature)) {
        throw new InvalidModule(
          `import ${module}.${name} is ${signatureText(given)}, not ${signatureText(signature)}`,
          offset,
        );
      }
    }
    return new Guest(this, this.#compiled, options);
  }
}
