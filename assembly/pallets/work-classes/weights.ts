// Weights of WorkClasses, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// First deciles of 25 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class WorkClassesWeights {
  /**
   * By an account, with a deposit.
   * Reads: 7. Writes: 7.
   */
  static register(): u64 {
    return 25_300_000 + 7 * READ_PS + 7 * WRITE_PS;
  }

  /**
   * Any policy.
   * Reads: 0. Writes: 1.
   */
  static setRegistrationPolicy(): u64 {
    return 2_780_000 + 1 * WRITE_PS;
  }
}
