// Weights of System, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// First deciles of 25 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class SystemWeights {
  /**
   * Decoding the bytes.
   * Reads: 0. Writes: 0.
   * Components: remark: bytes.
   */
  static remark(remark: u32): u64 {
    return 19_700 + 6_580 * <u64>remark;
  }

  /**
   * A later version of this runtime, which this node has not compiled before.
   * Reads: 0. Writes: 1.
   * Components: code: bytes.
   */
  static setCode(code: u32): u64 {
    return 1 * WRITE_PS + 17_500 * <u64>code;
  }

  /**
   * Any bytes.
   * Reads: 0. Writes: 1.
   * Components: code: bytes.
   */
  static setCodeWithoutChecks(code: u32): u64 {
    return 3_910_000 + 1 * WRITE_PS + 7_580 * <u64>code;
  }

  /**
   * New items.
   * Reads: 0. Writes: items.
   * Components: items: number of items; bytes: length of keys and values together.
   */
  static setStorage(items: u32, bytes: u32): u64 {
    return 3_620_000 + 555_000 * <u64>items + 1 * <u64>items * WRITE_PS + 6_970 * <u64>bytes;
  }

  /**
   * Items that exist.
   * Reads: 0. Writes: keys.
   * Components: keys: number of keys.
   */
  static killStorage(keys: u32): u64 {
    return 23_000 + 818_000 * <u64>keys + 1 * <u64>keys * WRITE_PS;
  }

  /**
   * As many items as the caller allows.
   * Reads: subkeys. Writes: subkeys.
   * Components: subkeys: items to be removed.
   */
  static killPrefix(subkeys: u32): u64 {
    return 1_300_000 + 532_000 * <u64>subkeys + 1 * <u64>subkeys * READ_PS + 1 * <u64>subkeys * WRITE_PS;
  }

  /**
   * Hashing the bytes, and an event.
   * Reads: 0. Writes: 0.
   * Components: remark: bytes.
   */
  static remarkWithEvent(remark: u32): u64 {
    return 2_490_000 + 7_300 * <u64>remark;
  }
}
