// The program that compile.test.ts watches: modules of one function that runs often, each compiled for one choice of
// compilers.
import { prepare } from '../../../host/vm/index.js';
import type { Compiler } from '../../../host/vm/index.js';
import { rawModule } from '../../../bench/vm-raw.js';

/** A loop that ends when local 0 reaches `turns`, around `inner`. */
const loop = (turns: readonly number[], inner: readonly number[]): number[] => [
  0x03,
  0x40,
  ...inner,
  0x20,
  0,
  0x41,
  1,
  0x6a,
  0x22,
  0,
  0x41,
  ...turns,
  0x49,
  0x0d,
  0,
  0x0b,
];

/**
 * Function 1 turns a hundred times; function 0 calls it a hundred thousand times. Other counts of `nop`, other modules.
 */
function build(nops: number): Uint8Array {
  const locals = [[1, 0x7f]] as const;
  return rawModule({
    functions: [
      { type: 0, locals, code: loop([0xa0, 0x8d, 6], [0x10, 1]) },
      { type: 0, locals, code: [...Array<number>(nops).fill(0x01), ...loop([0xe4, 0], [])] },
    ],
  });
}

const MODULES: readonly (readonly [nops: number, compiler: Compiler])[] = [
  [1, 'tiers'],
  [2, 'baseline'],
  [3, 'tiers'],
  [3, 'baseline'],
];
const kept = [];
for (const [nops, compiler] of MODULES) {
  console.log(`== ${nops} nop, ${compiler}`);
  const guest = prepare(build(nops), { compiler }).instantiate();
  kept.push(guest); // so that V8 can't forget what it compiled for it
  const { outcome, fuelUsed } = guest.call('f', [], { fuel: 10n ** 12n });
  await new Promise((resolve) => {
    setTimeout(resolve, 1_000);
  }); // V8 reports late what it compiles in the background
  console.log(`${outcome}, used ${fuelUsed}`);
}
