// Tracing: how much each function used, by itself and with all that it called, and what each host function was paid.
//
// A traced module has four more globals for each function, in which the function counts (emit-trace.ts). Nothing else
// changes, so fuel and outcome are those of the module as the chain runs it, and the trace is the same on every
// machine. Functions are named by the module's `name` section, if it has one.
//
//   self    what the function's own segments and frame cost; the price of a call is the caller's
//   total   self, and all that the function called, host functions and work priced by size included. Of a recursive
//           function only the outermost activation counts, so no total exceeds that of the run
//
// Always, however the runs end:   fuelUsed of all calls = setup + placing + Σ self of functions + Σ total of host functions
//
// Like the counter, `self` is charged as control enters a segment (scan.ts): if an instruction traps, or a callee never
// returns, the function has paid for the rest of that segment too. What takes the counter below zero has used what was
// left. What runs between there and the check that ends the run has used nothing, and was not called.
import { functionNames } from '../format/names.js';
import type { ParsedModule } from '../format/parse.js';
import { ExternKind, RESERVED } from '../format/parse.js';

/** Work priced by size has entries of its own, after the functions, in the order of `Helper`. */
const SIZED = ['memory.grow', 'memory.copy', 'memory.fill', 'memory.init'] as const;

/**
 * Globals (i64) of an entry, in order. `since`: the fuel left when its outermost activation began, −1 if there is none.
 */
const FIELDS = ['self', 'total', 'calls', 'since'] as const;
export type TraceGlobals = Readonly<Record<(typeof FIELDS)[number], number>>;

/** Entries of a module with so many defined functions. */
const entriesOf = (functions: number): number => functions + SIZED.length;

/** Globals of an entry; `firstGlobal` is the first of entry 0. */
export function traceGlobals(entry: number, firstGlobal: number): TraceGlobals {
  const first = firstGlobal + FIELDS.length * entry;
  return { self: first, total: first + 1, calls: first + 2, since: first + 3 };
}

/** For each of the globals, whether its initial value is −1; the others' is 0. */
export function traceInitials(functions: number): boolean[] {
  return Array.from(
    { length: FIELDS.length * entriesOf(functions) },
    (_, at) => FIELDS[at % FIELDS.length] === 'since',
  );
}

const exportName = (entry: number, field: string): string => `${RESERVED}trace.${entry}.${field}`;

/** The exports through which a trace is read: name, kind, index. */
export function traceExports(functions: number, firstGlobal: number): [string, number, number][] {
  return Array.from({ length: entriesOf(functions) }, (_, entry) => entry).flatMap((entry) => {
    const globals = traceGlobals(entry, firstGlobal);
    return FIELDS.map((field): [string, number, number] => [
      exportName(entry, field),
      ExternKind.global,
      globals[field],
    ]);
  });
}

/** What one function used. `index`: in the module; work priced by size has none. */
export interface FunctionTrace {
  readonly name: string;
  readonly index?: number;
  readonly calls: bigint;
  /** In fuel, as all that follows. */
  readonly self: bigint;
  readonly total: bigint;
}

/** What one host function was paid: its fixed price, bytes moved, and further charges (for growing memory, say). */
export interface HostTrace {
  readonly name: string;
  readonly calls: bigint;
  readonly fixed: bigint;
  readonly bytes: bigint;
  readonly further: bigint;
  readonly total: bigint;
}

/**
 * What all calls of an instance have used so far, in descending order. Functions that were never called are left out.
 */
export interface Trace {
  /** Compiling and instantiating, charged with the first call. */
  readonly setup: bigint;
  /** Host work that placed arguments. */
  readonly placing: bigint;
  /** Ordered by `self`. */
  readonly functions: readonly FunctionTrace[];
  readonly host: readonly HostTrace[];
}

/** What the host takes fuel for. */
export type ChargeKind = 'fixed' | 'bytes' | 'further';

/** What one kind of work of the host has been paid. */
export class Bill {
  calls = 0n;
  fixed = 0n;
  bytes = 0n;
  further = 0n;

  get total(): bigint {
    return this.fixed + this.bytes + this.further;
  }
}

/** The host's half of an instance's trace. */
export class Tally {
  setup = 0n;
  readonly placing = new Bill();
  readonly host = new Map<string, Bill>();

  /** The bill of a host function. */
  of(name: string): Bill {
    let bill = this.host.get(name);
    if (bill === undefined) this.host.set(name, (bill = new Bill()));
    return bill;
  }
}

/**
 * @internal Reads the trace of an instance. `names`: from `entryNames`; `imported`: its imported functions; `fuel`: the
 * counter.
 */
export function readTrace(
  exports: WebAssembly.Exports,
  names: readonly string[],
  imported: number,
  tally: Tally,
  fuel: bigint,
): Trace {
  const read = (entry: number, field: (typeof FIELDS)[number]): bigint =>
    (exports[exportName(entry, field)] as WebAssembly.Global).value as bigint;
  const left = fuel < 0n ? 0n : fuel;
  const functions = names.map((name, entry): FunctionTrace => {
    const self = read(entry, 'self');
    const calls = read(entry, 'calls');
    if (entry >= names.length - SIZED.length) return { name, calls, self, total: self };
    const since = read(entry, 'since');
    const running = since < 0n ? 0n : since - left; // of an activation in which a run ended without returning
    return { name, index: imported + entry, calls, self, total: read(entry, 'total') + running };
  });
  const host = [...tally.host].map(([name, { calls, fixed, bytes, further, total }]): HostTrace => ({
    name,
    calls,
    fixed,
    bytes,
    further,
    total,
  }));
  return {
    setup: tally.setup,
    placing: tally.placing.total,
    functions: functions.filter(({ calls }) => calls > 0n).sort((a, b) => down(a.self, b.self) || up(a, b)),
    host: host.sort((a, b) => down(a.total, b.total) || up(a, b)),
  };
}

const down = (left: bigint, right: bigint): number => (left < right ? 1 : left > right ? -1 : 0);

/** By name, then by index, because two functions may have the same name. */
function up(left: { name: string; index?: number }, right: { name: string; index?: number }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : (left.index ?? -1) - (right.index ?? -1);
}

/**
 * Names of all entries: of functions by the `name` section, else by an export, else by index; then of work priced by
 * size.
 */
export function entryNames(module: ParsedModule): string[] {
  const named = functionNames(module.bytes, module.customs);
  for (const { name, kind, index } of module.exports) {
    if (kind === ExternKind.function && !named.has(index)) named.set(index, name);
  }
  const functions = module.bodies.map((_, defined) => {
    const index = module.importedFunctions + defined;
    return named.get(index) ?? `function ${index}`;
  });
  return [...functions, ...SIZED];
}
