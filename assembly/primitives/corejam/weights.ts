// On-chain weight of a Work Class's items. Spec: RFC-0031 § Weight Provisioning; D19.

/** On-chain weight for one item of a class, in picoseconds. */
@scale() export class WorkItemWeightRequirements {
  /** For `prune`. If zero, it is never called. */
  prune: u64 = 0;
  /** For `accumulate`. */
  accumulate: u64 = 0;
}
