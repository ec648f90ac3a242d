// `npm run bench:weights`: measures the weights of calls, and writes the tables that the pallets use. See
// docs/guides/benchmarks.md.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureBase } from './base.js';
import { countsOf, extreme, weightAt, type Benchmark, type Row } from './benchmark.js';
import { BENCHMARKS } from './benchmarks.js';
import { constantsOf, storedConstants, writeConstants, type BaseConstants } from './constants.js';
import { completeTables, storedRows, writeTable } from './files.js';
import { measure, type Effort } from './measure.js';

const HELP = `npm run bench:weights -- [--pallet NAME]… [--check] [--steps N] [--repeats N]

Measures the calls of the runtime in their worst cases and writes assembly/pallets/NAME/weights.ts and
assembly/primitives/base-weights.ts. Prints the weights before and after, each at the greatest values of its components.
Afterwards run \`npm run build\`.

  --pallet NAME   only this pallet, as in the metadata; may be repeated
  --check         write nothing; exit 1 if reads or writes differ from the table, or times by more than a factor of 2
  --steps N       values of each component (default 5)
  --repeats N     samples of each value, of which the median counts (default 41)
`;

/** The greatest factor between a stored and a measured time that --check accepts. */
const NOISE = 2;

const microseconds = (ps: number): string => (ps / 1e6).toFixed(ps < 1e8 ? 2 : 0);

/** A table before or after: a row and the constants. */
interface Version {
  readonly row: Row | undefined;
  readonly constants: BaseConstants;
}

const isNoise = (ratio: number | undefined): boolean => ratio !== undefined && ratio < NOISE && ratio > 1 / NOISE;

/** Prints the weight of a benchmark before and after. Returns whether they agree but for noise. */
function compare(benchmark: Benchmark, before: Version, after: Version & { row: Row }): boolean {
  const values = extreme(benchmark.components, 'max');
  const now = weightAt(after.row, values, after.constants);
  const then = before.row && weightAt(before.row, values, before.constants);
  const counts = countsOf(after.row, values);
  const stored = before.row && countsOf(before.row, values);
  const sameCounts = stored?.reads === counts.reads && stored.writes === counts.writes;
  const at = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  const storage = `   reads ${counts.reads} writes ${counts.writes}${sameCounts ? '' : '  (counts differ)'}`;
  printRatio(`${benchmark.name}${at.length === 0 ? '' : ` (${at.join(', ')})`}`, then, now, storage);
  return sameCounts && isNoise(then === undefined ? undefined : now / then);
}

function printRatio(name: string, before: number | undefined, after: number, more = ''): void {
  const then = before === 0 ? undefined : before;
  const columns = [
    `  ${name}`.padEnd(58),
    (then === undefined ? '-' : microseconds(then)).padStart(11),
    `${microseconds(after).padStart(11)} µs`,
    (then === undefined ? '-' : `× ${(after / then).toFixed(2)}`).padStart(8),
  ];
  console.log(columns.join(' ') + more);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pallet: { type: 'string', multiple: true },
      check: { type: 'boolean', default: false },
      steps: { type: 'string', default: '5' },
      repeats: { type: 'string', default: '41' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const effort: Effort = { steps: Number(values.steps), repeats: Number(values.repeats) };
  if (!(effort.steps >= 2) || !(effort.repeats >= 1)) throw new RangeError('at least 2 steps and 1 repeat');
  const pallets = [...new Set(BENCHMARKS.map((each) => each.pallet))];
  const stranger = values.pallet?.find((each) => !pallets.includes(each));
  if (stranger !== undefined) throw new RangeError(`no pallet ${stranger} has benchmarks; ${pallets.join(', ')} have`);

  process.env.CORE_BLOB = 'release';
  await completeTables(BENCHMARKS);
  const machine = `${cpus()[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.versions.node}`;
  const made = `Processor time, medians of ${effort.repeats} repeats at ${effort.steps} steps, on ${machine}.`;
  console.log(`${made}\n\n  ${'worst case'.padEnd(56)}${'before'.padStart(12)} ${'after'.padStart(12)}`);
  const measured = await measureBase(effort.repeats);
  const constants = constantsOf(measured);
  const stored = storedConstants();
  let agrees = true;
  for (const name of Object.keys(constants) as (keyof BaseConstants)[]) {
    printRatio(name, stored[name], constants[name]);
    if (!isNoise(constants[name] / stored[name])) agrees = false;
  }
  if (!values.check && values.pallet === undefined) await writeConstants(made, constants);
  for (const pallet of values.pallet ?? pallets) {
    console.log(pallet);
    const before = storedRows(pallet);
    const after = new Map<string, Row>();
    for (const benchmark of BENCHMARKS.filter((each) => each.pallet === pallet)) {
      const row = await measure(benchmark, effort, measured);
      after.set(benchmark.name, row);
      const then = { row: before.get(benchmark.name), constants: stored };
      if (!compare(benchmark, then, { row, constants })) agrees = false;
    }
    if (!values.check) await writeTable(pallet, made, BENCHMARKS, after);
  }
  if (values.check && !agrees) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  if (!(error instanceof RangeError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
});
