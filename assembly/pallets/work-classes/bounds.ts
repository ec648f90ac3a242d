// The cost of an invocation, and the bounds of a class's requirements that follow from it.
// Spec: RFC-0031 § Weight Provisioning; D38; § Weight of prune and accumulate, 5.
import { DispatchResult, OK } from '../../frame';
import {
  ItemResult,
  MAX_AUTHORIZATION_SIZE,
  MAX_WORK_OUTPUT_SIZE,
  PackageResults,
  WorkItemWeightBounds,
  WorkItemWeightRequirements,
  WorkResult,
} from '../../primitives/corejam';
import { Bytes, encode } from '../../scale';
import { weightPerPackage } from '../coretime';
import { INVOCATION_BASE_PS, INVOCATION_PS_PER_BYTE, WorkClassesError } from './state';

/** Weight of calling an entry point with `length` bytes of arguments, before the guest runs, in picoseconds. */
export function invocationCost(length: u64): u64 {
  return INVOCATION_BASE_PS + INVOCATION_PS_PER_BYTE * length;
}

/** The bounds of requirements, with the current number of cores (D38). */
export function requirementBounds(): WorkItemWeightBounds {
  const most = weightPerPackage();
  const bounds = new WorkItemWeightBounds();
  bounds.pruneMin = invocationCost(longestPruneArguments());
  bounds.pruneMax = most / 3;
  bounds.accumulateMin = invocationCost(longestAccumulateArguments());
  bounds.sumMax = most;
  return bounds;
}

/** Checks the requirements of a class (D38). */
export function ensureWithinBounds(requirements: WorkItemWeightRequirements): DispatchResult {
  const bounds = requirementBounds();
  const prune = requirements.prune;
  if (prune != 0 && prune < bounds.pruneMin) return WorkClassesError.PruneTooLow;
  if (prune > bounds.pruneMax) return WorkClassesError.PruneTooHigh;
  if (requirements.accumulate < bounds.accumulateMin) return WorkClassesError.AccumulateTooLow;
  if (requirements.accumulate > bounds.sumMax - prune) return WorkClassesError.RequirementsTooHigh;
  return OK;
}

function longestOutput(): Bytes {
  return new StaticArray<u8>(MAX_WORK_OUTPUT_SIZE);
}

/** Length of the arguments of `prune` for one output of the greatest length. */
function longestPruneArguments(): u64 {
  return <u64>encode<Array<Bytes>>([longestOutput()]).length;
}

/** Length of the arguments of `accumulate` for one result with output and Authorization of the greatest length. */
function longestAccumulateArguments(): u64 {
  const result = new WorkResult();
  result.result.isOk = true;
  result.result.value = longestOutput();
  const group = new PackageResults();
  group.items = [ItemResult.of(result)];
  const withoutEvidence = <u64>encode<Array<PackageResults>>([group]).length;
  // The Authorization without evidence is its kind and a length of zero.
  return withoutEvidence - 2 + <u64>MAX_AUTHORIZATION_SIZE;
}
