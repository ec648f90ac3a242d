// Differential fuzzing of the metered VM: random modules in the original, instrumented, and by the reference meter, in
// every tier of V8. `FUZZ_SECONDS` sets the duration (30000 for a night), `FUZZ_SEED` repeats a run, `FUZZ_JOBS` is the
// number of processes at work.
import { expect, test } from '@jest/globals';
import { availableParallelism } from 'node:os';
import type { FuzzReport } from './vm-main.js';
import { wasmOpt } from './vm-binaryen.js';
import { runFuzzer } from './vm-process.js';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 60);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
const jobs = Number(process.env['FUZZ_JOBS'] ?? Math.min(availableParallelism(), 4));

test(
  'random modules: original, instrumented and reference agree, in every way of compiling',
  async () => {
    console.log(`vm fuzz: FUZZ_SEED=${seed} FUZZ_SECONDS=${seconds} FUZZ_JOBS=${jobs}`);
    const { found, outcomes, modules } = await runFuzzer<FuzzReport>('fuzz', seconds, seed, jobs);
    expect(found).toEqual([]);
    // A generator that never gets anywhere proves nothing.
    const runs = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    for (const outcome of ['returned', 'trapped', 'outOfFuel', 'stackExhausted']) {
      expect(outcomes[outcome] ?? 0).toBeGreaterThan(runs / 50);
    }
    const sources = ['random', 'damaged', 'real', ...(wasmOpt() === undefined ? [] : ['binaryen'])];
    for (const source of sources) expect([source, modules[source]?.ran ?? 0]).not.toEqual([source, 0]);
    for (const source of ['damaged', 'real']) expect(modules[source]!.refused).toBeGreaterThan(0);
  },
  seconds * 1000 + 180_000,
);
