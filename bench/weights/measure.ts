// Measures benchmarks: the time of a subject at several values of its components, fitted by a plane.
//
// A sample is one call into the runtime, in which the subject runs many times in transactions that are rolled back, less
// a call in which it runs zero times: processor time, which other load on the machine changes little. The time of a
// point is the median of its samples. The plane is fitted by least squares of relative errors, so that a slope measured
// at a megabyte does not drown the base.
import type { BaseWeights } from './base.js';
import {
  extreme,
  type Benchmark,
  type Component,
  type Cost,
  type Row,
  type Subject,
  type Values,
} from './benchmark.js';
import { counted, freeKeys, type Counts } from './count.js';
import { none, type TestChain } from '../../tests/harness/chain.js';
import { timed } from '../timing.js';
import { roundUp, typical } from './samples.js';

/** How much is measured. */
export interface Effort {
  /** Values of each component, its least and its greatest included. */
  readonly steps: number;
  /** Samples of each point. */
  readonly repeats: number;
}

/** What each byte of a written value costs outside of the measured call, in picoseconds: see base.ts. */
type ByteWeights = Pick<BaseWeights, 'writtenByte'>;

const WARM_UP_MS = 60;
const SAMPLE_MS = 1.5;
/** As often a subject runs in one call at most. */
const TIMES_MAX = 1 << 12;

/** A point: values of the components, and what was measured there. */
interface Point {
  readonly values: Values;
  readonly ps: number;
  readonly counts: Counts;
}

/** Runs a benchmark at all its points and fits its row. */
export async function measure(benchmark: Benchmark, { steps, repeats }: Effort, bytes: ByteWeights): Promise<Row> {
  const chain = await benchmark.scene();
  const names = Object.keys(benchmark.components);
  const measured = (values: Values, subjectOf: Benchmark['subject']): Point => {
    const subject = subjectOf(chain, values);
    const counts = count(chain, subject);
    const samples = benchmark.isFresh
      ? Array.from({ length: repeats }, () => sample(chain, subjectOf(chain, values), 1))
      : samplesOf(chain, subject, repeats);
    // What happens to written bytes outside of the call: the sum is linear in the components, as the call itself.
    return { values, counts, ps: typical(samples) * 1e9 + counts.bytes * bytes.writtenByte };
  };
  const pointAt = (values: Values): Point => {
    const whole = measured(values, benchmark.subject);
    if (benchmark.baseline === undefined) return whole;
    const without = measured(values, benchmark.baseline);
    return { values, ps: Math.max(whole.ps - without.ps, 0), counts: less(whole.counts, without.counts) };
  };
  const fitted = (at: readonly Point[], components: readonly string[]): number[] =>
    fit(at.map(({ values, ps }) => ({ at: components.map((name) => values[name]!), value: ps })));
  const { apart } = benchmark;
  apart?.without(chain, true);
  const points = pointsOf(benchmark.components, steps, apart?.component).map(pointAt);
  const least = points[0]!;
  const together = names.filter((name) => name !== apart?.component);
  const [constant, ...solved] = fitted(points, together);
  const slopeOf = new Map(together.map((name, index) => [name, roundUp(Math.max(solved[index]!, 0))]));
  const explained = together.reduce((sum, name) => sum + slopeOf.get(name)! * least.values[name]!, 0);
  if (apart !== undefined) {
    apart.without(chain, false);
    const own = seriesOf(benchmark.components, steps, apart.component).map(pointAt);
    points.push(...own);
    slopeOf.set(apart.component, roundUp(Math.max(fitted(own, [apart.component])[1]!, 0)));
  }
  const reads = exactCounts(benchmark, points, 'reads');
  const writes = exactCounts(benchmark, points, 'writes');
  const cost = (ps: number, place: number): Cost => ({ ps, reads: reads[place]!, writes: writes[place]! });
  return {
    // At least what was measured at the least values: a plane may pass below them.
    base: cost(roundUp(Math.max(constant!, least.ps - explained, 0)), 0),
    slopes: Object.fromEntries(names.map((name, index) => [name, cost(slopeOf.get(name)!, index + 1)])),
  };
}

/** Counts of the storage items of a benchmark: of its subject, less those of its baseline. */
export function countsAt(chain: TestChain, benchmark: Benchmark, values: Values): Counts {
  const whole = count(chain, benchmark.subject(chain, values));
  return benchmark.baseline === undefined ? whole : less(whole, count(chain, benchmark.baseline(chain, values)));
}

const less = (whole: Counts, part: Counts): Counts => ({
  reads: whole.reads - part.reads,
  writes: whole.writes - part.writes,
  bytes: whole.bytes - part.bytes,
});

/** Counts the storage items that a subject reads and writes. Throws if the call fails. */
function count(chain: TestChain, subject: Subject): Counts {
  const origin = 'origin' in subject ? subject.origin : none;
  return counted(chain.overlay, freeKeys(chain, origin), (overlay) => run(chain, subject, 1, overlay));
}

function run(chain: TestChain, subject: Subject, times: number, overlay = chain.overlay): void {
  if ('hook' in subject) {
    chain.repeatHook(subject.hook, times, overlay);
    return;
  }
  const error = chain.repeat(subject.origin, subject.call, times, overlay);
  if (error !== undefined) throw new Error(`the call of the benchmark fails: ${error}`);
}

/** Milliseconds of processor time of `times` runs in one call into the runtime. */
function elapsed(chain: TestChain, subject: Subject, times: number): number {
  return timed(() => run(chain, subject, times));
}

/** Milliseconds of one run, from a call with so many. */
function sample(chain: TestChain, subject: Subject, times: number): number {
  const nothing = elapsed(chain, subject, 0);
  return (elapsed(chain, subject, times) - nothing) / times;
}

/** Samples of a subject, after V8 has optimized the code. */
function samplesOf(chain: TestChain, subject: Subject, repeats: number): number[] {
  let times = 1;
  for (const started = performance.now(); performance.now() - started < WARM_UP_MS;) {
    if (sample(chain, subject, times) * times < SAMPLE_MS && times < TIMES_MAX) times *= 2;
  }
  return Array.from({ length: repeats }, () => sample(chain, subject, times));
}

/**
 * All components at their least; then each from its least to its greatest, the others at their greatest. One that is measured
 * `apart` has its least everywhere.
 */
export function pointsOf(components: Readonly<Record<string, Component>>, steps: number, apart?: string): Values[] {
  const least = extreme(components, 'min');
  const fixed = apart === undefined ? {} : { [apart]: least[apart]! };
  const names = Object.keys(components).filter((name) => name !== apart);
  return [
    least,
    ...names.flatMap((name) => seriesOf(components, steps, name).map((values) => ({ ...values, ...fixed }))),
  ];
}

/** A component from its least to its greatest, the others at their greatest. */
function seriesOf(components: Readonly<Record<string, Component>>, steps: number, name: string): Values[] {
  const { min, max } = components[name]!;
  const most = extreme(components, 'max');
  return Array.from({ length: steps }, (_, step) => ({
    ...most,
    [name]: Math.round(min + ((max - min) * step) / (steps - 1)),
  }));
}

/** The base and slopes of reads or writes, which are whole numbers and hold at each point. */
function exactCounts(benchmark: Benchmark, points: readonly Point[], field: 'reads' | 'writes'): number[] {
  const names = Object.keys(benchmark.components);
  const samples = points.map(({ values, counts }) => ({
    at: names.map((name) => values[name]!),
    value: counts[field],
  }));
  const solved = fit(samples.map(({ at, value }) => ({ at, value: value + 1 }))).map(Math.round);
  solved[0]! -= 1;
  for (const { at, value } of samples) {
    const predicted = at.reduce((sum, x, index) => sum + x * solved[index + 1]!, solved[0]!);
    if (predicted === value) continue;
    const found = samples.map((each) => `${each.value} at (${each.at.join(', ')})`).join(', ');
    throw new Error(`${benchmark.pallet}.${benchmark.name}: ${field} are not linear in its components: ${found}`);
  }
  return solved;
}

/** Least squares of relative errors: base, then a slope for each coordinate. A coordinate that never varies has 0. */
export function fit(samples: readonly { at: readonly number[]; value: number }[]): number[] {
  const size = samples[0]!.at.length + 1;
  // Normal equations; coordinates are scaled to at most 1, so that they are well conditioned.
  const scales = Array.from({ length: size }, (_, place) =>
    place === 0 ? 1 : Math.max(...samples.map(({ at }) => at[place - 1]!), 1),
  );
  const matrix = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
  for (const { at, value } of samples) {
    const row = [1, ...at].map((x, place) => x / scales[place]!);
    const weight = 1 / Math.max(value, 1) ** 2;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i]![j]! += weight * row[i]! * row[j]!;
      matrix[i]![size]! += weight * row[i]! * value;
    }
  }
  return solve(matrix).map((value, place) => value / scales[place]!);
}

/** Gaussian elimination of an augmented matrix. */
function solve(matrix: number[][]): number[] {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    const divisor = matrix[column]![column]!;
    if (Math.abs(divisor) < 1e-300) continue;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / divisor;
      for (let k = column; k <= size; k++) matrix[row]![k]! -= factor * matrix[column]![k]!;
    }
  }
  return matrix.map((row, index) => (Math.abs(row[index]!) < 1e-300 ? 0 : row[size]! / row[index]!));
}
