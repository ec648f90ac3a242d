// The cost of metering: each kernel metered and unmetered in turn, in one process; and the time that preparing takes.
//
//   npm run bench:vm [-- NAME…]      the kernels named; by default all, and then bad input (vm-inputs.ts)
//
// A figure is the median, over several processes, of the median of the ratios of all rounds: where V8 places code, and
// what it does meanwhile, differs more between processes than between rounds. Time is processor time, so that other
// load disturbs less.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepare } from '../host/vm/index.js';
import { printMachine } from './report.js';
import { geometricMean, median, timed } from './timing.js';
import { buildKernels, KERNELS } from './vm-kernels.js';
import { prepareAnew, printInputs } from './vm-inputs.js';
import { rawModule } from './vm-raw.js';
import { named } from './words.js';

const PROCESSES = 5;
const ROUNDS = 15;
/** Wall-clock time, because V8 optimizes in the background: on a busy machine, a short kernel is done long before. */
const WARM_UP_MS = 200;
const FUEL = 1n << 60n;

interface Figure {
  readonly name: string;
  readonly plainMs: number;
  readonly ratio: number;
  readonly fuelPerNs: number;
}

function compare(code: Uint8Array, name: string, size: number): Figure {
  const plain = new WebAssembly.Instance(new WebAssembly.Module(code), {}).exports[name] as (n: number) => number;
  const module = prepare(code);
  const guest = module.instantiate();
  let fuel = 0;
  const metered = (): number => {
    const result = guest.call(name, [size], { fuel: FUEL });
    if (result.outcome !== 'returned') throw new Error(`${name} ${result.outcome}`);
    fuel = Number(result.fuelUsed);
    return result.value as number;
  };
  if (metered() !== plain(size) >>> 0) throw new Error(`${name} returns another value when metered`);
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) {
    metered();
    plain(size);
  }
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const first = round % 2 === 0 ? timed(() => plain(size)) : timed(metered);
    const second = round % 2 === 0 ? timed(metered) : timed(() => plain(size));
    return round % 2 === 0 ? { plain: first, metered: second } : { plain: second, metered: first };
  });
  const plainMs = median(rounds.map((round) => round.plain));
  return {
    name,
    plainMs,
    ratio: median(rounds.map((round) => round.metered / round.plain)),
    fuelPerNs: fuel / (plainMs * 1e6),
  };
}

/** A module near 100 kB of functions with loops, branches, loads and stores. */
function hundredKilobytes(): Uint8Array {
  // loop: x += mem[x & 4092]; if (x & 1) mem[x & 4092] = x; while (--n)
  const loop = [
    0x03, 0x40, 0x20, 1, 0x20, 1, 0x41, 0xfc, 0x1f, 0x71, 0x28, 2, 0, 0x6a, 0x22, 1, 0x41, 1, 0x71, 0x04, 0x40, 0x20, 1,
    0x41, 0xfc, 0x1f, 0x71, 0x20, 1, 0x36, 2, 0, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b,
  ];
  const straight = [0x20, 1, 0x41, 0x2a, 0x6c, 0x20, 0, 0x73, 0x21, 1];
  const code = [...loop, ...straight, ...straight, ...loop, ...straight, 0x0b].slice(0, -1);
  const functions = Array.from({ length: 770 }, () => ({ type: 0, locals: [[2, 0x7f]] as const, code }));
  return rawModule({ memoryPages: 1, functions });
}

/** In a process of its own: how long preparing and instantiating take, in ms. */
function childPreparing(): void {
  const large = hundredKilobytes();
  const preparing = Array.from({ length: 60 }, () => timed(() => prepareAnew(large))).slice(30);
  const onePage = prepare(rawModule({ memoryPages: 1, functions: [{ type: 0, locals: [], code: [] }] }));
  const instances = Array.from({ length: 51 }, () => timed(() => void onePage.instantiate()));
  process.stdout.write(JSON.stringify([large.length, median(preparing), median(instances)]));
}

/** The output of several processes with these arguments. */
function processes<T>(...args: readonly string[]): T[] {
  return Array.from(
    { length: PROCESSES },
    () =>
      JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args], { encoding: 'utf8' })) as T,
  );
}

/** In a process of its own: all the kernels named. */
async function child(chosen: readonly string[]): Promise<void> {
  const codes = await buildKernels();
  const kernels = named('kernel', KERNELS, ({ name }) => name, chosen);
  process.stdout.write(JSON.stringify(kernels.map(({ name, size, language }) => compare(codes[language], name, size))));
}

function printKernels(chosen: readonly string[]): void {
  const runs = processes<Figure[]>('--child', ...chosen);
  console.log('kernel'.padEnd(16), 'unmetered ms'.padStart(14), 'metered x'.padStart(12), 'fuel / ns'.padStart(12));
  const ratios = runs[0]!.map(({ name }, index) => {
    const of = (key: 'plainMs' | 'ratio' | 'fuelPerNs'): number => median(runs.map((run) => run[index]![key]));
    const [plainMs, ratio, fuelPerNs] = [of('plainMs'), of('ratio'), of('fuelPerNs')];
    console.log(
      name.padEnd(16),
      plainMs.toFixed(2).padStart(14),
      ratio.toFixed(2).padStart(12),
      fuelPerNs.toFixed(2).padStart(12),
    );
    return ratio;
  });
  const means = runs.map((run) => geometricMean(run.map(({ ratio }) => ratio)));
  const range = `${Math.min(...means).toFixed(3)} … ${Math.max(...means).toFixed(3)} in ${PROCESSES} processes`;
  const [mean, worst] = [geometricMean(ratios).toFixed(3), Math.max(...ratios).toFixed(2)];
  console.log(`\ngeometric mean of ${ratios.length}: x ${mean} (goal 1.15; ${range}), worst x ${worst} (goal 1.5)`);
}

async function main(chosen: readonly string[]): Promise<void> {
  named('kernel', KERNELS, ({ name }) => name, chosen); // before anything is measured
  printMachine();
  printKernels(chosen);
  const preparing = processes<[bytes: number, prepareMs: number, instanceMs: number]>('--child-preparing');
  const [bytes, prepareMs, instanceMs] = ([0, 1, 2] as const).map((index) =>
    median(preparing.map((figures) => figures[index])),
  );
  console.log(
    `prepare of ${(bytes! / 1000).toFixed(1)} kB, warm: ${prepareMs!.toFixed(2)} ms (goal 10); ` +
      `a fresh instance of one page: ${instanceMs!.toFixed(3)} ms (goal 0.1)`,
  );
  if (chosen.length > 0) return;
  console.log();
  if ((await printInputs()) > 0) process.exitCode = 1;
}

const [, , first, ...rest] = process.argv;
if (first === '--child') await child(rest);
else if (first === '--child-preparing') childPreparing();
else await main(process.argv.slice(2));
