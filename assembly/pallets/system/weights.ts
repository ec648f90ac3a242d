// Weights of System, measured. Written by `npm run bench:weights`: change bench/weights and run it.
// Processor time, medians of 41 repeats at 5 steps, on AMD EPYC, Node 20.20.2.
import { READ_PS, WRITE_PS } from '../../primitives';

/** Weights in picoseconds. */
export class SystemWeights {
  /**
   * Decoding the bytes.
   * Reads: 0. Writes: 0.
   * Components: remark: bytes.
   */
  static remark(remark: u32): u64 {
    return 125_000 + 102 * <u64>remark;
  }

  /**
   * A later version of this runtime, which this node has not compiled before.
   * Reads: 0. Writes: 1.
   * Components: code: bytes.
   */
  static setCode(code: u32): u64 {
    return 769_000_000 + 1 * WRITE_PS + 13_300 * <u64>code;
  }

  /**
   * Any bytes.
   * Reads: 0. Writes: 1.
   * Components: code: bytes.
   */
  static setCodeWithoutChecks(code: u32): u64 {
    return 3_950_000 + 1 * WRITE_PS + 2_580 * <u64>code;
  }

  /**
   * New items.
   * Reads: 0. Writes: items.
   * Components: items: number of items; bytes: length of keys and values together.
   */
  static setStorage(items: u32, bytes: u32): u64 {
    return 629_000 * <u64>items + 1 * <u64>items * WRITE_PS + 2_610 * <u64>bytes;
  }

  /**
   * Items that exist.
   * Reads: 0. Writes: keys.
   * Components: keys: number of keys.
   */
  static killStorage(keys: u32): u64 {
    return 128_000 + 614_000 * <u64>keys + 1 * <u64>keys * WRITE_PS;
  }

  /**
   * As many items as the caller allows.
   * Reads: subkeys. Writes: subkeys.
   * Components: subkeys: items to be removed.
   */
  static killPrefix(subkeys: u32): u64 {
    return 1_890_000 + 593_000 * <u64>subkeys + 1 * <u64>subkeys * READ_PS + 1 * <u64>subkeys * WRITE_PS;
  }

  /**
   * Hashing the bytes, and an event.
   * Reads: 0. Writes: 0.
   * Components: remark: bytes.
   */
  static remarkWithEvent(remark: u32): u64 {
    return 2_770_000 + 997 * <u64>remark;
  }
}
