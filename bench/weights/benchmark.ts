// What a benchmark of a call is: its worst case, as a scene on a chain of the test harness, and
// the components on which its weight depends (frame-benchmarking's form).
import type { Hook, Origin, TestChain } from '../../tests/harness/chain.js';

/** A quantity on which a weight depends linearly. Its name is a parameter of the function in the table. */
export interface Component {
  /** What it counts: `bytes`, `items`. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

/** Values of components, by name. */
export type Values = Readonly<Record<string, number>>;

/** An encoded call and its origin. */
interface Call {
  readonly origin: Origin;
  readonly call: Uint8Array;
}

/** What is run, measured and counted. */
export type Subject = Call | { readonly hook: Hook };

export interface Benchmark {
  /** The pallet, as in the metadata. */
  readonly pallet: string;
  /** The method of the table: the call's name. */
  readonly name: string;
  /** The worst case, in a sentence: part of the table's documentation. */
  readonly worst: string;
  readonly components: Readonly<Record<string, Component>>;
  /** A chain on which the call succeeds whatever the values are. Benchmarks may share one: nothing is kept of a run. */
  scene(): Promise<TestChain>;
  /**
   * The benchmark of the call that this one carries: the weight of both is declared, its own part is in the table.
   * `times`: the component that says how many of them it carries; one without it.
   */
  readonly carries?: {
    readonly pallet: string;
    readonly name: string;
    readonly values: Values;
    readonly times?: string;
  };
  /** The values at which the call's weight is declared, where these are bounds of the components. */
  readonly declaredAt?: (values: Values) => Values;
  /** Weight that a hook reserves beside its own, in picoseconds. */
  readonly reserves?: (values: Values) => bigint;
  /** What the subject does besides, and is no part of the row: it is measured and counted, and subtracted. */
  baseline?(chain: TestChain, values: Values): Subject;
  /**
   * A component that costs so much more than the others that their slopes would be lost in its noise. Its own slope is measured
   * with the others at their greatest; theirs with the component at its least and `without` what costs so much.
   */
  readonly apart?: { readonly component: string; without(chain: TestChain, isWithout: boolean): void };
  /** Whether the weight is charged inside of others, and declared by no call or hook. */
  readonly isPart?: boolean;
  /** Weight that the call declares beyond its table, in picoseconds: priced by hand, by a constant. */
  readonly beyondTable?: bigint;
  /** Whether each sample needs a subject of its own, since the node caches the work (a compiled runtime). */
  readonly isFresh?: boolean;
  /** The call or hook for these values of the components. May change the chain. */
  subject(chain: TestChain, values: Values): Subject;
}

/** The measured row of a benchmark: times in picoseconds, and unique storage items read and written. */
export interface Row {
  readonly base: Cost;
  /** For each unit of a component. */
  readonly slopes: Readonly<Record<string, Cost>>;
}

export interface Cost {
  readonly ps: number;
  readonly reads: number;
  readonly writes: number;
}

/** Reads and writes of a row at some values. */
export function countsOf(row: Row, values: Values): { reads: number; writes: number } {
  const sum = (field: 'reads' | 'writes'): number =>
    Object.entries(row.slopes).reduce((total, [name, cost]) => total + cost[field] * values[name]!, row.base[field]);
  return { reads: sum('reads'), writes: sum('writes') };
}

/** All components at their least or greatest value. */
export function extreme(components: Benchmark['components'], which: 'min' | 'max'): Values {
  return Object.fromEntries(Object.entries(components).map(([name, component]) => [name, component[which]]));
}

/** Weights of one read and one write of storage, in picoseconds. */
export interface StorageConstants {
  readonly READ_PS: number;
  readonly WRITE_PS: number;
}

/** The weight of a row at some values, storage included, in picoseconds. */
export function weightAt(row: Row, values: Values, { READ_PS, WRITE_PS }: StorageConstants): number {
  const { reads, writes } = countsOf(row, values);
  const ps = Object.entries(row.slopes).reduce((sum, [name, cost]) => sum + cost.ps * values[name]!, row.base.ps);
  return ps + reads * READ_PS + writes * WRITE_PS;
}
