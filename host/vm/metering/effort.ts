// The effort of V8's compilers for a function, in *merges*: at each control-flow merge they merge the state of every
// local and every value on the operand stack. So their effort is values × control operators, which limits and the price
// of `setup` count.
//
// The weights are those of the optimizing compiler, as measured by `bench/vm-bombs.ts`; blocks and branch tables weigh
// more, because our own passes take longer over them than V8 does (`bench/vm-inputs.ts`). What takes the optimizing
// compiler more than proportionally long is not bounded here: see `compile.ts`.

/** Weight of each control operator; that of a plain branch is 1. */
export const Weight = {
  branch: 1,
  /** V8 emits nothing for it; our passes take as long over its label as over a few branches. */
  block: 3,
  /** In addition to a branch for each of its targets. */
  branchTable: 3,
  /** Two successors. */
  conditionalBranch: 3,
  /** Two successors that merge again, each with values of its own. */
  if: 6,
  call: 2,
  /** Every later access of the global depends on it. */
  globalWrite: 1,
  /** Phis for all values, and V8's analysis of the loop. */
  loop: 16,
  indirectCall: 12,
  /** V8 compares the divisor with −1, and branches. */
  signedDivision: 20,
  /** A call of a helper, in place of an instruction priced by size. */
  helper: 3,
} as const;

/** A call weighs one more for so many parameters and results. */
const VALUES_PER_WEIGHT = 8;
/** Added to the values, because a control operator costs something even if there is nothing to merge. */
const VALUES_OF_NONE = 16;
/** So many bytes of code weigh as much as a branch, because they keep the function's values alive. */
const BYTES_PER_WEIGHT = 64;

export function weightOfCall(indirect: boolean, params: number, results: number): number {
  return (indirect ? Weight.indirectCall : Weight.call) + Math.floor((params + results) / VALUES_PER_WEIGHT);
}

/** Merges of a function. `values`: its locals and most operands; `weight`: of its control operators. */
export function mergesOf(bytes: number, values: number, weight: number): number {
  return (values + VALUES_OF_NONE) * (weight + Math.floor(bytes / BYTES_PER_WEIGHT) + 1);
}
