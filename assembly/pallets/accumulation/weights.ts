// Weights of Accumulation's hooks, in picoseconds, by what they do (`npm run bench cores` measures blocks of 512 cores).
// Instances and arguments are not here: a class pays for its calls (step 5 of the weights).
import { MICROSECOND_PS } from '../../primitives';

/** Forgetting the runs of the last block. */
export function onInitializeWeight(): u64 {
  return 10 * MICROSECOND_PS;
}

/**
 * Accumulating, without the classes' calls: planning twice from lists of `pending` and `ready` packages, the stages and
 * the removed reports of `taken` ones, and the transaction, record and event of each of `slices`.
 */
export function accumulateWeight(pending: u32, ready: u32, taken: u32, slices: u32): u64 {
  const lists = 4 * MICROSECOND_PS * (<u64>pending + <u64>ready);
  return 50 * MICROSECOND_PS + lists + 15 * MICROSECOND_PS * <u64>taken + 30 * MICROSECOND_PS * <u64>slices;
}
