// Weights of System, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// First deciles of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class SystemWeights {
  /**
   * Decoding the bytes.
   * Reads: 0. Writes: 0.
   * Components: remark: bytes.
   */
  static remark(remark: u32): u64 {
    return 156_000 + 45_400 * <u64>remark;
  }

  /**
   * A later version of this runtime, which this node has not compiled before.
   * Reads: 0. Writes: 1.
   * Components: code: bytes.
   */
  static setCode(code: u32): u64 {
    return 1 * WRITE_PS + 68_100 * <u64>code;
  }

  /**
   * Any bytes.
   * Reads: 0. Writes: 1.
   * Components: code: bytes.
   */
  static setCodeWithoutChecks(code: u32): u64 {
    return 4_300_000 + 1 * WRITE_PS + 50_800 * <u64>code;
  }

  /**
   * New items.
   * Reads: 0. Writes: items.
   * Components: items: number of items; bytes: length of keys and values together.
   */
  static setStorage(items: u32, _bytes: u32): u64 {
    return 223_000 + 994_000 * <u64>items + 1 * <u64>items * WRITE_PS;
  }

  /**
   * Items that exist.
   * Reads: 0. Writes: keys.
   * Components: keys: number of keys.
   */
  static killStorage(keys: u32): u64 {
    return 227_000 + 2_010_000 * <u64>keys + 1 * <u64>keys * WRITE_PS;
  }

  /**
   * As many items as the caller allows.
   * Reads: subkeys. Writes: subkeys.
   * Components: subkeys: items to be removed.
   */
  static killPrefix(subkeys: u32): u64 {
    return 1_600_000 + 543_000 * <u64>subkeys + 1 * <u64>subkeys * READ_PS + 1 * <u64>subkeys * WRITE_PS;
  }

  /**
   * Hashing the bytes, and an event.
   * Reads: 0. Writes: 0.
   * Components: remark: bytes.
   */
  static remarkWithEvent(remark: u32): u64 {
    return 2_800_000 + 45_500 * <u64>remark;
  }
}
