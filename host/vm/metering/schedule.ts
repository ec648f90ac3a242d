// What everything costs, in fuel. Any change of a price is a new version of the schedule, because the figure of a run
// must be the same on every machine, at any time.

/** Picoseconds of weight in a unit of fuel. */
export const FUEL_PS = 500n;

/**
 * Prices in fuel. `npm run calibrate` measures what each instruction costs on this machine, in both of V8's compilers.
 */
export interface Schedule {
  /** Identifies the prices. Part of the key under which prepared modules are kept. */
  readonly version: number;
  /** Arithmetic, comparison, constants, local access, branches, `select`, `memory.size`. */
  readonly operator: number;
  /** Any load from memory. */
  readonly load: number;
  /** Any store to memory. */
  readonly store: number;
  /** `global.get` and `global.set`. */
  readonly global: number;
  /** Each arrival at the head of a loop, the first included. */
  readonly loopHead: number;
  /** A direct call, charged in the caller. */
  readonly call: number;
  /** An indirect call, charged in the caller. */
  readonly callIndirect: number;
  /** Each parameter and local of a function, charged when it is entered. */
  readonly local: number;
  /** 32-bit division and remainder. */
  readonly divide32: number;
  /** 64-bit division and remainder. */
  readonly divide64: number;
  /** `rotl` and `rotr`: V8's baseline compiler calls a function for them. */
  readonly rotate: number;
  /** `br_table`, and one more for each `brTableTargetsPerFuel` of its targets. */
  readonly brTable: number;
  readonly brTableTargetsPerFuel: number;
  /**
   * `memory.copy`, `.fill`, `.init`, `data.drop`; and one more for each `bulkBytesPerFuel` (a power of two) bytes,
   * rounded up.
   */
  readonly bulk: number;
  readonly bulkBytesPerFuel: number;
  /** `memory.grow`, and each page that it adds. Growing beyond the maximum adds none. */
  readonly grow: number;
  readonly growPage: number;
  /** A fresh instance, charged with its first call. */
  readonly setup: {
    readonly fixed: number;
    /** Each byte of the module: reading and compiling it. */
    readonly byte: number;
    /** Each merge (see `Limits.mergesOfFunction`): compiling it. */
    readonly merge: number;
    /** Each initial page of the memory. */
    readonly page: number;
    /** Each initial entry of the table, and each entry of an element segment. */
    readonly tableEntry: number;
    readonly element: number;
    /** Each export. */
    readonly export: number;
    /**
     * Each function, imported ones included, beyond `freeFunctions` and one for each `bytesPerFunction` bytes of the module:
     * what V8 keeps of a function costs more than a few bytes pay for.
     */
    readonly function: number;
    readonly freeFunctions: number;
    readonly bytesPerFunction: number;
    /** Each type beyond `freeTypes`. */
    readonly type: number;
    readonly freeTypes: number;
  };
}

/**
 * The chain's prices, by calibration. docs/decisions/0002-metering.md says what is under-priced, and what bounds that.
 */
export const SCHEDULE: Schedule = Object.freeze({
  version: 2,
  operator: 1,
  load: 5,
  store: 7,
  global: 3,
  loopHead: 1,
  call: 10,
  callIndirect: 17,
  local: 1,
  divide32: 12,
  divide64: 24,
  rotate: 9,
  brTable: 4,
  brTableTargetsPerFuel: 8,
  bulk: 64,
  bulkBytesPerFuel: 4,
  grow: 4_000,
  growPage: 24_000,
  setup: Object.freeze({
    fixed: 200_000,
    byte: 20,
    merge: 20,
    page: 24_000,
    tableEntry: 66,
    element: 150,
    export: 3_000,
    function: 6_000,
    freeFunctions: 32,
    bytesPerFunction: 96,
    type: 12_000,
    freeTypes: 32,
  }),
});

/** No price is larger, so that products and sums stay exact. */
const PRICE_MAX = 2 ** 30;

const isDivisor = (name: string): boolean => name.endsWith('PerFuel') || name === 'setup.bytesPerFunction';

/** Throws `RangeError` for a schedule by which metering fails: prices must be counts, and no loop free. */
export function checkSchedule(schedule: Schedule): void {
  const { version, setup, ...prices } = schedule;
  const ofSetup = Object.entries(setup).map(([name, price]) => [`setup.${name}`, price] as const);
  const named = [...Object.entries({ version, ...prices }), ...ofSetup];
  for (const [name, price] of named) {
    const least = name === 'loopHead' || isDivisor(name) ? 1 : 0;
    if (!Number.isInteger(price) || price < least || price > PRICE_MAX) {
      throw new RangeError(`${name} of a schedule must be an integer from ${least} to ${PRICE_MAX}, not ${price}`);
    }
  }
  const { bulkBytesPerFuel } = schedule;
  if ((bulkBytesPerFuel & (bulkBytesPerFuel - 1)) !== 0) {
    throw new RangeError(`bulkBytesPerFuel of a schedule must be a power of two, not ${bulkBytesPerFuel}`);
  }
}
