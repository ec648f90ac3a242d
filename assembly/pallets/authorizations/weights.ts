// Weights of Authorizations, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class AuthorizationsWeights {
  /**
   * The longest parameter.
   * Reads: 6. Writes: 6.
   */
  static register(): u64 {
    return 41_500_000 + 6 * READ_PS + 6 * WRITE_PS;
  }

  /**
   * The second call, which removes the code and returns the deposit.
   * Reads: 7. Writes: 5.
   */
  static unregister(): u64 {
    return 26_800_000 + 7 * READ_PS + 5 * WRITE_PS;
  }
}
