// Weights of WorkClasses, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 25 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class WorkClassesWeights {
  /**
   * By an account, with a deposit.
   * Reads: 8. Writes: 7.
   */
  static register(): u64 {
    return 35_000_000 + 8 * READ_PS + 7 * WRITE_PS;
  }

  /**
   * Any policy.
   * Reads: 0. Writes: 1.
   */
  static setRegistrationPolicy(): u64 {
    return 2_850_000 + 1 * WRITE_PS;
  }

  /**
   * A class whose code was not read before in the block; a guest that returns at once.
   * Reads: 4. Writes: 0.
   * Components: bytes: bytes of arguments; code: bytes of the code.
   */
  static invoke(bytes: u32, code: u32): u64 {
    return 96_100_000 + 4 * READ_PS + 256 * <u64>bytes + 712 * <u64>code;
  }
}
