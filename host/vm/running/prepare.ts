// From bytes to a module that can be instantiated: parse, validate, instrument, compile.
import { compile } from './compile.js';
import type { Compiler } from './compile.js';
import { factsOf, KnownModule } from './facts.js';
import type { ModuleFacts } from './facts.js';
import { Guest } from './guest.js';
import type { InstanceOptions } from './guest.js';
import type { HostSignature } from './host-functions.js';
import { sameSignature, signatureOf, signatureText } from './host-functions.js';
import { plan, scan } from '../metering/module-plan.js';
import { rewrite } from '../metering/rewrite.js';
import { InvalidModule } from '../format/invalid-module.js';
import type { Limits } from '../format/limits.js';
import { checkLimits, LIMITS } from '../format/limits.js';
import type { MemoryPool } from './memory-pool.js';
import { HostFault } from './outcome.js';
import { parse } from '../format/parse.js';
import type { ParsedModule } from '../format/parse.js';
import type { Schedule } from '../metering/schedule.js';
import { checkSchedule, SCHEDULE } from '../metering/schedule.js';

/** What a module may import. */
export interface ImportPolicy {
  /** The module name that all imports must have; `env` by default. */
  readonly module?: string;
  /**
   * The functions that may be imported, by name. A module that imports any other, or one with another type, is invalid.
   */
  readonly functions?: Readonly<Record<string, HostSignature>>;
}

/** Options of `prepare`; the schedule and limits are the chain's by default. */
export interface PrepareOptions {
  readonly schedule?: Schedule;
  readonly limits?: Limits;
  readonly imports?: ImportPolicy;
  /**
   * Count what each function uses (`Guest.trace`). For one's own code: the instrumented module may exceed its limit of
   * size.
   */
  readonly trace?: boolean;
  /**
   * Instances take their memory from this pool, whose maximum is `limits.memoryPages`, and give it back when they are
   * released. By default each has a memory of its own.
   */
  readonly memories?: MemoryPool;
  /** Which of V8's compilers the module may reach; both (`tiers`) by default. See `compile.ts` for when not to. */
  readonly compiler?: Compiler;
}

/**
 * Parses, validates, instruments and compiles a module. Throws `InvalidModule` if it may not run, `RangeError` if a
 * limit or price of the options is no count.
 */
export function prepare(code: Uint8Array, options: PrepareOptions = {}): PreparedModule {
  const { schedule = SCHEDULE, limits = LIMITS, imports = {}, trace = false, memories, compiler = 'tiers' } = options;
  // By its tag, because bytes may come from another realm. Arrays of signed bytes would be misread.
  if (Object.prototype.toString.call(code) !== '[object Uint8Array]')
    throw new TypeError('a module is bytes: a Uint8Array');
  checkSchedule(schedule);
  checkLimits(limits);
  if (memories !== undefined && memories.pagesMax !== limits.memoryPages)
    throw new RangeError('the pool of memories must have the maximum of the limits');
  // Our own parse comes first: it bounds what V8 has to validate.
  const parsed = parse(code, limits);
  checkImports(parsed, imports);
  const scanned = scan(parsed, limits, schedule);
  validate(code);
  const planned = plan(scanned);
  const rewriting = { trace, pooled: memories !== undefined };
  const instrumented = rewrite(planned, limits, schedule, rewriting);
  const facts = factsOf(planned, schedule, limits, instrumented.length, rewriting);
  return new PreparedModule(facts, schedule, limits, instrumented, compile(instrumented, compiler), memories);
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

/** Validation of the original bytes by V8: what is rewritten is well typed, and so is the result. */
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

/** A module that may run: instrumented under one schedule, compiled once, and instantiated any number of times. */
export class PreparedModule extends KnownModule {
  readonly #compiled: WebAssembly.Module;
  readonly #memories: MemoryPool | undefined;

  /** @internal Use `prepare`. `compiled` is V8's module of `instrumented`, which imports its memory if it has `memories`. */
  constructor(
    facts: ModuleFacts,
    schedule: Schedule,
    limits: Readonly<Limits>,
    readonly instrumented: Uint8Array,
    compiled: WebAssembly.Module,
    memories?: MemoryPool,
  ) {
    super(facts, schedule, limits);
    this.#compiled = compiled;
    this.#memories = memories;
  }

  /**
   * Returns a fresh instance. Throws `InvalidModule` if an import is missing or of another type, `HostFault` if memory
   * is lacking.
   */
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
    return new Guest(this, this.#compiled, options, this.#memories);
  }
}
