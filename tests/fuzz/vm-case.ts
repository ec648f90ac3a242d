// A module to try, the calls to make, and their results: passed between the processes of the fuzzer, and kept in files.
import type { Schedule } from '../../host/vm/index.js';
import { SCHEDULE } from '../../host/vm/index.js';

export type Value = number | bigint;

/** One call of an exported function. `fuel` is what it is given beyond the setup of a fresh instance. */
export interface Step {
  readonly entry: string;
  readonly args: readonly Value[];
  readonly fuel: number;
  readonly stack: number;
}

/** The result of a call. The figures are those beyond setup. */
export interface Answer {
  readonly outcome: 'returned' | 'trapped' | 'outOfFuel' | 'stackExhausted';
  readonly values: readonly Value[] | undefined;
  readonly trap: string | undefined;
  readonly used: number;
  /** Digest of all calls of host functions with arguments and results; and of the fuel that they saw. */
  readonly log: string;
  readonly fuelSeen: string;
  /** Memory and exported globals afterwards. */
  readonly state: string;
}

/** Calls of one instance, one after another, each but the last of which returns. */
export interface Run {
  readonly steps: readonly Step[];
  readonly answers: readonly Answer[];
}

/** A module to try. */
export interface Case {
  /** `random 123`: where it comes from and its seed. */
  readonly name: string;
  readonly code: Uint8Array;
  /** Picks the calls. */
  readonly seed: number;
  /** Which table of prices: see `SCHEDULES`. */
  readonly schedule: number;
  /** Runs to make instead of those that the seed picks. */
  readonly runs?: readonly (readonly Step[])[];
  /** May the module be refused? Generated ones are made to be valid. */
  readonly refusable: boolean;
}

/** The reference's results of a case: correct by definition. */
export type Verdict = { readonly refused: string; readonly offset: number } | { readonly runs: readonly Run[] };

/** The comparison in one tier of V8. */
export interface Report {
  /** What does not agree; empty where all does. */
  readonly differences: readonly string[];
  /** Digest of everything seen, including what is not defined: the state after a run without enough fuel. */
  readonly digest: string;
}

/** The chain's prices, and a table in which no two are alike and growing is within reach. */
export const SCHEDULES: readonly Schedule[] = [
  SCHEDULE,
  {
    version: 99,
    operator: 1,
    load: 3,
    store: 4,
    global: 6,
    loopHead: 2,
    call: 11,
    callIndirect: 17,
    local: 5,
    divide32: 13,
    divide64: 29,
    rotate: 8,
    brTable: 7,
    brTableTargetsPerFuel: 2,
    bulk: 23,
    bulkBytesPerFuel: 16,
    grow: 101,
    growPage: 503,
    setup: {
      fixed: 1_000,
      byte: 1,
      merge: 1,
      page: 100,
      tableEntry: 3,
      element: 5,
      export: 7,
      function: 11,
      freeFunctions: 2,
      bytesPerFunction: 50,
      type: 13,
      freeTypes: 1,
    },
  },
];

/** Values as people write them, bigints with their `n`. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
}

/** `show`, read back. */
export function read<T>(text: string): T {
  return JSON.parse(text, (_, inner: unknown) =>
    typeof inner === 'string' && /^-?\d+n$/.test(inner) ? BigInt(inner.slice(0, -1)) : inner,
  ) as T;
}
