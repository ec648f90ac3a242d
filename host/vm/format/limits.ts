// What a module may measure. Every bound exists because V8 (or our own passes) costs time or memory beyond it; the tests
// hold a module on both sides of each.

/** One page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** The bounds of a module and of a run. All are inclusive: a module that measures exactly the bound is accepted. */
export interface Limits {
  /** The module as given, custom sections included. */
  moduleBytes: number;
  /** The code section: what V8 compiles. */
  codeBytes: number;
  /** One function body, its local declarations included. */
  bodyBytes: number;
  /** Entries of the type section. */
  types: number;
  /** Imported and defined functions together. */
  functions: number;
  imports: number;
  exports: number;
  /** The name of an import's module, of an import, or of an export. */
  nameBytes: number;
  globals: number;
  dataSegments: number;
  elementSegments: number;
  /** Parameters of one function or block type. */
  params: number;
  /** Results of one function or block type. */
  results: number;
  /** Parameters and declared locals of one function. */
  locals: number;
  /**
   * (16 + locals + operands where they are most) × (1 + control operators + bytes / 64) of one function: what V8's compilers
   * merge; some operators weigh more (`effort.ts`). Ordinary modules come to 4 to 10 for each byte of their code.
   */
  mergesOfFunction: number;
  /** The same, summed over the module. */
  mergesOfModule: number;
  /** Targets of one `br_table`, the default left out. */
  brTableTargets: number;
  /** Blocks open at once, the function's own included. */
  nesting: number;
  /** Values on the operand stack of one function at once. */
  operands: number;
  /** Initial entries of the one table. */
  tableEntries: number;
  /** Pages (64 KiB) of the one memory: the most that may be declared at first, and the most that it may grow to. */
  memoryPages: number;
  /** The instrumented module is at most so many times the original, plus `instrumentedSlackBytes`. */
  instrumentedRatio: number;
  /** A tiny module has room for the helpers. */
  instrumentedSlackBytes: number;
  /** Units of stack a call may use when it does not say; the unit is one value slot (about 8 bytes), see `stack.ts`. */
  stackUnits: number;
}

/** The chain's: what they were measured against is in docs/guides/benchmarks.md, Compile bombs. */
export const LIMITS: Readonly<Limits> = Object.freeze({
  moduleBytes: 1 << 20,
  codeBytes: 600 << 10,
  bodyBytes: 48 << 10,
  types: 512,
  functions: 5_120,
  imports: 1_024,
  exports: 1_024,
  nameBytes: 512,
  globals: 1_024,
  dataSegments: 4_096,
  elementSegments: 1_024,
  params: 64,
  results: 16,
  locals: 1_024,
  mergesOfFunction: 3 << 17,
  mergesOfModule: 1 << 21,
  brTableTargets: 4_096,
  nesting: 512,
  operands: 1_024,
  tableEntries: 65_536,
  memoryPages: 1_024,
  instrumentedRatio: 4,
  instrumentedSlackBytes: 1_024,
  stackUnits: 32_768,
});

/** V8 admits 50,000 locals, of which metering and tracing take four at most. */
const LOCALS_MAX = 49_990;

/** Throws `RangeError` where a limit is missing or no number: it would bound nothing. */
export function checkLimits(limits: Readonly<Limits>): void {
  for (const name of Object.keys(LIMITS) as (keyof Limits)[]) {
    if (!(limits[name] >= 0))
      throw new RangeError(`the limit ${name} must be a number that is not negative, not ${limits[name]}`);
  }
  if (limits.locals > LOCALS_MAX)
    throw new RangeError(`the limit locals must be at most the ${LOCALS_MAX} that V8 leaves us`);
  if (limits.memoryPages > 65_536)
    throw new RangeError('the limit memoryPages must be at most the 65536 of WebAssembly');
}
