// Compile bombs: the most that the limits allow of what V8's compilers find expensive, each family filled to its limit.
//
//   node build/js/bench/vm-bombs.js            the cost of preparing each, lazily and completely in either compiler
//   node build/js/bench/vm-bombs.js WORD…      those whose names contain a word; exit code 1 if one exceeds a bound
//
// Each runs in a child, whose flags make V8 compile everything at once; by default it defers functions that are never
// called. Milliseconds are wall-clock time, over as many threads as V8 uses, instrumentation included; the best of
// three runs, because machines are shared. No limit bounds what the optimizing compiler takes for the families marked
// superlinear (host/vm/running/compile.ts): their third column is printed, and not judged. Ordinary modules, named
// after `--`, are measured in the same way.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidModule, prepare } from '../host/vm/index.js';
import { addedMb } from './memory.js';
import { BOMBS, fill } from './vm-bomb-families.js';
import { functionOf } from './vm-raw.js';
import { containing } from './words.js';

const RUNS = 3;
const MINUTE_MS = 60_000;
const BOUND_MS = 250;
const BOUND_MB = 64;

const FLAGS = {
  lazy: [],
  baseline: ['--no-wasm-lazy-compilation', '--liftoff', '--liftoff-only'],
  optimizing: ['--no-wasm-lazy-compilation', '--no-liftoff', '--no-wasm-tier-up'],
};

/**
 * Keeps a child alive until it exits: under --no-wasm-lazy-compilation, Node 24 does not wait for the WebAssembly that
 * its modules compile asynchronously while they load.
 */
const ALIVE = ['--import', 'data:text/javascript,setInterval(() => undefined, 2 ** 30)'];

interface Cost {
  readonly bytes: number;
  readonly refusal: string;
  readonly ms: number;
  readonly mb: number;
}

/** In a child: prepares one module and prints the time that took and the memory it added. */
function child(what: string, functions: number, pieces: number): void {
  const code = pieces < 0 ? new Uint8Array(readFileSync(what)) : BOMBS[Number(what)]!.build(functions, pieces);
  prepare(functionOf([0x01])); // the VM itself is warm
  let refusal = '';
  let ms = 0;
  const mb = addedMb(() => {
    const started = performance.now();
    try {
      prepare(code);
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
      refusal = error.message;
    }
    ms = performance.now() - started;
  });
  const cost: Cost = { bytes: code.length, refusal, ms, mb };
  process.stdout.write(JSON.stringify(cost), () => process.exit());
}

/** The best of several runs in children with these flags, or how a child ended without a result. */
function measure(flags: readonly string[], runs: number, ...args: readonly (string | number)[]): Cost | string {
  const own = [...ALIVE, ...flags, fileURLToPath(import.meta.url), '--child', ...args.map(String)];
  const costs: Cost[] = [];
  for (let left = runs; left > 0; left -= 1) {
    const { status, error, stdout } = spawnSync(process.execPath, own, {
      encoding: 'utf8',
      timeout: MINUTE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (status !== 0) return error === undefined ? 'V8 died' : 'over a minute';
    costs.push(JSON.parse(stdout) as Cost);
  }
  return { ...costs[0]!, ms: Math.min(...costs.map(({ ms }) => ms)), mb: Math.min(...costs.map(({ mb }) => mb)) };
}

/**
 * Prints a row and returns whether it is within the bounds, which do not apply to the optimizing compiler if
 * `superlinear`.
 */
function row(name: string, size: string, superlinear: boolean, ...args: readonly (string | number)[]): boolean {
  const costs = Object.entries(FLAGS).map(([mode, flags]) => {
    const hopeless = superlinear && mode === 'optimizing';
    const cost = measure(flags, hopeless ? 1 : RUNS, ...args);
    if (typeof cost === 'string') return { cost: undefined, bad: !hopeless, text: cost.padStart(16) };
    const over = cost.ms > BOUND_MS || cost.mb > BOUND_MB;
    return { cost, bad: over && !hopeless, text: `${cost.ms.toFixed(0)} / ${cost.mb.toFixed(0)}`.padStart(16) };
  });
  const bad = costs.some((column) => column.bad);
  const { bytes = 0, refusal = '' } = costs[0]!.cost ?? {};
  const verdict = bad ? 'OVER' : superlinear ? 'superlinear' : '';
  const kB = (bytes / 1000).toFixed(0);
  console.log(name.padEnd(56), size.padStart(14), kB.padStart(6), ...costs.map(({ text }) => text), verdict, refusal);
  return !bad;
}

function main(args: readonly string[]): void {
  const files = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
  const words = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const chosen = containing('bomb', BOMBS, ({ name }) => name, words);
  console.log(`Bounds: ${BOUND_MS} ms and ${BOUND_MB} MB, in each column.`);
  const modes = Object.keys(FLAGS).map((mode) => `${mode} ms/MB`.padStart(16));
  console.log('bomb'.padEnd(56), 'fns × pieces'.padStart(14), 'kB'.padStart(6), ...modes);
  let within = true;
  for (const bomb of chosen) {
    const { functions, pieces } = fill(bomb);
    within =
      row(bomb.name, `${functions} × ${pieces}`, bomb.superlinear, BOMBS.indexOf(bomb), functions, pieces) && within;
  }
  for (const file of files) row(file.split('/').pop()!, '', false, file, 0, -1);
  process.exitCode = within ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , first, ...rest] = process.argv;
  if (first === '--child') child(rest[0]!, Number(rest[1]), Number(rest[2]));
  else main(process.argv.slice(2));
}
