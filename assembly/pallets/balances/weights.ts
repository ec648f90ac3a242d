// Weights of Balances, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class BalancesWeights {
  /**
   * A new account is created, and the sender is removed.
   * Reads: 1. Writes: 1.
   */
  static transferAllowDeath(): u64 {
    return 15_200_000 + 1 * READ_PS + 1 * WRITE_PS;
  }

  /**
   * A new account is created, and the source is removed.
   * Reads: 2. Writes: 2.
   */
  static forceTransfer(): u64 {
    return 15_000_000 + 2 * READ_PS + 2 * WRITE_PS;
  }

  /**
   * A new account is created.
   * Reads: 1. Writes: 1.
   */
  static transferKeepAlive(): u64 {
    return 13_500_000 + 1 * READ_PS + 1 * WRITE_PS;
  }

  /**
   * A new account is created, and the sender is removed.
   * Reads: 1. Writes: 1.
   */
  static transferAll(): u64 {
    return 16_600_000 + 1 * READ_PS + 1 * WRITE_PS;
  }

  /**
   * A new account is created.
   * Reads: 2. Writes: 2.
   */
  static forceSetBalance(): u64 {
    return 11_000_000 + 2 * READ_PS + 2 * WRITE_PS;
  }
}
