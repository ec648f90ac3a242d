// Benchmarks of Accumulation's hooks, and of calling a class's guest.
import { blake2_256, utf8 } from '../../../host/bytes/index.js';
import type { TestChain } from '../../../tests/harness/chain.js';
import type { Benchmark, Values } from '../benchmark.js';
import { busyChain, FIRST_CLASS, ITEMS_MAX, pokeClasses, pokeReport, pokeTracked, type Tracked } from '../packages.js';
import { once } from '../scenes.js';

const CORES = 512;
/** Few, so that what each of the packages that wait costs is not lost in what those taken cost. */
const TAKEN = 16;
const pallet = 'Accumulation';

const scene = once(async () => {
  const chain = await busyChain(CORES);
  for (let id = FIRST_CLASS; id < FIRST_CLASS + TAKEN; id++) pokeClasses(chain, id, 1, blake2_256(utf8(`code ${id}`)));
  return chain;
});

/** A core's weight in a block: 75 % of 2 s for 512 cores, in picoseconds. */
const LIMIT = 1_500_000_000_000n / BigInt(CORES);

/** Queues of which `taken` packages on as many cores are taken, with items of `slices` classes. */
function queues(chain: TestChain, { pending = 0, ready = 0, taken = 0, slices = 0 }: Values): void {
  const tracked = (core: number, order: number): Tracked => ({
    core,
    order,
    registeredAt: chain.number - 2,
    classes: Array.from({ length: ITEMS_MAX }, (_, item) => FIRST_CLASS + ((ITEMS_MAX * order + item) % slices)),
  });
  const queued = Array.from({ length: ready }, (_, index): Tracked => {
    const each = tracked(Math.min(index, taken - 1), index);
    // Behind the last that is taken, one that its core's weight is too little for.
    return index < taken ? each : { ...each, accumulate: LIMIT };
  });
  pokeTracked(chain, 'Ready', queued);
  for (const each of queued.slice(0, taken)) pokeReport(chain, each);
  pokeTracked(
    chain,
    'Pending',
    // Registered in this block, so that the weight of their `prune` counts.
    Array.from({ length: pending }, (_, core) => ({ ...tracked(core, ready + core), registeredAt: chain.number })),
  );
}

export const ACCUMULATION: readonly Benchmark[] = [
  {
    pallet,
    name: 'accumulate',
    worst:
      'Each package has items of four classes. Slices are declared as none: WorkClasses.invoke has them, which classes pay. Nor are packages taken, which their cores pay.',
    components: {
      pending: { unit: 'packages that await availability', min: 0, max: CORES },
      ready: { unit: 'packages in queues', min: 2 * TAKEN, max: CORES },
      taken: { unit: 'packages of them that are taken', min: TAKEN / 4, max: TAKEN },
      slices: { unit: 'calls of classes', min: TAKEN / 4, max: TAKEN },
    },
    scene,
    declaredAt: (values) => ({ ...values, taken: 0, slices: 0 }),
    // What the cores' packages may use is reserved with it, and includes what the end of the block does for each (step 6).
    reserves: ({ taken = 0 }) => LIMIT * BigInt(taken),
    subject: (chain, values) => {
      queues(chain, values);
      return { hook: 'Accumulation.accumulate' };
    },
  },
  {
    pallet,
    name: 'onInitialize',
    worst: 'Any block.',
    components: {},
    scene,
    subject: () => ({ hook: 'Accumulation.onInitialize' }),
  },
];
