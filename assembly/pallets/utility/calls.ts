// Calls of Utility. A call in a call, or in a batch, nests at most as deep as decoding allows (16 levels), and one
// extrinsic has at most as many calls together as `Reader` reads.
import { DispatchClass, DispatchResult, Origin, Root, RuntimeCall, Signed, Weight } from '../../frame';
import { saturatingAdd } from '../../primitives';
import { classOf, doBatch, doBatchAll, doForceBatch, mayBatch, weightOf } from './batches';
import { doAsDerivative, doWithWeight, mayDerive } from './derivatives';
import { Utility } from './state';
import { UtilityWeights } from './weights';

@calls(Utility, UtilityWeights)
export class UtilityCalls {
  /** Make calls in order, up to the first that fails; those before it stay made. The batch itself succeeds. */
  @senders(mayBatch)
  @call(
    0,
    (calls: Array<RuntimeCall>): u64 => saturatingAdd(weightOf(calls), UtilityWeights.batch(<u32>calls.length)),
    (calls: Array<RuntimeCall>): DispatchClass => classOf(calls),
  )
  static batch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
    return doBatch(origin, calls);
  }

  /** Make a call as the account number `index` of those derived from the sender's. */
  @senders(mayDerive)
  @call(
    1,
    (call: RuntimeCall): u64 => saturatingAdd(call.weight(), UtilityWeights.asDerivative()),
    (call: RuntimeCall): DispatchClass => call.dispatchClass(),
  )
  static asDerivative(origin: Signed, index: u16, call: RuntimeCall): DispatchResult {
    return doAsDerivative(origin, index, call);
  }

  /** Make all calls, or none: if one fails, so does the batch, and nothing is changed. */
  @senders(mayBatch)
  @call(
    2,
    (calls: Array<RuntimeCall>): u64 => saturatingAdd(weightOf(calls), UtilityWeights.batchAll(<u32>calls.length)),
    (calls: Array<RuntimeCall>): DispatchClass => classOf(calls),
  )
  static batchAll(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
    return doBatchAll(origin, calls);
  }

  /** Make all calls in order, whether or not others fail. */
  @senders(mayBatch)
  @call(
    4,
    (calls: Array<RuntimeCall>): u64 => saturatingAdd(weightOf(calls), UtilityWeights.forceBatch(<u32>calls.length)),
    (calls: Array<RuntimeCall>): DispatchClass => classOf(calls),
  )
  static forceBatch(origin: Origin, calls: Array<RuntimeCall>): DispatchResult {
    return doForceBatch(origin, calls);
  }

  /** Make a call as root, with a weight that root chooses instead of the call's. */
  @call(
    5,
    (weight: Weight): u64 => weight.refTime,
    (call: RuntimeCall): DispatchClass => call.dispatchClass(),
  )
  static withWeight(_origin: Root, call: RuntimeCall, _weight: Weight): DispatchResult {
    return doWithWeight(call);
  }
}
