// Weights of WorkClasses, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class WorkClassesWeights {
  /**
   * By an account, with a deposit.
   * Reads: 8. Writes: 7.
   */
  static register(): u64 {
    return 46_000_000 + 8 * READ_PS + 7 * WRITE_PS;
  }

  /**
   * Any policy.
   * Reads: 0. Writes: 1.
   */
  static setRegistrationPolicy(): u64 {
    return 3_040_000 + 1 * WRITE_PS;
  }

  /**
   * A call of prune, of a class whose code was not read before in the block; a guest that returns at once.
   * Reads: 3. Writes: 0.
   * Components: bytes: bytes of arguments; code: bytes of the code.
   */
  static invokePrune(_bytes: u32, code: u32): u64 {
    return 94_400_000 + 3 * READ_PS + 669 * <u64>code;
  }

  /**
   * A call of accumulate, of a class whose code was not read before in the block; a guest that returns at once.
   * Reads: 6. Writes: 1.
   * Components: bytes: bytes of arguments; code: bytes of the code.
   */
  static invoke(bytes: u32, code: u32): u64 {
    return 69_100_000 + 6 * READ_PS + 1 * WRITE_PS + 1_460 * <u64>bytes + 247 * <u64>code;
  }
}
