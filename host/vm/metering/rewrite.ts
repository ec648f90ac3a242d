// The rewrite: original sections copied, with types, functions, globals and exports appended to each index space,
// so that no index of the guest's shifts.
//
// Added are globals for the counter (i64), the stack (i32) and a fault of the host (i32), helpers in place of
// instructions that are priced by size, and exports under the reserved prefix. The start function becomes an export,
// because it runs as part of the first metered call. Custom sections are dropped.
import { Cursor } from '../format/cursor.js';
import { InvalidModule } from '../format/invalid-module.js';
import type { Limits } from '../format/limits.js';
import { I32, I64, Op } from '../format/opcodes.js';
import type { FunctionType, ParsedModule } from '../format/parse.js';
import { ExternKind, HEADER, RESERVED } from '../format/parse.js';
import { Sink } from '../format/sink.js';
import { emitBody } from './emit.js';
import { emitHelper, helperType } from './helpers.js';
import type { Plan } from './module-plan.js';
import type { Schedule } from './schedule.js';
import { traceExports, traceGlobals, traceInitials } from './trace.js';

/** Names of the exports that metering adds. */
export const METER = {
  fuel: `${RESERVED}fuel`,
  stack: `${RESERVED}stack`,
  fault: `${RESERVED}fault`,
  memory: `${RESERVED}memory`,
  start: `${RESERVED}start`,
} as const;

/** The import by which an instance is given its memory, where it is one of a pool (memory-pool.ts). */
export const POOLED = { module: `${RESERVED}pool`, name: 'memory' } as const;

/** What `rewrite` can do beside metering. */
export interface RewriteOptions {
  /** Add up what each function uses. */
  readonly trace?: boolean;
  /** Import the memory instead of defining it. */
  readonly pooled?: boolean;
}

/** The pages with which an instance begins whose memory can be one of a pool. */
export function pooledPages({ memory }: ParsedModule): number | undefined {
  return memory === undefined || memory.imported ? undefined : memory.min;
}

/** The most pages that the memory may have: its declared maximum, within the limit. */
export function maxPages(module: ParsedModule, limits: Limits): number {
  return Math.min(module.memory?.max ?? limits.memoryPages, limits.memoryPages);
}

/**
 * Returns the instrumented module. Throws `InvalidModule` only if the result is too large, which a traced module may be:
 * tracing is a tool for one's own code.
 */
export function rewrite(plan: Plan, limits: Limits, schedule: Schedule, options: RewriteOptions = {}): Uint8Array {
  const bound = plan.module.bytes.length * limits.instrumentedRatio + limits.instrumentedSlackBytes;
  const bytesMax = options.trace === true ? Infinity : bound;
  const bytes = new Rewriter(plan, limits, schedule, options, bytesMax).rewrite();
  ensureWithin(bytes.length, bytesMax);
  return bytes;
}

function ensureWithin(bytes: number, bytesMax: number): void {
  if (bytes <= bytesMax) return;
  throw new InvalidModule(`${bytes} bytes once instrumented, at most ${bytesMax} allowed`, 0);
}

class Rewriter {
  readonly #module: ParsedModule;
  readonly #fuelGlobal: number;
  readonly #stackGlobal: number;
  readonly #faultGlobal: number;
  readonly #addedTypes: FunctionType[] = [];
  readonly #helpers: number[] = [];
  readonly #indexOfHelper = new Map<number, number>();
  #indexOfType: Map<string, number> | undefined;

  readonly #plan: Plan;
  readonly #limits: Limits;
  readonly #schedule: Schedule;
  readonly #trace: boolean;
  readonly #pooled: boolean;
  readonly #bytesMax: number;

  constructor(plan: Plan, limits: Limits, schedule: Schedule, options: RewriteOptions, bytesMax: number) {
    this.#plan = plan;
    this.#limits = limits;
    this.#schedule = schedule;
    this.#trace = options.trace === true;
    this.#pooled = options.pooled === true && pooledPages(plan.module) !== undefined;
    this.#bytesMax = bytesMax;
    this.#module = plan.module;
    this.#fuelGlobal = this.#module.globals;
    this.#stackGlobal = this.#fuelGlobal + 1;
    this.#faultGlobal = this.#fuelGlobal + 2;
  }

  rewrite(): Uint8Array {
    const module = this.#module;
    const code = this.#code(); // first, because it adds the types and helpers that it needs
    const out = new Sink(module.bytes.length + code.length + 1024);
    out.raw(...HEADER);
    this.#extend(out, 1, module.types.length, this.#addedTypes.length, (section) =>
      this.#addedTypes.forEach((type) => {
        section
          .u8(0x60)
          .u32(type.params.length)
          .raw(...type.params)
          .u32(type.results.length)
          .raw(...type.results);
      }),
    );
    if (this.#pooled) this.#importMemory(out);
    else this.#copySection(out, 2);
    const defined = module.functionTypes.length - module.importedFunctions;
    this.#extend(out, 3, defined, this.#helpers.length, (section) => {
      for (const key of this.#helpers) section.u32(this.#typeIndex(helperType(key)));
    });
    this.#copySection(out, 4);
    this.#memory(out);
    const ownGlobals = module.globals - module.imports.filter((item) => item.kind === ExternKind.global).length;
    const traced = this.#trace ? traceInitials(defined) : [];
    this.#extend(out, 6, ownGlobals, 3 + traced.length, (section) => {
      section
        .raw(I64, 1, Op.i64Const, 0, Op.end)
        .raw(I32, 1, Op.i32Const, 0, Op.end)
        .raw(I32, 1, Op.i32Const, 0, Op.end);
      for (const minusOne of traced) section.raw(I64, 1, Op.i64Const, minusOne ? 0x7f : 0, Op.end);
    });
    this.#exports(out);
    for (const id of [9, 12]) this.#copySection(out, id);
    if (code.length > 0) out.u8(10).sized(code);
    this.#copySection(out, 11);
    return out.view().slice(); // a copy, because the sink has room to spare
  }

  #code(): Sink {
    const module = this.#module;
    const plan = this.#plan;
    const out = new Sink(module.bytes.length * 2);
    const body = new Sink(4096);
    const bodies = new Sink(module.bytes.length * 2);
    const context = {
      source: module.bytes,
      fuelGlobal: this.#fuelGlobal,
      stackGlobal: this.#stackGlobal,
      helper: (key: number) => this.#helperIndex(key),
      blockType: (results: readonly number[]) => this.#typeIndex({ params: [], results }),
      isDeep: plan.stack.isDeep,
    };
    plan.bodies.forEach((bodyPlan, index) => {
      const type = module.types[module.functionTypes[module.importedFunctions + index]!]!;
      const { counted, units, deep } = plan.stack;
      const stackUnits = deep[index] === 0 ? undefined : counted[index] === 1 ? units[index]! : 0;
      const trace = this.#trace ? traceGlobals(index, this.#faultGlobal + 1) : undefined;
      emitBody(body.clear(), context, bodyPlan, { type, stackUnits, trace });
      bodies.sized(body);
      // Not only at the end: a module that will be refused is not worth the time that the rest of it takes.
      ensureWithin(bodies.length, this.#bytesMax);
    });
    const helperContext = {
      module,
      schedule: this.#schedule,
      fuelGlobal: this.#fuelGlobal,
      faultGlobal: this.#faultGlobal,
      maxPages: maxPages(module, this.#limits),
      trace: this.#trace ? (kind: number) => traceGlobals(plan.bodies.length + kind, this.#faultGlobal + 1) : undefined,
    };
    for (const key of this.#helpers) {
      emitHelper(body.clear(), helperContext, key);
      bodies.sized(body);
      this.#typeIndex(helperType(key));
    }
    const count = plan.bodies.length + this.#helpers.length;
    if (count === 0) return out;
    const view = bodies.view();
    return out.u32(count).copy(view, 0, view.length);
  }

  #helperIndex(key: number): number {
    let index = this.#indexOfHelper.get(key);
    if (index === undefined) this.#indexOfHelper.set(key, (index = this.#helpers.push(key) - 1));
    return this.#module.functionTypes.length + index;
  }

  /** Index of a type, which is added unless the guest has an equal one. */
  #typeIndex(wanted: FunctionType): number {
    const keyOf = ({ params, results }: FunctionType): string => `${params.join()}:${results.join()}`;
    const { types } = this.#module;
    // Reversed, so that the first of equal types is the one that is kept.
    this.#indexOfType ??= new Map(types.map((type, index) => [keyOf(type), index] as const).reverse());
    const key = keyOf(wanted);
    let index = this.#indexOfType.get(key);
    if (index === undefined) this.#indexOfType.set(key, (index = types.length + this.#addedTypes.push(wanted) - 1));
    return index;
  }

  #copySection(out: Sink, id: number): void {
    const section = this.#module.sections.get(id);
    if (section === undefined) return;
    out
      .u8(id)
      .u32(section.end - section.start)
      .copy(this.#module.bytes, section.start, section.end);
  }

  /** Copies a section whose first item is a count, with `added` entries appended by `write`. */
  #extend(out: Sink, id: number, count: number, added: number, write: (section: Sink) => void): void {
    const original = this.#module.sections.get(id);
    if (original === undefined && added === 0) return;
    const section = new Sink((original === undefined ? 0 : original.end - original.start) + 256);
    section.u32(count + added);
    if (original !== undefined) {
      const cursor = new Cursor(this.#module.bytes, original.start);
      cursor.u32();
      section.copy(this.#module.bytes, cursor.pos, original.end);
    }
    write(section);
    out.u8(id).sized(section);
  }

  /** The maximum is that of the pool, which is that of the limits: the helper that grows checks the guest's own. */
  #importMemory(out: Sink): void {
    const { imports, memory } = this.#module;
    this.#extend(out, 2, imports.length, 1, (section) => {
      section.ascii(POOLED.module).ascii(POOLED.name).u8(ExternKind.memory);
      section.raw(1).u32(memory!.min).u32(this.#limits.memoryPages);
    });
  }

  /** The memory keeps its minimum; its maximum becomes `maxPages`. */
  #memory(out: Sink): void {
    const { memory } = this.#module;
    if (this.#pooled) return;
    if (memory === undefined || memory.imported) return this.#copySection(out, 5);
    out.u8(5).sized(new Sink().raw(1, 1).u32(memory.min).u32(maxPages(this.#module, this.#limits)));
  }

  #exports(out: Sink): void {
    const module = this.#module;
    const added: [string, number, number][] = [
      [METER.fuel, ExternKind.global, this.#fuelGlobal],
      [METER.stack, ExternKind.global, this.#stackGlobal],
      [METER.fault, ExternKind.global, this.#faultGlobal],
    ];
    if (module.memory !== undefined) added.push([METER.memory, ExternKind.memory, 0]);
    if (module.start !== undefined) added.push([METER.start, ExternKind.function, module.start]);
    if (this.#trace) added.push(...traceExports(this.#plan.bodies.length, this.#faultGlobal + 1));
    this.#extend(out, 7, module.exports.length, added.length, (section) => {
      for (const [name, kind, index] of added) section.ascii(name).u8(kind).u32(index);
    });
  }
}
