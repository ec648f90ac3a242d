// On-chain weight of a Work Class's items, and of preparing code. Spec: RFC-0031 § Weight Provisioning; D19, D23, D38.
import { Option } from '../../scale';
import { saturatingAdd } from '../weights';
import { MAX_GUEST_CODE_SIZE } from './limits';

/** Weight of preparing any code that is registered, in picoseconds: a first refusal takes 5.5 ms for 1.7 KB. */
const PREPARING_PS: u64 = 7_000_000_000;
/**
 * Weight for each byte in addition. Together they are 9.4 ms for 16 KiB, of which the worst that was found takes 1.3 to 9 ms,
 * by how much a node has compiled before: "(loop end)" in repetition, which is refused only once it is instrumented.
 */
const PREPARING_PS_PER_BYTE: u64 = 150_000;

/** Weight of preparing stored code of this length when a class or an Authorizer is registered; longer code is not prepared. */
export function preparingWeight(length: Option<u32>): u64 {
  if (length.isNone || length.value > MAX_GUEST_CODE_SIZE) return 0;
  return PREPARING_PS + PREPARING_PS_PER_BYTE * <u64>length.value;
}

/** What the registration of code declares: the weight of preparing the longest. */
export const LONGEST_PREPARING_PS: u64 = PREPARING_PS + PREPARING_PS_PER_BYTE * <u64>MAX_GUEST_CODE_SIZE;

/** On-chain weight for one item of a class, in picoseconds. */
@scale() export class WorkItemWeightRequirements {
  /** For `prune`. If zero, it is never called. */
  prune: u64 = 0;
  /** For `accumulate`. */
  accumulate: u64 = 0;
}

/** What the requirements of a class must be, to be registered (D38), in picoseconds. */
@scale() export class WorkItemWeightBounds {
  /** Least weight for `prune`, unless it is zero. */
  pruneMin: u64 = 0;
  /** Greatest weight for `prune`. */
  pruneMax: u64 = 0;
  /** Least weight for `accumulate`. */
  accumulateMin: u64 = 0;
  /** Greatest sum of both. */
  sumMax: u64 = 0;
}

/**
 * What the end of a block does for a package that is taken: a report read and removed, a stage. At least twice what
 * `AccumulationWeights.accumulate` has for it, so that liabilities stay the same when the table is measured again.
 */
const PACKAGE_END_PS: u64 = 100_000_000;

/**
 * What a core bears for a package in the block that takes it (steps 1, 2 and 6): `accumulate`, the sum of its items' weights,
 * and what the end of the block does for it.
 */
export function takingWeight(accumulate: u64): u64 {
  return saturatingAdd(accumulate, PACKAGE_END_PS);
}
