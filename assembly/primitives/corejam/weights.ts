// On-chain weight of a Work Class's items. Spec: RFC-0031 § Weight Provisioning; D19, D38.

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
