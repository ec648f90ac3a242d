// Chains that benchmarks share. Each is made once, since making one takes longer than most benchmarks.
import { TestChain } from '../../tests/harness/chain.js';

/** A function that makes its chain at its first call, and returns the same later. */
export function once(make: () => Promise<TestChain>): () => Promise<TestChain> {
  let made: Promise<TestChain> | undefined;
  return () => (made ??= make());
}

/** The first block of the development preset. `fresh` makes one of one's own. */
export const developmentChain = Object.assign(
  once(() => TestChain.start()),
  { fresh: (): Promise<TestChain> => TestChain.start() },
);
