// Weights of Sudo, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class SudoWeights {
  /**
   * Without the inner call.
   * Reads: 1. Writes: 0.
   */
  static sudo(): u64 {
    return 3_030_000 + 1 * READ_PS;
  }

  /**
   * Without the inner call; the declared weight is the caller's.
   * Reads: 1. Writes: 0.
   */
  static sudoUncheckedWeight(): u64 {
    return 3_090_000 + 1 * READ_PS;
  }

  /**
   * Any account.
   * Reads: 1. Writes: 1.
   */
  static setKey(): u64 {
    return 4_640_000 + 1 * READ_PS + 1 * WRITE_PS;
  }

  /**
   * Without the inner call.
   * Reads: 1. Writes: 0.
   */
  static sudoAs(): u64 {
    return 3_200_000 + 1 * READ_PS;
  }

  /**
   * Any state.
   * Reads: 1. Writes: 1.
   */
  static removeKey(): u64 {
    return 3_630_000 + 1 * READ_PS + 1 * WRITE_PS;
  }
}
