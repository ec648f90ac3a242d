// Weights of Storage, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class StorageWeights {
  /**
   * The first of the queue has sixteen ended intervals, and is removed if it is due.
   * Reads: 3 + 2 × due. Writes: 5 × due.
   * Components: due: preimages that are due.
   */
  static onInitialize(due: u32): u64 {
    return 2_770_000 + 3 * READ_PS + 9_840_000 * <u64>due + 2 * <u64>due * READ_PS + 5 * <u64>due * WRITE_PS;
  }

  /**
   * A preimage with sixteen ended intervals.
   * Reads: 2. Writes: 2.
   */
  static request(): u64 {
    return 11_500_000 + 2 * READ_PS + 2 * WRITE_PS;
  }

  /**
   * The last request of a preimage with sixteen ended intervals.
   * Reads: 4. Writes: 4.
   */
  static unrequest(): u64 {
    return 15_400_000 + 4 * READ_PS + 4 * WRITE_PS;
  }

  /**
   * A preimage with sixteen ended intervals, and the sender's first deposit.
   * Reads: 3. Writes: 3.
   */
  static requestUntrusted(): u64 {
    return 21_100_000 + 3 * READ_PS + 3 * WRITE_PS;
  }

  /**
   * The last request of a preimage with sixteen ended intervals.
   * Reads: 3. Writes: 2.
   */
  static unrequestUntrusted(): u64 {
    return 12_400_000 + 3 * READ_PS + 2 * WRITE_PS;
  }

  /**
   * A requested preimage.
   * Reads: 1. Writes: 3.
   * Components: preimage: bytes.
   */
  static provide(preimage: u32): u64 {
    return 7_740_000 + 1 * READ_PS + 3 * WRITE_PS + 3_580 * <u64>preimage;
  }

  /**
   * The preimage is removed.
   * Reads: 3. Writes: 3.
   */
  static expunge(): u64 {
    return 9_630_000 + 3 * READ_PS + 3 * WRITE_PS;
  }

  /**
   * The preimage is removed, and the deposit returned by another account.
   * Reads: 6. Writes: 6.
   */
  static expungeUntrusted(): u64 {
    return 24_800_000 + 6 * READ_PS + 6 * WRITE_PS;
  }

  /**
   * A new preimage, with a deposit.
   * Reads: 4. Writes: 5.
   * Components: data: bytes.
   */
  static store(data: u32): u64 {
    return 27_900_000 + 4 * READ_PS + 5 * WRITE_PS + 5_890 * <u64>data;
  }
}
