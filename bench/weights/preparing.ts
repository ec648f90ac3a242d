// What a module costs a node that prepares it to check or to run it, compared with what registering it is charged:
// 7 ms and 150 ns a byte (docs/decisions/0001-specification.md, D38), a price by hand.
//
//   node build/js/bench/weights/preparing.js           each family at several lengths; exit code 1 if one exceeds the price
//                                                      by half
//   node build/js/bench/weights/preparing.js WORD…     families whose names contain a word
//
// Families are those of the compile bombs, as accepted modules that fill a length, and as ones that are refused only at the
// end: their last function is invalid, or their instrumented form is too long. A time is processor time of all threads, the
// median of several runs, each with other prices, so that V8 shares no code between them.
import { ON_CHAIN_PREPARING } from '../../host/executor/index.js';
import { InvalidModule, LIMITS, prepare, type Limits } from '../../host/vm/index.js';
import { loops } from '../../tests/pallets/support/guests.js';
import { median, timed } from '../timing.js';
import { BOMBS, fill } from '../vm-bomb-families.js';
import { containing } from '../words.js';

const PRICE_MS = 7;
const PRICE_MS_A_BYTE = 150e-6;
/** The greatest ratio of time to price: machines are shared, and differ. */
const RATIO_MAX = 1.5;
const KIB = 1_024;
const LENGTHS = [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB];
/** How exactly a length is filled: within a part in 2 to the power of this. */
const PRECISION = 4;
const RUNS = 5;

interface Case {
  readonly name: string;
  readonly code: Uint8Array;
}

/** A family's modules that fill each length, and the same with an invalid end; those that fill less than half are left out. */
function casesOf(bomb: (typeof BOMBS)[number]): Case[] {
  const cases: Case[] = [];
  for (const length of LENGTHS) {
    const limits: Limits = { ...LIMITS, moduleBytes: length, bodyBytes: Math.min(LIMITS.bodyBytes, length / 2) };
    const { functions, pieces } = fill(bomb, limits, PRECISION);
    if (functions < 1 || pieces < 1) continue;
    const code = bomb.build(functions, pieces);
    if (code.length * 2 < length && cases.length > 0) continue;
    cases.push({ name: bomb.name, code }, { name: `${bomb.name}, the end invalid`, code: invalid(code) });
  }
  return cases;
}

/** The code with a last instruction that no module may have: refused once all before it has been read. */
function invalid(code: Uint8Array): Uint8Array {
  const changed = code.slice();
  changed[changed.length - 2] = 0xff;
  return changed;
}

let prices = 0;

function prepareMs(code: Uint8Array): { ms: number; refused: boolean } {
  prices = (prices % 40) + 1;
  const { schedule } = ON_CHAIN_PREPARING;
  let refused = false;
  const ms = timed(() => {
    try {
      prepare(code, { ...ON_CHAIN_PREPARING, schedule: { ...schedule, operator: prices } });
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
      refused = true;
    }
  });
  return { ms, refused };
}

function main(words: readonly string[]): void {
  const chosen = containing('family', BOMBS, ({ name }) => name, words);
  const families = [...chosen.map((bomb) => () => casesOf(bomb)), () => [{ name: 'empty loops', code: loops() }]];
  let worst = 0;
  for (const cases of families)
    for (const { name, code } of cases()) {
      prepareMs(code);
      const runs = Array.from({ length: RUNS }, () => prepareMs(code));
      const ms = median(runs.map((run) => run.ms));
      const ratio = ms / (PRICE_MS + PRICE_MS_A_BYTE * code.length);
      worst = Math.max(worst, ratio);
      const verdict = runs[0]!.refused ? 'refused' : '';
      const over = ratio > RATIO_MAX ? 'OVER' : '';
      console.log(
        name.padEnd(70),
        String(code.length).padStart(8),
        ms.toFixed(2).padStart(8),
        ratio.toFixed(2),
        verdict,
        over,
      );
    }
  console.log(`worst: ${worst.toFixed(2)} of the price`);
  process.exitCode = worst > RATIO_MAX ? 1 : 0;
}

main(process.argv.slice(2));
