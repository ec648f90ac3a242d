// Metering compared with other engines: the kernels of bench:vm under wasmtime, wasmi and wasm-instrument, in turn with
// host/vm.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printMachine } from '../report.js';
import { ROOT } from '../root.js';
import { geometricMean, median } from '../timing.js';
import { buildKernels, KERNELS } from '../vm-kernels.js';
import type { Kernel } from '../vm-kernels.js';
import { named } from '../words.js';
import { inChild, OURS, PLAIN, wasmInstrument } from './engines.js';
import type { Engine } from './engines.js';
import { rust, wasmtime, WASMTIME_VERSION } from './tools.js';

const HELP = `npm run bench:peers [-- NAME…]      the kernels named, all without

Runs each kernel in every engine by turns and prints the time of each as a ratio to V8 without metering, then what metering
costs each engine: its time metered by its time unmetered, of the same round. A figure is the median of the rounds; time is
processor time. Every result is compared with V8's.

  CoreJam           host/vm, stack limiter included
  w-i global        wasm-instrument, which charges by a mutable global and a local function, in V8
  w-i gl+stack      the same with its stack limiter
  w-i host+st.      wasm-instrument, which charges by a function of the host, with its stack limiter, in V8
  wasmtime, wasmi   without fuel, and with it

wasmtime needs python3 with pip, the others need cargo; what they load goes into build/peers. What is missing is named and
left out. wasm-instrument knows no bulk memory, so the kernels here do without.
`;

const ROUNDS = 7;
const WARM_UP = 4;
const WIDTH = 14;

/** The engines that are available; prints which are not. */
async function engines(): Promise<Engine[]> {
  const found = [PLAIN, OURS];
  const skipped = (names: string, why: string): void => console.log(`skipped: ${names}: ${why}`);
  const crate = await rust();
  if ('missing' in crate) skipped('wasm-instrument, wasmi', crate.missing);
  else found.push(...wasmInstrument(crate.command));
  const python = await wasmtime();
  if ('missing' in python) {
    skipped('wasmtime', python.missing);
  } else {
    found.push(inChild('wasmtime', undefined, python.command));
    found.push(inChild('wasmtime+fuel', 'wasmtime', [...python.command, 'fuel']));
  }
  if ('command' in crate) {
    found.push(inChild('wasmi', undefined, [...crate.command, 'wasmi']));
    found.push(inChild('wasmi+fuel', 'wasmi', [...crate.command, 'wasmi', 'fuel']));
  }
  return found;
}

/**
 * Milliseconds of each round by engine. All engines make the same calls of a fresh instance, and must return the same.
 */
async function measure(kernel: Kernel, path: string, all: readonly Engine[]): Promise<Map<string, number[]>> {
  for (const engine of all) await engine.load(path);
  const times = new Map(all.map(({ name }) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    let expected: number | undefined;
    for (let turn = 0; turn < all.length; turn += 1) {
      const engine = all[(turn + round + WARM_UP) % all.length]!;
      const { value, ms } = await engine.call(kernel.name, kernel.size);
      expected ??= value;
      if (value !== expected)
        throw new Error(`${kernel.name}: ${engine.name} returns ${value}, another engine ${expected}`);
      if (round >= 0) times.get(engine.name)!.push(ms);
    }
  }
  return times;
}

const row = (name: string, cells: readonly string[]): void =>
  console.log(name.padEnd(14) + cells.map((cell) => cell.padStart(WIDTH)).join(''));
const ratio = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** For each engine but the first, the median over the rounds of its time by that of another. */
function ratios(times: Map<string, number[]>, of: readonly Engine[], to: (engine: Engine) => string): number[] {
  return of.map((engine) => {
    const base = times.get(to(engine))!;
    return median(times.get(engine.name)!.map((ms, round) => ms / base[round]!));
  });
}

async function main(names: readonly string[]): Promise<void> {
  const kernels = named('kernel', KERNELS, ({ name }) => name, names);
  const all = await engines();
  const others = all.slice(1);
  const metered = all.filter(({ unmetered }) => unmetered !== undefined);
  const folder = join(ROOT, 'build/peers/kernels');
  mkdirSync(folder, { recursive: true });
  const codes = await buildKernels({ bulk: false });
  for (const [language, code] of Object.entries(codes)) writeFileSync(join(folder, `${language}.wasm`), code);

  printMachine();
  console.log(
    `wasmtime ${WASMTIME_VERSION}; versions of wasmi and wasm-instrument are in bench/peers/rust/Cargo.toml; ` +
      `median of ${ROUNDS} rounds after ${WARM_UP}\n`,
  );
  console.log('time, by that of V8 without metering');
  row('kernel', ['V8 ms', ...others.map(({ name }) => name)]);
  const byPlain: number[][] = [];
  const overheads: [string, number[]][] = [];
  for (const kernel of kernels) {
    const times = await measure(kernel, join(folder, `${kernel.language}.wasm`), all);
    const relative = ratios(times, others, () => PLAIN.name);
    byPlain.push(relative);
    overheads.push([kernel.name, ratios(times, metered, ({ unmetered }) => unmetered!)]);
    row(kernel.name, [median(times.get(PLAIN.name)!).toFixed(2), ...relative.map(ratio)]);
  }
  const means = (rows: readonly number[][]): string[] =>
    rows[0]!.map((_, column) => ratio(geometricMean(rows.map((cells) => cells[column]!))));
  row('geometric mean', ['', ...means(byPlain)]);
  console.log('\nmetering: time metered by time unmetered in the same engine');
  row(
    'kernel',
    metered.map(({ name }) => name),
  );
  for (const [name, cells] of overheads) row(name, cells.map(ratio));
  row('geometric mean', means(overheads.map(([, cells]) => cells)));
  row(
    'worst',
    metered.map((_, column) => ratio(Math.max(...overheads.map(([, cells]) => cells[column]!)))),
  );
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.error('\nstopped');
    process.exit(130);
  });
}
const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(HELP);
} else {
  await main(args);
  process.exit(); // the engines' processes end with this one
}
