// Weights of Accumulation, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class AccumulationWeights {
  /**
   * Each package has items of four classes. Slices are declared as none: WorkClasses.invoke has them, which classes pay. Nor are packages taken, which their cores pay.
   * Reads: 3 + taken + 2 × slices. Writes: 3 + taken.
   * Components: pending: packages that await availability; ready: packages in queues; taken: packages of them that are taken; slices: calls of classes.
   */
  static accumulate(pending: u32, ready: u32, taken: u32, slices: u32): u64 {
    return (
      3 * READ_PS +
      3 * WRITE_PS +
      366_000 * <u64>pending +
      1_060_000 * <u64>ready +
      8_570_000 * <u64>taken +
      1 * <u64>taken * READ_PS +
      1 * <u64>taken * WRITE_PS +
      2_410_000 * <u64>slices +
      2 * <u64>slices * READ_PS
    );
  }

  /**
   * Any block.
   * Reads: 0. Writes: 1.
   */
  static onInitialize(): u64 {
    return 1_180_000 + 1 * WRITE_PS;
  }
}
