// What a module costs a node that prepares it, compared with what is charged for it:
//   - to register it: 7 ms and 150 ns a byte (docs/decisions/0001-specification.md, D38), a price by hand;
//   - to call it: the set-up of an instance, and the runtime's price of code beyond 16 KiB. Only modules count that a node can't
//     keep prepared for all classes that a block can call (ON_CHAIN_CACHE_BYTES_MAX of host/executor/guest.ts).
//
//   node build/js/bench/weights/preparing.js           each family at several lengths; exit code 1 if one exceeds a price
//                                                      by half
//   node build/js/bench/weights/preparing.js WORD…     families whose names contain a word
//
// Families are the compile bombs, and modules that repeat what is no instruction (preparing-shapes.ts), as accepted modules
// that fill a length, and as ones that are refused only at the end: their last function is invalid, or their instrumented form
// is too long. A time is processor time of all threads, the median of several runs, each with other prices, so that V8 shares
// no code between them.
import { ON_CHAIN_PREPARING } from '../../host/executor/index.js';
import { FUEL_PS, InvalidModule, LIMITS, prepare, type Limits, type PreparedModule } from '../../host/vm/index.js';
import { loops } from '../../tests/pallets/support/guests.js';
import { median, timed } from '../timing.js';
import { BOMBS, fill } from '../vm-bomb-families.js';
import { containing } from '../words.js';
import { filled, SHAPES } from './preparing-shapes.js';

/** Of a registration. */
const PRICE_MS = 7;
const PRICE_MS_A_BYTE = 150e-6;
/** Of a call, of code beyond a length: PREPARING_PS_PER_BYTE and PREPARED_CODE_BYTES of WorkClasses. */
const CALL_MS_A_BYTE = 20e-6;
const PREPARED_BYTES = 16_384;
/** What the cache estimates for a module, and what it has for each class that a block can call. */
const KEPT_BYTES = (instrumented: number): number => 16_384 + 9 * instrumented;
const KEPT_BYTES_MAX = 256 * 1_024;
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

const limitsOf = (length: number): Limits => ({
  ...ON_CHAIN_PREPARING.limits,
  moduleBytes: length,
  bodyBytes: Math.min(LIMITS.bodyBytes, length / 2),
});

/** A family's modules that fill each length, and the same with an invalid end; those that fill less than half are left out. */
function casesOf(name: string, build: (limits: Limits) => Uint8Array | undefined): Case[] {
  const cases: Case[] = [];
  for (const length of LENGTHS) {
    const code = build(limitsOf(length));
    if (code === undefined || (code.length * 2 < length && cases.length > 0)) continue;
    cases.push({ name, code }, { name: `${name}, the end invalid`, code: invalid(code) });
  }
  return cases;
}

function bombOf(bomb: (typeof BOMBS)[number], limits: Limits): Uint8Array | undefined {
  const { functions, pieces } = fill(bomb, limits, PRECISION);
  return functions < 1 || pieces < 1 ? undefined : bomb.build(functions, pieces);
}

/** The code with a last instruction that no module may have: refused once all before it has been read. */
function invalid(code: Uint8Array): Uint8Array {
  const changed = code.slice();
  changed[changed.length - 2] = 0xff;
  return changed;
}

let prices = 0;

/** The time, and the module unless it is refused. */
function prepareMs(code: Uint8Array): { ms: number; module: PreparedModule | undefined } {
  prices = (prices % 40) + 1;
  const { schedule } = ON_CHAIN_PREPARING;
  let module: PreparedModule | undefined;
  const ms = timed(() => {
    try {
      module = prepare(code, { ...ON_CHAIN_PREPARING, schedule: { ...schedule, operator: prices } });
    } catch (error) {
      if (!(error instanceof InvalidModule)) throw error;
    }
  });
  return { ms, module };
}

/** What a call is charged for preparing; undefined for a module that stays prepared. */
function callPriceMs({ setupFuel, instrumented }: PreparedModule, length: number): number | undefined {
  if (KEPT_BYTES(instrumented.length) <= KEPT_BYTES_MAX) return undefined;
  return Number(setupFuel * FUEL_PS) / 1e9 + CALL_MS_A_BYTE * Math.max(0, length - PREPARED_BYTES);
}

function main(words: readonly string[]): void {
  const families = [
    ...BOMBS.map((bomb) => ({ name: bomb.name, cases: () => casesOf(bomb.name, (limits) => bombOf(bomb, limits)) })),
    ...SHAPES.map((shape) => ({
      name: shape.name,
      cases: () => casesOf(shape.name, (limits) => filled(shape, limits)),
    })),
    { name: 'empty loops', cases: () => [{ name: 'empty loops', code: loops() }] },
  ];
  const worst = { registering: 0, calling: 0 };
  console.log('module'.padEnd(70), 'bytes'.padStart(8), 'ms'.padStart(8), 'of registering, of calling');
  for (const { cases } of containing('family', families, ({ name }) => name, words))
    for (const { name, code } of cases()) {
      prepareMs(code);
      const runs = Array.from({ length: RUNS }, () => prepareMs(code));
      const ms = median(runs.map((run) => run.ms));
      const { module } = runs[0]!;
      const registering = ms / (PRICE_MS + PRICE_MS_A_BYTE * code.length);
      const price = module && callPriceMs(module, code.length);
      const calling = price === undefined ? 0 : ms / price;
      worst.registering = Math.max(worst.registering, registering);
      worst.calling = Math.max(worst.calling, calling);
      console.log(
        name.padEnd(70),
        String(code.length).padStart(8),
        ms.toFixed(2).padStart(8),
        registering.toFixed(2),
        module === undefined ? 'refused' : price === undefined ? 'kept' : calling.toFixed(2),
        Math.max(registering, calling) > RATIO_MAX ? 'OVER' : '',
      );
    }
  console.log(`worst: ${worst.registering.toFixed(2)} and ${worst.calling.toFixed(2)} of the price`);
  process.exitCode = Math.max(worst.registering, worst.calling) > RATIO_MAX ? 1 : 0;
}

main(process.argv.slice(2));
