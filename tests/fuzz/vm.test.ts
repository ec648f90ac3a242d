// Differential fuzzing of the metered VM. Prints its seed; `VM_FUZZ_SEED` repeats it, `VM_FUZZ_SECONDS` makes it longer.
import { expect, test } from '@jest/globals';
import { differ } from './vm-differential.js';

const seconds = Number(process.env['VM_FUZZ_SECONDS'] ?? 20);
const first = Number(process.env['VM_FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

test('random modules: original, instrumented and reference agree, in every tier of V8', () => {
  console.log(`vm fuzz: first seed ${first}, ${seconds} s`);
  const until = performance.now() + seconds * 1000;
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  let seed = first;
  for (; performance.now() < until && failures.length < 5; seed += 1) {
    const difference = differ(seed, counts);
    if (difference !== undefined) failures.push(difference);
  }
  console.log(`vm fuzz: ${seed - first} modules, ${JSON.stringify(counts)}`);
  expect(failures).toEqual([]);
  // A generator that never gets anywhere proves nothing.
  for (const outcome of ['returned', 'trapped', 'outOfGas']) expect(counts[outcome]).toBeGreaterThan(0);
}, seconds * 1000 + 30_000);
