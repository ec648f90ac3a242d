// Fuel is exact: on return, on every trap, and at the very unit at which it runs out, the VM agrees with the reference
// meter.
import { describe, expect, test } from '@jest/globals';
import { prepare } from '../../../host/vm/index.js';
import type { CallResult } from '../../../host/vm/index.js';
import { CASES } from './cases.js';
import { Reference } from './reference.js';
import type { ReferenceResult } from './reference.js';
import { wat } from './wat.js';

const PLENTY = 50_000_000n;
/** Units of stack: few, so that the reference can recurse in JavaScript. */
const STACK = 4_000;

/** What both must agree on. */
function agreed(result: CallResult | ReferenceResult): unknown {
  const { outcome, values, trap, fuelUsed } = { values: undefined, trap: undefined, ...result };
  return { outcome, values, trap, fuelUsed };
}

describe('fuel is exact against a plain per-instruction counter', () => {
  for (const { name, wat: source, calls } of CASES) {
    describe(name, () => {
      const code = wat(source);
      const module = prepare(code);
      const both = (fuel: bigint, entry: string, args: readonly (number | bigint)[]) => ({
        vm: module.instantiate().call(entry, args, { fuel, stack: STACK }),
        reference: new Reference(code, module.setupFuel).call(entry, args, fuel, STACK),
      });
      for (const [entry, ...args] of calls) {
        test(`${entry}(${args.join(', ')})`, () => {
          const { vm, reference } = both(PLENTY, entry, args);
          expect(agreed(vm)).toEqual(agreed(reference));
          expect(vm.outcome).not.toBe('outOfFuel');
          if (vm.outcome === 'returned') expect(reference.executed).toBe(Number(vm.fuelUsed));
          else expect(reference.executed).toBeLessThanOrEqual(Number(vm.fuelUsed));

          // Exactly enough is enough; one unit less, or half, is not.
          expect(agreed(both(vm.fuelUsed, entry, args).vm)).toEqual(agreed(vm));
          for (const fuel of [
            vm.fuelUsed - 1n,
            module.setupFuel + (vm.fuelUsed - module.setupFuel) / 2n,
            module.setupFuel,
            0n,
          ]) {
            if (fuel >= vm.fuelUsed) continue;
            const short = both(fuel, entry, args);
            expect(agreed(short.vm)).toEqual({ outcome: 'outOfFuel', fuelUsed: fuel });
            expect(agreed(short.reference)).toEqual(agreed(short.vm));
          }
        });
      }
    });
  }

  test('several calls of one instance are metered apart', () => {
    const code = wat(CASES.find(({ name }) => name.startsWith('globals and'))!.wat);
    const module = prepare(code);
    const guest = module.instantiate();
    const reference = new Reference(code, module.setupFuel);
    for (let round = 0; round < 3; round += 1) {
      expect(agreed(guest.call('f', [], { fuel: PLENTY }))).toEqual(agreed(reference.call('f', [], PLENTY)));
    }
  });
});
