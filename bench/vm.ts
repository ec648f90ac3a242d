// What metering costs: each kernel metered and unmetered by turns, in one process; and how long preparing takes.
//
//   npm run bench:vm [-- NAME…]      the kernels named; all without, and then how long bad input takes (vm-inputs.ts)
//
// A figure is the median, over the rounds, of the ratio of the two in one round. Time is processor time, so that a busy
// machine disturbs less.
import { prepare } from '../host/vm/index.js';
import { printMachine } from './report.js';
import { geometricMean, median, timed } from './timing.js';
import { buildKernels, KERNELS } from './vm-kernels.js';
import { prepareAnew, printInputs } from './vm-inputs.js';
import { rawModule } from './vm-raw.js';

const ROUNDS = 9;
const WARM_UP = 4;
const GAS = 1n << 60n;

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

/** A module near 100 kB of functions with loops, branches, loads and stores. */
function hundredKilobytes(): Uint8Array {
  // loop: x += mem[x & 4092]; if (x & 1) mem[x & 4092] = x; while (--n)
  const loop = [
    0x03, 0x40, 0x20, 1, 0x20, 1, 0x41, 0xfc, 0x1f, 0x71, 0x28, 2, 0, 0x6a, 0x22, 1, 0x41, 1, 0x71, 0x04, 0x40,
    0x20, 1, 0x41, 0xfc, 0x1f, 0x71, 0x20, 1, 0x36, 2, 0, 0x0b, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b,
  ];
  const straight = [0x20, 1, 0x41, 0x2a, 0x6c, 0x20, 0, 0x73, 0x21, 1];
  const code = [...loop, ...straight, ...straight, ...loop, ...straight, 0x0b].slice(0, -1);
  const functions = Array.from({ length: 770 }, () => ({ type: 0, locals: [[2, 0x7f]] as const, code }));
  return rawModule({ memoryPages: 1, functions });
}

const codes = await buildKernels();
const chosen = process.argv.slice(2);
const ratios: number[] = [];
printMachine();
console.log('kernel'.padEnd(16), 'unmetered ms'.padStart(14), 'metered x'.padStart(12), 'fuel / ns'.padStart(12));
for (const { name, size, language } of KERNELS) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const { plainMs, ratio, fuelPerNs } = compare(codes[language], name, size);
  ratios.push(ratio);
  console.log(name.padEnd(16), plainMs.toFixed(2).padStart(14), ratio.toFixed(2).padStart(12), fuelPerNs.toFixed(2).padStart(12));
}
const worst = Math.max(...ratios);
const mean = geometricMean(ratios);
console.log(`\ngeometric mean of ${ratios.length}: x ${mean.toFixed(3)} (goal 1.15), worst x ${worst.toFixed(2)} (goal 1.5)`);

const large = hundredKilobytes();
const preparing = Array.from({ length: 25 }, () => timed(() => prepareAnew(large))).slice(4);
const onePage = prepare(rawModule({ memoryPages: 1, functions: [{ type: 0, locals: [], code: [] }] }));
const instances = Array.from({ length: 51 }, () => timed(() => void onePage.instantiate()));
console.log(`prepare of ${(large.length / 1000).toFixed(1)} kB, warm: ${median(preparing).toFixed(2)} ms (goal 10); ` +
  `a fresh instance of one page: ${median(instances).toFixed(3)} ms (goal 0.1)`);
if (chosen.length === 0) {
  console.log();
  await printInputs();
}
