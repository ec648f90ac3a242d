// The cost of an invocation, and the bounds of a class's requirements that follow from it.
// Spec: RFC-0031 § Weight Provisioning; D38; § Weight of prune and accumulate, 5.
import { DispatchResult, OK } from '../../frame';
import { isRunnable, setupWeight } from '../../io';
import { H256, saturatingSub } from '../../primitives';
import {
  ItemResult,
  MAX_AUTHORIZATION_SIZE,
  MAX_WORK_OUTPUT_SIZE,
  PackageResults,
  takingWeight,
  WorkItemWeightBounds,
  WorkItemWeightRequirements,
  WorkResult,
} from '../../primitives/corejam';
import { Bytes, encodedLength, none, Option, some } from '../../scale';
import { weightPerPackage } from '../coretime';
import { RunningEntry } from './entry';
import { LEAST_RUN_PS, PREPARED_CODE_BYTES, PREPARING_PS_PER_BYTE, WorkClassesError } from './state';
import { WorkClassesWeights } from './weights';

/**
 * Weight of calling an entry point with `length` bytes of arguments, before the host sets the guest up, in picoseconds: as
 * measured, for `accumulate` with all that the end of a block does for a call. Code beyond the length that hosts keep
 * prepared for all classes pays for being prepared, because no host can be relied on to have it in its cache.
 */
export function invocationCost(entry: RunningEntry, length: u32, codeLength: u32): u64 {
  const beyond = PREPARING_PS_PER_BYTE * <u64>saturatingSub(codeLength, PREPARED_CODE_BYTES);
  return entry == RunningEntry.Prune
    ? WorkClassesWeights.invokePrune(length, codeLength) + beyond
    : WorkClassesWeights.invoke(length, codeLength) + beyond;
}

/**
 * The bounds of requirements of a class with this code, with the current number of cores (D38). Null for code that no class
 * can have. `pruneMin` is also that of code without `prune`, whose classes have no weight of it.
 */
export function requirementBounds(codeHash: H256, code: Bytes): WorkItemWeightBounds | null {
  const accumulateMin = leastWeight(RunningEntry.Accumulate, codeHash, code, longestAccumulateArguments());
  const pruneMin = leastWeight(RunningEntry.Prune, codeHash, code, longestPruneArguments());
  if (accumulateMin.isNone || pruneMin.isNone || !isRunnable(codeHash.bytes, code, 'refine')) return null;
  const most = weightPerPackage();
  const bounds = new WorkItemWeightBounds();
  bounds.pruneMin = pruneMin.value;
  bounds.pruneMax = most / 3;
  bounds.accumulateMin = accumulateMin.value;
  bounds.sumMax = saturatingSub(most, takingWeight(0));
  return bounds;
}

/**
 * The least weight with which a call of this code, with `length` bytes of arguments, can answer: the set-up is that of the
 * module, whichever entry point is called. None without `accumulate`, which every class has.
 */
function leastWeight(entry: RunningEntry, codeHash: H256, code: Bytes, length: u32): Option<u64> {
  const setup = setupWeight(codeHash.bytes, code, 'accumulate', length);
  if (setup.isNone) return none<u64>();
  return some<u64>(invocationCost(entry, length, <u32>code.length) + setup.value + LEAST_RUN_PS);
}

/** Checks the code of a class, which must have the entry points that it needs, and its requirements (D38). */
export function ensureWithinBounds(
  codeHash: H256,
  code: Bytes,
  requirements: WorkItemWeightRequirements,
): DispatchResult {
  const bounds = requirementBounds(codeHash, code);
  if (bounds == null) return WorkClassesError.InvalidCode;
  const prune = requirements.prune;
  if (prune != 0 && !isRunnable(codeHash.bytes, code, 'prune')) return WorkClassesError.InvalidCode;
  if (prune != 0 && prune < bounds.pruneMin) return WorkClassesError.PruneTooLow;
  if (prune > bounds.pruneMax) return WorkClassesError.PruneTooHigh;
  if (requirements.accumulate < bounds.accumulateMin) return WorkClassesError.AccumulateTooLow;
  if (requirements.accumulate > saturatingSub(bounds.sumMax, prune)) return WorkClassesError.RequirementsTooHigh;
  return OK;
}

function longestOutput(): Bytes {
  return new StaticArray<u8>(MAX_WORK_OUTPUT_SIZE);
}

/** Length of the arguments of `prune` for one output of the greatest length. */
function longestPruneArguments(): u32 {
  return encodedLength<Array<Bytes>>([longestOutput()]);
}

/** Length of the arguments of `accumulate` for one result with output and Authorization of the greatest length. */
function longestAccumulateArguments(): u32 {
  const result = new WorkResult();
  result.result.isOk = true;
  result.result.value = longestOutput();
  const group = new PackageResults();
  group.items = [ItemResult.of(result)];
  const withoutEvidence = encodedLength<Array<PackageResults>>([group]);
  // The Authorization without evidence is its kind and a length of zero.
  return withoutEvidence - 2 + <u32>MAX_AUTHORIZATION_SIZE;
}
