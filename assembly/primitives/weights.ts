// Weight as in the RFC: picoseconds of reference time in a u64 (D19). `frame` has Substrate's form with two fields.
import { BASE_EXTRINSIC_PS, EXTRINSIC_BYTE_PS } from './base-weights';

/** Picoseconds in a second. */
export const SECOND_PS: u64 = 1_000_000_000_000;

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

/** Weight of the length of an extrinsic in bytes, whatever its call. */
export function lengthWeight(length: u32): u64 {
  return saturatingMul(EXTRINSIC_BYTE_PS, <u64>length);
}

/** The weight of an extrinsic of this length, base included. `weight`: of its call and its signature's scheme. */
export function extrinsicWeight(weight: u64, length: u32): u64 {
  return saturatingAdd(saturatingAdd(weight, lengthWeight(length)), BASE_EXTRINSIC_PS);
}
