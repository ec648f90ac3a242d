// Weights of WorkClasses, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// First deciles of 15 repeats at 3 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class WorkClassesWeights {
  /**
   * By an account, with a deposit.
   * Reads: 7. Writes: 7.
   */
  static register(): u64 {
    return 32_100_000 + 7 * READ_PS + 7 * WRITE_PS;
  }

  /**
   * Any policy.
   * Reads: 0. Writes: 1.
   */
  static setRegistrationPolicy(): u64 {
    return 2_850_000 + 1 * WRITE_PS;
  }
}
