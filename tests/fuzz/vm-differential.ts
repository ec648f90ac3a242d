// One seed of the differential fuzzer: the module as it is, instrumented, and under the reference meter must agree.
import v8 from 'node:v8';
import { prepare } from '../../host/vm/index.js';
import type { CallResult } from '../../host/vm/index.js';
import { trapName } from '../../host/vm/outcome.js';
import { Reference } from '../unit/vm/reference.js';
import type { ReferenceResult } from '../unit/vm/reference.js';
import { randomModule } from './vm-generator.js';

/** V8's ways to compile: both tiers, the baseline alone, the optimizing one alone. */
export const TIERS = [
  ['--no-liftoff-only', '--liftoff', '--wasm-tier-up'], ['--liftoff', '--liftoff-only'], ['--no-liftoff-only', '--no-liftoff', '--no-wasm-tier-up'],
] as const;

const GAS = 30_000n;
const STACK = 1_500;

/** What went wrong with a seed, `undefined` when all agree; `counts` is told of every outcome. */
export function differ(seed: number, counts: Record<string, number>): string | undefined {
  const { code, calls } = randomModule(seed);
  for (const flag of TIERS[seed % TIERS.length]!) v8.setFlagsFromString(flag);
  const module = prepare(code);
  const original = new WebAssembly.Module(code);
  const gas = module.setupFuel + GAS;
  for (const [entry, ...args] of calls) {
    const guest = module.instantiate();
    const reference = new Reference(code, module.setupFuel);
    const metered = guest.call(entry, args, { gas, stack: STACK });
    const expected = reference.call(entry, args, gas, STACK);
    counts[metered.outcome] = (counts[metered.outcome] ?? 0) + 1;
    const told = (what: string, left: unknown, right: unknown): string => (
      `seed ${seed}, ${entry}(${args.join(', ')}): ${what}: ${show(left)} and ${show(right)}`
    );
    if (show(brief(metered)) !== show(brief(expected))) return told('vm and reference', brief(metered), brief(expected));
    if (metered.outcome === 'returned') {
      if (BigInt(expected.executed) !== metered.gasUsed) return told('gas and instructions executed', metered.gasUsed, expected.executed);
      if (!Buffer.from(guest.peek(0, reference.memory.length)!).equals(reference.memory)) return told('memory', 'vm', 'reference');
    }
    if (metered.outcome === 'outOfGas' || metered.outcome === 'stackExhausted') continue;
    const plain = runOriginal(original, entry, args);
    const same = show(plain) === show({ values: metered.values, trap: metered.trap });
    if (!same) return told('vm and original', { values: metered.values, trap: metered.trap }, plain);
    // At the edge: exactly enough, and one unit less.
    const exact = module.instantiate().call(entry, args, { gas: metered.gasUsed, stack: STACK });
    if (show(brief(exact)) !== show(brief(metered))) return told('exactly enough gas', brief(exact), brief(metered));
    const short = module.instantiate().call(entry, args, { gas: metered.gasUsed - 1n, stack: STACK });
    if (short.outcome !== 'outOfGas' || short.gasUsed !== metered.gasUsed - 1n) return told('one unit less', brief(short), brief(metered));
  }
  return undefined;
}

function brief({ outcome, values, trap, gasUsed }: CallResult | ReferenceResult): unknown {
  return { outcome, values, trap, gasUsed };
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
}

function runOriginal(module: WebAssembly.Module, entry: string, args: readonly (number | bigint)[]): unknown {
  try {
    const instance = new WebAssembly.Instance(module, {});
    const raw: unknown = (instance.exports[entry] as (...values: unknown[]) => unknown)(...args);
    const values = (raw === undefined ? [] : Array.isArray(raw) ? raw : [raw]) as (number | bigint)[];
    return { values: values.map((value) => (typeof value === 'bigint' ? BigInt.asUintN(64, value) : value >>> 0)), trap: undefined };
  } catch (error) {
    return { values: undefined, trap: trapName(error as Error) };
  }
}
