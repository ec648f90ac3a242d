// What a Work Class needs of every block that carries its items. Spec: RFC-0031 § Weight Provisioning; D19.

/** On-chain weight for one item of a class, in picoseconds. */
@scale() export class WorkItemWeightRequirements {
  /** For `prune`. A class with zero here is never asked to prune. */
  prune: u64 = 0;
  /** For `accumulate`. */
  accumulate: u64 = 0;
}
