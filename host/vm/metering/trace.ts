// Seeing inside: which function used how much, alone and with all that it called, and what each host function was paid.
//
// A traced module has four more globals for each function, which the function keeps (emit-trace.ts); nothing else changes,
// so fuel and outcome are those of the module as the chain runs it, and the trace is the same on every machine. What is not
// traced has none of it. Functions are named by the module's `name` section where it has one.
//
//   self    what the function's own segments and frame cost; a call's price is the caller's
//   total   that and all that it called, host functions and work priced by size included. Of a recursive function only the
//           outermost activation counts, so no total exceeds the run's
//
// Always, however the runs ended:   fuelUsed of all calls = setup + placing + Σ self of functions + Σ total of host functions
//
// Like fuel, `self` is charged as control enters a segment (scan.ts): where an instruction traps, or a callee never comes
// back, the function has paid for the rest of that segment too. Whoever takes the counter below zero has used what was left,
// and what runs between there and the check that ends it has used nothing and was not called.
import { functionNames } from '../format/names.js';
import type { ParsedModule } from '../format/parse.js';
import { ExternKind, RESERVED } from '../format/parse.js';

/** What is priced by size has entries of its own, after the functions: see `Helper`, in its order. */
const SIZED = ['memory.grow', 'memory.copy', 'memory.fill', 'memory.init'] as const;

/** Globals (i64) of an entry, in order. `since` is the fuel at which its outermost activation began, −1 outside of any. */
const FIELDS = ['self', 'total', 'calls', 'since'] as const;
export type TraceGlobals = Readonly<Record<(typeof FIELDS)[number], number>>;

/** How many entries a module of so many functions has. */
const entriesOf = (functions: number): number => functions + SIZED.length;

/** Globals of an entry; `firstGlobal` is that of the first. */
export function traceGlobals(entry: number, firstGlobal: number): TraceGlobals {
  const first = firstGlobal + FIELDS.length * entry;
  return { self: first, total: first + 1, calls: first + 2, since: first + 3 };
}

/** Is each of the globals −1 at first? The others are 0. */
export function traceInitials(functions: number): boolean[] {
  return Array.from(
    { length: FIELDS.length * entriesOf(functions) },
    (_, at) => FIELDS[at % FIELDS.length] === 'since',
  );
}

const exportName = (entry: number, field: string): string => `${RESERVED}trace.${entry}.${field}`;

/** The exports by which a trace is read: name, kind, index. */
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

/** What one function used. `index` is its index in the module; work priced by size has none. */
export interface FunctionTrace {
  readonly name: string;
  readonly index?: number;
  readonly calls: bigint;
  /** In fuel, as is all below. */
  readonly self: bigint;
  readonly total: bigint;
}

/** What one host function was paid: its fixed price, bytes moved, and what it charged beside (growing memory, say). */
export interface HostTrace {
  readonly name: string;
  readonly calls: bigint;
  readonly fixed: bigint;
  readonly bytes: bigint;
  readonly further: bigint;
  readonly total: bigint;
}

/** What all calls of an instance have used so far, the most first. Functions that were never called are left out. */
export interface Trace {
  /** Compiling and instantiating, paid with the first call. */
  readonly setup: bigint;
  /** Work of the host's that placed arguments. */
  readonly placing: bigint;
  /** `self` decides the order. */
  readonly functions: readonly FunctionTrace[];
  readonly host: readonly HostTrace[];
}

/** Why the host takes fuel. */
export type ChargeKind = 'fixed' | 'bytes' | 'further';

/** What one thing that the host does has been paid. */
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

/** @internal Reads the trace of an instance. `names`: of `entryNames`; `imported`: how many functions it imports; `fuel`: the counter. */
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
    const running = since < 0n ? 0n : since - left; // a run that did not return ended inside of it
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

/** By name, then by index: one name may be given to two functions. */
function up(left: { name: string; index?: number }, right: { name: string; index?: number }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : (left.index ?? -1) - (right.index ?? -1);
}

/** A name for each entry: of a function from the `name` section, else of an export, else its index; then of sized work. */
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
