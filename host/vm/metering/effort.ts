// What V8's compilers make of a function, in *merges*: wherever control flow joins, they merge the state of every local and
// every value on the operand stack. So a function takes them values × control operators, and limits and `setup` count that.
//
// The weights are of the optimizing compiler, `bench/vm-bombs.ts` their measure, but for blocks and tables of branches, which cost
// our own passes more than they cost V8 (`bench/vm-inputs.ts`). Nothing here bounds what that compiler takes more than
// proportionally long over: see `compile.ts`.

/** Plain branches that an operator weighs as much as. */
export const Weight = {
  branch: 1,
  /** V8 makes nothing of it; noting and settling its label takes us as long as a few branches. */
  block: 3,
  /** Beside a branch for each of its labels. */
  branchTable: 3,
  /** Two ways on. */
  conditionalBranch: 3,
  /** Two ways on that meet again, each with values of its own. */
  if: 6,
  call: 2,
  /** Memory that each later read and write of it waits for. */
  globalWrite: 1,
  /** Where it is opened; its phis, and what V8 looks for in it. */
  loop: 16,
  indirectCall: 12,
  /** Compares with −1, and branches. */
  signedDivision: 20,
  /** A call of a helper, in place of what is priced by size. */
  helper: 3,
} as const;

/** So many parameters and results make a call weigh one more. */
const VALUES_PER_WEIGHT = 8;
/** A control operator costs something even where there is nothing to merge. */
const VALUES_OF_NONE = 16;
/** So many bytes weigh as much as a branch: they keep the function's values alive. */
const BYTES_PER_WEIGHT = 64;

export function weightOfCall(indirect: boolean, params: number, results: number): number {
  return (indirect ? Weight.indirectCall : Weight.call) + Math.floor((params + results) / VALUES_PER_WEIGHT);
}

/** Merges of a function of so many bytes, so many locals and operands at most, and control operators of that weight. */
export function mergesOf(bytes: number, values: number, weight: number): number {
  return (values + VALUES_OF_NONE) * (weight + Math.floor(bytes / BYTES_PER_WEIGHT) + 1);
}
