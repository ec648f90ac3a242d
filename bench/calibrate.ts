// Calibration: the cost of a unit of fuel on this machine, in picoseconds, for each class of instructions and in each
// of V8's compilers, compared with the FUEL_PS of the chain.
//
//   npm run calibrate [-- WORD…]      kernels whose price or name contains a word; all by default
//
// Each compiler has a child of its own, with the other disabled. Time is processor time of the child, so that other
// load disturbs less; a figure is the median of the runs, with the 99th percentile. A kernel whose median exceeds
// FUEL_PS is under-priced, and marked. `docs/decisions/0002-metering.md` lists these, and what bounds them.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';
import { FUEL_PS, prepare, SCHEDULE } from '../host/vm/index.js';
import type { PreparedModule } from '../host/vm/index.js';
import { median, percentile } from './timing.js';
import { CLASS_KERNELS } from './vm-classes.js';
import { containing } from './words.js';

const COMPILERS: Record<string, readonly string[]> = {
  baseline: ['--liftoff', '--liftoff-only'],
  optimizing: ['--no-liftoff', '--no-wasm-tier-up'],
};
const RUNS = 101;
const RUN_MS = 3;
const PLENTY = 1n << 60n;

interface Figure {
  readonly median: number;
  readonly p99: number;
}

const tools = await wabt();

function prepared(source: string): PreparedModule {
  const parsed = tools.parseWat('kernel.wat', source);
  const code = new Uint8Array(parsed.toBinary({}).buffer);
  parsed.destroy();
  return prepare(code);
}

/**
 * ps per fuel of a kernel. One instance runs all of it, so that compiling, page faults and `setup` come before; the few
 * instructions around the loop are taken off by the difference of two lengths.
 */
function measure(source: string): Figure {
  const module = prepared(source);
  if (module.entry('instance') !== undefined) return summary(Array.from({ length: RUNS }, () => instances(module)));
  const guest = module.instantiate();
  const run = (turns: number): { ps: number; fuel: number } => {
    const started = process.cpuUsage();
    const result = guest.call('f', [turns], { fuel: PLENTY });
    const { user, system } = process.cpuUsage(started);
    if (result.outcome !== 'returned') throw new Error(`the kernel did not return: ${result.outcome}`);
    return { ps: (user + system) * 1e6, fuel: Number(result.fuelUsed) };
  };
  if (module.entry('setup') !== undefined) guest.call('setup', [], { fuel: PLENTY });
  if (module.entry('once') !== undefined) return summary(Array.from({ length: RUNS }, () => onlyOnce(module)));
  run(1);
  let turns = 1;
  while (turns < 1 << 30 && run(turns).ps < RUN_MS * 1e9) turns *= 2;
  return summary(
    Array.from({ length: RUNS }, () => {
      const short = run(1);
      const long = run(turns);
      return (long.ps - short.ps) / (long.fuel - short.fuel);
    }),
  );
}

/** A kernel that can do its work but once in an instance. */
function onlyOnce(module: PreparedModule): number {
  const guest = module.instantiate();
  guest.call('setup', [], { fuel: PLENTY });
  const started = process.cpuUsage();
  const { fuelUsed } = guest.call('once', [], { fuel: PLENTY });
  const { user, system } = process.cpuUsage(started);
  return ((user + system) * 1e6) / Number(fuelUsed);
}

/** Instances one after the other, of a module that is compiled already. */
function instances(module: PreparedModule): number {
  const started = process.cpuUsage();
  let [ps, fuel] = [0, 0];
  while (ps < RUN_MS * 1e9) {
    for (let left = 8; left > 0; left -= 1)
      fuel += Number(module.instantiate().call('instance', [], { fuel: PLENTY }).fuelUsed);
    const { user, system } = process.cpuUsage(started);
    ps = (user + system) * 1e6;
  }
  return ps / fuel;
}

function summary(figures: readonly number[]): Figure {
  return { median: median(figures), p99: percentile(figures, 99) };
}

function child(words: readonly string[]): void {
  const figures = chosen(words).map(({ wat }) => measure(wat));
  process.stdout.write(JSON.stringify(figures));
}

function chosen(words: readonly string[]): typeof CLASS_KERNELS {
  return containing('kernel', CLASS_KERNELS, ({ price, name }) => `${price} ${name}`, words);
}

function main(words: readonly string[]): void {
  const kernels = chosen(words);
  const own = fileURLToPath(import.meta.url);
  const results = Object.entries(COMPILERS).map(([compiler, flags]) => {
    const out = execFileSync(process.execPath, [...flags, own, '--child', ...words], {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    });
    return [compiler, JSON.parse(out) as Figure[]] as const;
  });
  console.log(
    `schedule ${SCHEDULE.version}, one unit of fuel = ${FUEL_PS} ps; ps per fuel, median / 99th percentile of ${RUNS} runs\n`,
  );
  console.log(
    'price'.padEnd(18),
    'fuel'.padStart(6),
    ' ',
    'kernel'.padEnd(56),
    ...results.map(([compiler]) => compiler.padStart(18)),
  );
  let under = 0;
  kernels.forEach(({ price, name, adversarial }, index) => {
    const cells = results.map(([, figures]) => {
      const figure = figures[index]!;
      return `${figure.median.toFixed(0)} / ${figure.p99.toFixed(0)}`.padStart(18);
    });
    const worstMedian = Math.max(...results.map(([, figures]) => figures[index]!.median));
    const flag = worstMedian > Number(FUEL_PS) ? `  UNDER-PRICED x ${(worstMedian / Number(FUEL_PS)).toFixed(1)}` : '';
    if (flag !== '') under += 1;
    const fuel = String(
      price.split('.').reduce((part, key) => (part as Record<string, unknown>)[key], SCHEDULE as unknown),
    );
    console.log(price.padEnd(18), fuel.padStart(6), adversarial ? '!' : ' ', name.padEnd(56), ...cells, flag);
  });
  console.log(`\n${under} of ${kernels.length} kernels are under-priced on this machine (! marks adversarial ones)`);
}

const [, , ...words] = process.argv;
if (words[0] === '--child') child(words.slice(1));
else main(words);
