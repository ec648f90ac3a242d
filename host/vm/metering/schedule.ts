// What everything costs. Prices are in fuel; a change of any price is a new version of the schedule, since the figure
// that a guest used must be the same on every machine and for ever after.

/** One unit of fuel is K = 500 ps of weight. */
export const FUEL_PS = 500n;

/** Prices in fuel. `npm run calibrate` measures what each costs on this machine, in both of V8's compilers. */
export interface Schedule {
  /** Names the table: the same version is the same prices. Part of the key under which compiled modules are kept. */
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
  /** `br_table`, and one more for each so many of its targets. */
  readonly brTable: number;
  readonly brTableTargetsPerFuel: number;
  /** `memory.copy`, `memory.fill`, `memory.init`, `data.drop`, and one more for each so many bytes (rounded up; a power of two). */
  readonly bulk: number;
  readonly bulkBytesPerFuel: number;
  /** `memory.grow`, and each page that it adds; a growth beyond the maximum costs no page. */
  readonly grow: number;
  readonly growPage: number;
  /** What a fresh instance costs, charged with its first call. */
  readonly setup: {
    readonly fixed: number;
    /** Each byte of the module: reading and compiling it. */
    readonly byte: number;
    /** Each merge (see `Limits.mergesOfFunction`): compiling it. */
    readonly merge: number;
    /** Each page the memory has at first. */
    readonly page: number;
    /** Each entry the table has at first, and each that an element segment fills. */
    readonly tableEntry: number;
    readonly element: number;
    /** Each export. */
    readonly export: number;
  };
}

/** What calibration supports: see docs/decisions/0002-metering.md for what is still under-priced, and what bounds it. */
export const SCHEDULE: Schedule = Object.freeze({
  version: 1,
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
  }),
});

/** No price is more, so that all that is multiplied and added up stays exact. */
const PRICE_MAX = 2 ** 30;

/** Throws `RangeError` where metering by this schedule would not hold: prices are counts, and no loop is free. */
export function checkSchedule(schedule: Schedule): void {
  const { version, setup, ...prices } = schedule;
  const ofSetup = Object.entries(setup).map(([name, price]) => [`setup.${name}`, price] as const);
  const named = [...Object.entries({ version, ...prices }), ...ofSetup];
  for (const [name, price] of named) {
    const least = name === 'loopHead' || name.endsWith('PerFuel') ? 1 : 0;
    if (!Number.isInteger(price) || price < least || price > PRICE_MAX) {
      throw new RangeError(`${name} of a schedule must be an integer from ${least} to ${PRICE_MAX}, not ${price}`);
    }
  }
  const { bulkBytesPerFuel } = schedule;
  if ((bulkBytesPerFuel & (bulkBytesPerFuel - 1)) !== 0) {
    throw new RangeError(`bulkBytesPerFuel of a schedule must be a power of two, not ${bulkBytesPerFuel}`);
  }
}
