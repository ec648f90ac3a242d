// What a module may measure. Every bound exists because V8, or one of our passes, takes too much time or memory beyond
// it; a test has a module on both sides of each.

/** One page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** The bounds of a module and of a run. All are inclusive: a module that measures exactly the bound is accepted. */
export interface Limits {
  /** The original module, custom sections included. */
  moduleBytes: number;
  /** The code section. */
  codeBytes: number;
  /** One function body, local declarations included. */
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
   * (16 + locals + most operands) × (1 + weight of the control operators + bytes / 64) of one function: what V8's
   * compilers merge (`effort.ts`). Ordinary modules have 4 to 10 for each byte of their code.
   */
  mergesOfFunction: number;
  /** The same, summed over all functions. */
  mergesOfModule: number;
  /** Targets of one `br_table`, without the default. */
  brTableTargets: number;
  /** Blocks open at once, the function's own included. */
  nesting: number;
  /** Values on the operand stack of one function at once. */
  operands: number;
  /** Initial entries of the one table. */
  tableEntries: number;
  /** Pages (64 KiB) of the one memory: bounds its initial size, and what it can grow to. */
  memoryPages: number;
  /** The instrumented module may have this many times the bytes of the original, plus `instrumentedSlackBytes`. */
  instrumentedRatio: number;
  /** Room for the helpers of a tiny module. */
  instrumentedSlackBytes: number;
  /** Units of stack that a call may use by default. A unit is one value slot (about 8 bytes); see `stack.ts`. */
  stackUnits: number;
}

/** The chain's limits. docs/guides/benchmarks.md, Compile bombs, has the measurements. */
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

/** V8 accepts 50,000 locals, of which metering and tracing take at most four. */
const LOCALS_MAX = 49_990;

/** Throws `RangeError` if a limit is missing or no number, because it would bound nothing. */
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
