// Weights of Timestamp, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class TimestampWeights {
  /**
   * Any time.
   * Reads: 2. Writes: 2.
   */
  static set(): u64 {
    return 2_510_000 + 2 * READ_PS + 2 * WRITE_PS;
  }
}
