// Weights of Utility, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.

/** Weights in picoseconds. */
export class UtilityWeights {
  /**
   * All calls succeed; without their own weight.
   * Reads: 0. Writes: 0.
   * Components: calls: calls.
   */
  static batch(calls: u32): u64 {
    return 2_200_000 + 2_000_000 * <u64>calls;
  }

  /**
   * Without the inner call.
   * Reads: 0. Writes: 0.
   */
  static asDerivative(): u64 {
    return 1_070_000;
  }

  /**
   * All calls succeed; without their own weight.
   * Reads: 0. Writes: 0.
   * Components: calls: calls.
   */
  static batchAll(calls: u32): u64 {
    return 2_120_000 + 2_050_000 * <u64>calls;
  }

  /**
   * All calls succeed; without their own weight.
   * Reads: 0. Writes: 0.
   * Components: calls: calls.
   */
  static forceBatch(calls: u32): u64 {
    return 2_240_000 + 2_010_000 * <u64>calls;
  }

  /**
   * Without the inner call; the declared weight is the caller's.
   * Reads: 0. Writes: 0.
   */
  static withWeight(): u64 {
    return 282_000;
  }
}
