// Weights of Coretime, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class CoretimeWeights {
  /**
   * A core goes from one Authorizer to another.
   * Reads: 4. Writes: 3.
   */
  static assign(): u64 {
    return 14_500_000 + 4 * READ_PS + 3 * WRITE_PS;
  }
}
