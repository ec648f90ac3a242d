// Weight as in the RFC: picoseconds of reference time in a u64 (D19). `frame` has Substrate's form with two fields.

/** Picoseconds in a second and in a microsecond. */
const SECOND_PS: u64 = 1_000_000_000_000;
export const MICROSECOND_PS: u64 = 1_000_000;

/** Maximum weight of a block: M of "Weight of prune and accumulate". */
export const MAX_BLOCK_WEIGHT_PS: u64 = 2 * SECOND_PS;

/** The share of a block's weight and length for ordinary extrinsics, in per cent. */
export const NORMAL_PERCENT: u64 = 75;

/** Maximum length of a block's extrinsics in bytes. */
export const MAX_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

/** `a + b`, at most the largest u64. */
export function saturatingAdd(a: u64, b: u64): u64 {
  const sum = a + b;
  return sum < a ? u64.MAX_VALUE : sum;
}

/** `a − b`, at least zero. */
export function saturatingSub(a: u64, b: u64): u64 {
  return a < b ? 0 : a - b;
}

/** `a · b`, at most the largest u64. */
export function saturatingMul(a: u64, b: u64): u64 {
  return a != 0 && b > u64.MAX_VALUE / a ? u64.MAX_VALUE : a * b;
}
