// Weights of Reporting, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class ReportingWeights {
  /**
   * Reports of the oldest Recent context, each with an Authorizer of its own, each item with a class of its own.
   * Reads: 39 + 3 × reports + 2 × items. Writes: 5 + 2 × reports.
   * Components: reports: number of reports; signatures: number of their signatures; items: number of their items; bytes: their length, signatures included; tracked: packages that Reporting keeps.
   */
  static report(reports: u32, signatures: u32, items: u32, bytes: u32, tracked: u32): u64 {
    return (
      450_000_000 +
      39 * READ_PS +
      5 * WRITE_PS +
      9_240_000 * <u64>reports +
      3 * <u64>reports * READ_PS +
      2 * <u64>reports * WRITE_PS +
      256_000_000 * <u64>signatures +
      11_100_000 * <u64>items +
      2 * <u64>items * READ_PS +
      6_760 * <u64>bytes +
      1_960_000 * <u64>tracked
    );
  }

  /**
   * A block without Recent reports any longer.
   * Reads: 0. Writes: 3.
   */
  static onInitialize(): u64 {
    return 2_650_000 + 3 * WRITE_PS;
  }
}
