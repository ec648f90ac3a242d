// Seeing inside: which function used how much, and how often each host function was called at what price.
//
// A traced module has two more globals for each function, into which the function adds every charge it makes and every
// entry; nothing else changes, so gas and outcome are those of the module as the chain runs it, and the trace is the same
// on every machine. Functions are named by the module's `name` section where it has one.
import { Cursor } from './cursor.js';
import type { ParsedModule } from './parse.js';
import { ExternKind, RESERVED } from './parse.js';

/** Globals in which a function adds up what it charges, and how often it is entered. */
export interface TraceGlobals {
  readonly fuel: number;
  readonly calls: number;
}

/** What is priced by size has entries of its own, after the functions: see `Helper`, in its order. */
export const SIZED = ['memory.grow', 'memory.copy', 'memory.fill', 'memory.init'] as const;

/** How many entries a module of so many functions has. */
export const traceEntries = (functions: number): number => functions + SIZED.length;

/** Globals of an entry; `firstGlobal` is that of the first. */
export const traceGlobals = (entry: number, firstGlobal: number): TraceGlobals => (
  { fuel: firstGlobal + 2 * entry, calls: firstGlobal + 2 * entry + 1 }
);

const fuelName = (index: number): string => `${RESERVED}fuel.${index}`;
const callsName = (index: number): string => `${RESERVED}calls.${index}`;

/** The exports by which a trace is read: name, kind, index. */
export function traceExports(functions: number, firstGlobal: number): [string, number, number][] {
  return Array.from({ length: traceEntries(functions) }, (_, entry) => entry).flatMap((entry): [string, number, number][] => {
    const { fuel, calls } = traceGlobals(entry, firstGlobal);
    return [[fuelName(entry), ExternKind.global, fuel], [callsName(entry), ExternKind.global, calls]];
  });
}

/** What one function of the guest, or of the host, was called for and used; its callees' use is theirs. */
export interface TraceEntry {
  readonly name: string;
  readonly calls: bigint;
  readonly fuel: bigint;
}

/** What an instance has used so far, the most first. Setup is in neither list. */
export interface Trace {
  readonly functions: readonly TraceEntry[];
  readonly host: readonly TraceEntry[];
}

/** Reads the trace of an instance. */
export function readTrace(exports: WebAssembly.Exports, names: readonly string[], host: ReadonlyMap<string, TraceEntry>): Trace {
  const value = (name: string): bigint => (exports[name] as WebAssembly.Global).value as bigint;
  const functions = names.map((name, index) => ({ name, calls: value(callsName(index)), fuel: value(fuelName(index)) }));
  return { functions: sorted(functions.filter(({ calls }) => calls > 0n)), host: sorted([...host.values()]) };
}

function sorted(entries: TraceEntry[]): TraceEntry[] {
  return entries.sort((left, right) => (left.fuel < right.fuel ? 1 : left.fuel > right.fuel ? -1 : left.name < right.name ? -1 : 1));
}

/** A name for each entry: of a function from the `name` section, else of an export, else its index; then of sized work. */
export function entryNames(module: ParsedModule): string[] {
  const named = new Map<number, string>();
  for (const { name, kind, index } of module.exports) if (kind === ExternKind.function) named.set(index, name);
  for (const { start, end } of module.customs) readNames(new Cursor(module.bytes, start), end, named);
  const functions = module.bodies.map((_, defined) => {
    const index = module.importedFunctions + defined;
    return named.get(index) ?? `function ${index}`;
  });
  return [...functions, ...SIZED];
}

/** The second subsection of the `name` section. It is the author's word: what can't be read is left out. */
function readNames(cursor: Cursor, end: number, into: Map<number, string>): void {
  cursor.end = end;
  try {
    if (cursor.name(end) !== 'name') return;
    while (cursor.pos < end) {
      const id = cursor.u8();
      const size = cursor.u32();
      const next = cursor.pos + size;
      cursor.end = Math.min(next, end); // names that ran on would be read again and again
      if (id === 1) for (let left = cursor.u32(); left > 0; left -= 1) into.set(cursor.u32(), cursor.name(end));
      cursor.pos = next;
      cursor.end = end;
    }
  } catch {
    // A name section may say anything; V8 ignores a bad one too.
  }
}
