// Weights of Accumulation, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 25 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class AccumulationWeights {
  /**
   * Each package has items of four classes; calls of classes are paid by these.
   * Reads: 3 + taken + 2 × slices. Writes: 3 + taken.
   * Components: pending: packages that await availability; ready: packages in queues; taken: packages of them that are taken; slices: calls of classes.
   */
  static accumulate(_pending: u32, ready: u32, taken: u32, slices: u32): u64 {
    return (
      117_000_000 +
      3 * READ_PS +
      3 * WRITE_PS +
      475_000 * <u64>ready +
      18_600_000 * <u64>taken +
      1 * <u64>taken * READ_PS +
      1 * <u64>taken * WRITE_PS +
      7_690_000 * <u64>slices +
      2 * <u64>slices * READ_PS
    );
  }

  /**
   * Any block.
   * Reads: 0. Writes: 1.
   */
  static onInitialize(): u64 {
    return 878_000 + 1 * WRITE_PS;
  }
}
