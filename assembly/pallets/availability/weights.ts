// Weights of Availability's hooks, in picoseconds, by what they do (`npm run bench cores` measures blocks of 512 cores).
import { MICROSECOND_PS } from '../../primitives';

/** Forgetting that the last block's bitfields were counted. */
export function onInitializeWeight(): u64 {
  return 10 * MICROSECOND_PS;
}

/**
 * Settling: reading and writing the lists of `pending` packages and their votes, counting `bitfields` for each, and
 * moving or dropping `released` packages, with an event and a stage each.
 */
export function settleWeight(pending: u32, bitfields: u32, released: u32): u64 {
  const packages = 2 * MICROSECOND_PS * <u64>pending;
  const bits = 20_000 * <u64>pending * <u64>bitfields;
  return 50 * MICROSECOND_PS + packages + bits + 10 * MICROSECOND_PS * <u64>released;
}
