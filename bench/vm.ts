// What metering costs: each kernel metered and unmetered by turns, in one process; and how long preparing takes.
//
//   node build/js/bench/vm.js [NAME…]      the kernels named, all without
//
// A figure is the median, over the rounds, of the ratio of the two in one round. Time is processor time, so that a busy
// machine disturbs less.
import { prepare } from '../host/vm/index.js';
import { printMachine } from './report.js';
import { buildKernels, KERNELS } from './vm-kernels.js';

const ROUNDS = 9;
const WARM_UP = 4;
const GAS = 1n << 60n;

const median = (values: number[]): number => values.sort((left, right) => left - right)[values.length >> 1]!;

/** Milliseconds of processor time. */
function timed(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function compare(code: Uint8Array, name: string, size: number): { plainMs: number; ratio: number; fuelPerNs: number } {
  const plain = new WebAssembly.Instance(new WebAssembly.Module(code), {}).exports[name] as (n: number) => number;
  const module = prepare(code);
  const guest = module.instantiate();
  let fuel = 0;
  const metered = (): number => {
    const { value, gasUsed, outcome } = guest.call(name, [size], { gas: GAS });
    if (outcome !== 'returned') throw new Error(`${name} ${outcome}`);
    fuel = Number(gasUsed);
    return value as number;
  };
  if (metered() !== plain(size) >>> 0) throw new Error(`${name} answers otherwise when metered`);
  for (let round = 0; round < WARM_UP; round += 1) {
    metered();
    plain(size);
  }
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const first = round % 2 === 0 ? timed(() => plain(size)) : timed(metered);
    const second = round % 2 === 0 ? timed(metered) : timed(() => plain(size));
    return round % 2 === 0 ? { plain: first, metered: second } : { plain: second, metered: first };
  });
  const plainMs = median(rounds.map((round) => round.plain));
  return { plainMs, ratio: median(rounds.map((round) => round.metered / round.plain)), fuelPerNs: fuel / (plainMs * 1e6) };
}

const code = await buildKernels();
const chosen = process.argv.slice(2);
const ratios: number[] = [];
printMachine();
console.log('kernel'.padEnd(16), 'unmetered ms'.padStart(14), 'metered x'.padStart(12), 'fuel / ns'.padStart(12));
for (const [name, size] of KERNELS) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const { plainMs, ratio, fuelPerNs } = compare(code, name, size);
  ratios.push(ratio);
  console.log(name.padEnd(16), plainMs.toFixed(2).padStart(14), ratio.toFixed(2).padStart(12), fuelPerNs.toFixed(2).padStart(12));
}
const geometric = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
console.log(`\ngeometric mean x ${geometric.toFixed(2)} (goal 1.15), worst x ${Math.max(...ratios).toFixed(2)} (goal 1.5)`);

const preparing = Array.from({ length: 21 }, () => timed(() => void prepare(code)));
const module = prepare(code);
const instances = Array.from({ length: 51 }, () => timed(() => void module.instantiate()));
console.log(`prepare of ${(code.length / 1000).toFixed(1)} kB: ` +
  `${median(preparing).toFixed(2)} ms; a fresh instance: ${median(instances).toFixed(3)} ms`);
