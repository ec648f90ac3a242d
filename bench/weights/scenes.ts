// Chains that benchmarks share. Each is made once, since making one takes longer than most benchmarks.
import { TestChain, type Outcome } from '../../tests/harness/chain.js';

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

/** Bytes that are not all zero, so that nothing is faster for them. */
export const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 131 + 7) & 0xff);

/** Throws if a call with which a scene is set fails. */
export function must({ error }: Outcome): void {
  if (error !== undefined) throw new Error(`the scene could not be set: ${error}`);
}
