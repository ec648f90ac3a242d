// Rules of batches. What a batch of n calls weighs is the weight of its calls and what `UtilityWeights` has for n of them;
// one that ends before its last call is charged for those that it made.
import { DispatchClass, DispatchError, DispatchResult, None, OK, Origin, RuntimeCall, useWeight } from '../../frame';
import { saturatingAdd } from '../../primitives';
import { BATCHED_CALLS_MAX, UtilityError, UtilityEvent } from './state';
import { UtilityWeights } from './weights';

/** The declared weight of the calls together, in picoseconds. */
export function weightOf(calls: Array<RuntimeCall>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < calls.length; i++) sum = saturatingAdd(sum, calls[i].weight());
  return sum;
}

/** Operational if all calls are, and there is one: a batch may not use that part of a block for others. */
export function classOf(calls: Array<RuntimeCall>): DispatchClass {
  for (let i = 0; i < calls.length; i++)
    if (calls[i].dispatchClass() != DispatchClass.Operational) return DispatchClass.Normal;
  return calls.length > 0 ? DispatchClass.Operational : DispatchClass.Normal;
}

/**
 * Whether an extrinsic of this origin may have a batch of these calls. One of Operational calls is invalid where one of
 * them, by itself, would be: it would only use the part of the block that is kept for those who may make it.
 */
export function mayBatch(origin: Origin, calls: Array<RuntimeCall>): bool {
  if (classOf(calls) != DispatchClass.Operational) return true;
  for (let i = 0; i < calls.length; i++) if (!calls[i].admits(origin)) return false;
  return true;
}

/** What a batch does when one of its calls fails. */
enum Failure {
  /** It ends there, successfully. */
  Ends,
  /** It fails with that error, so that nothing is changed. */
  Undoes,
  /** It goes on. */
  GoesOn,
}

/** Makes calls in order, up to the first that fails. */
export function doBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  return makeCalls(origin, calls, Failure.Ends);
}

/** Makes all calls, or none: the error of the first that fails is the batch's. */
export function doBatchAll(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  return makeCalls(origin, calls, Failure.Undoes);
}

/** Makes all calls, whether or not others fail. */
export function doForceBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  return makeCalls(origin, calls, Failure.GoesOn);
}

function makeCalls(origin: Origin, calls: Array<RuntimeCall>, failure: Failure): DispatchResult {
  const refused = ensureBatch(origin, calls);
  if (refused != OK) return refused;
  let weight: u64 = 0;
  let made: u32 = 0;
  let firstError: DispatchResult = OK;
  while (made < <u32>calls.length && (firstError == OK || failure == Failure.GoesOn)) {
    const inner = calls[made++].dispatchInner(origin);
    weight = saturatingAdd(weight, inner.weight);
    if (inner.result == OK) UtilityEvent.ItemCompleted();
    else if (failure == Failure.GoesOn) UtilityEvent.ItemFailed(inner.result);
    if (firstError == OK) firstError = inner.result;
  }
  useWeight(saturatingAdd(weight, ownWeight(failure, made)));
  if (firstError == OK) UtilityEvent.BatchCompleted();
  else if (failure == Failure.Ends) UtilityEvent.BatchInterrupted(made - 1, firstError);
  else if (failure == Failure.GoesOn) UtilityEvent.BatchCompletedWithErrors();
  return failure == Failure.Undoes ? firstError : OK;
}

/** What a batch weighs by itself, in picoseconds, that made so many calls. */
function ownWeight(failure: Failure, made: u32): u64 {
  if (failure == Failure.Ends) return UtilityWeights.batch(made);
  return failure == Failure.Undoes ? UtilityWeights.batchAll(made) : UtilityWeights.forceBatch(made);
}

function ensureBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  if (origin instanceof None) return DispatchError.BadOrigin;
  return <u32>calls.length > BATCHED_CALLS_MAX ? UtilityError.TooManyCalls : OK;
}
