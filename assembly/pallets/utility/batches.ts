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

/** Makes calls in order, up to the first that fails. */
export function doBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  const refused = ensureBatch(origin, calls);
  if (refused != OK) return refused;
  let weight: u64 = 0;
  for (let i = 0; i < calls.length; i++) {
    const inner = calls[i].dispatchInner(origin);
    weight = saturatingAdd(weight, inner.weight);
    if (inner.result != OK) {
      UtilityEvent.BatchInterrupted(<u32>i, inner.result);
      useWeight(saturatingAdd(weight, UtilityWeights.batch(<u32>i + 1)));
      return OK;
    }
    UtilityEvent.ItemCompleted();
  }
  UtilityEvent.BatchCompleted();
  useWeight(saturatingAdd(weight, UtilityWeights.batch(<u32>calls.length)));
  return OK;
}

/** Makes all calls, or none: the error of the first that fails is the batch's. */
export function doBatchAll(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  const refused = ensureBatch(origin, calls);
  if (refused != OK) return refused;
  let weight: u64 = 0;
  for (let i = 0; i < calls.length; i++) {
    const inner = calls[i].dispatchInner(origin);
    weight = saturatingAdd(weight, inner.weight);
    if (inner.result != OK) {
      useWeight(saturatingAdd(weight, UtilityWeights.batchAll(<u32>i + 1)));
      return inner.result;
    }
    UtilityEvent.ItemCompleted();
  }
  UtilityEvent.BatchCompleted();
  useWeight(saturatingAdd(weight, UtilityWeights.batchAll(<u32>calls.length)));
  return OK;
}

/** Makes all calls, whether or not others fail. */
export function doForceBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  const refused = ensureBatch(origin, calls);
  if (refused != OK) return refused;
  let weight: u64 = 0;
  let failed = false;
  for (let i = 0; i < calls.length; i++) {
    const inner = calls[i].dispatchInner(origin);
    weight = saturatingAdd(weight, inner.weight);
    if (inner.result == OK) {
      UtilityEvent.ItemCompleted();
    } else {
      failed = true;
      UtilityEvent.ItemFailed(inner.result);
    }
  }
  if (failed) UtilityEvent.BatchCompletedWithErrors();
  else UtilityEvent.BatchCompleted();
  useWeight(saturatingAdd(weight, UtilityWeights.forceBatch(<u32>calls.length)));
  return OK;
}

function ensureBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
  if (origin instanceof None) return DispatchError.BadOrigin;
  return <u32>calls.length > BATCHED_CALLS_MAX ? UtilityError.TooManyCalls : OK;
}
