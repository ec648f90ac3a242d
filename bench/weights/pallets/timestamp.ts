// Benchmarks of Timestamp.
import { none } from '../../../tests/harness/chain.js';
import type { Benchmark } from '../benchmark.js';
import { developmentChain, once } from '../scenes.js';

/** A chain in a block that has no time yet. */
const beforeTime = once(async () => {
  const chain = await developmentChain.fresh();
  chain.advance();
  chain.poke('Timestamp.DidUpdate', [], undefined);
  chain.poke('Timestamp.Now', [], chain.onParent().get(chain.names.key('Timestamp.Now')));
  return chain;
});

export const TIMESTAMP: readonly Benchmark[] = [
  {
    pallet: 'Timestamp',
    name: 'set',
    worst: 'Any time.',
    components: {},
    scene: beforeTime,
    subject: (chain) => ({
      origin: none,
      call: chain.names.call('Timestamp.set', chain.integer('Timestamp.Now') + 6_000n),
    }),
  },
];
