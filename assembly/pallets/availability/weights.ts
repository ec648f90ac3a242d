// Weights of Availability, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class AvailabilityWeights {
  /**
   * The only new bit of each is for the last package; settling is `settle`.
   * Reads: 6. Writes: 2.
   * Components: bitfields: number of bitfields; bits: bitfields times packages that await availability.
   */
  static bitfields(bitfields: u32, bits: u32): u64 {
    return 4_570_000_000 + 6 * READ_PS + 2 * WRITE_PS + 201_000_000 * <u64>bitfields + 127_000 * <u64>bits;
  }

  /**
   * Each core has votes; those that become available go to queues as long as cores have them.
   * Reads: 6. Writes: 5 + timedOut.
   * Components: pending: packages that await availability; available: packages of them that become available; timedOut: packages of them that time out.
   */
  static settle(pending: u32, available: u32, timedOut: u32): u64 {
    return (
      31_800_000 +
      6 * READ_PS +
      5 * WRITE_PS +
      1_700_000 * <u64>pending +
      3_370_000 * <u64>available +
      3_610_000 * <u64>timedOut +
      1 * <u64>timedOut * WRITE_PS
    );
  }

  /**
   * Any block.
   * Reads: 0. Writes: 1.
   */
  static onInitialize(): u64 {
    return 1_130_000 + 1 * WRITE_PS;
  }
}
