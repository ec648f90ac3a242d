// Calls of Sudo. An extrinsic with one of them from any other account than the sudo account is invalid. A call that carries
// another has that one's dispatch class.
import { DispatchClass, DispatchResult, RuntimeCall, Signed, Weight } from '../../frame';
import { MultiAddress, saturatingAdd } from '../../primitives';
import { Sudo } from './state';
import { doRemoveKey, doSetKey, doSudo, doSudoAs, doSudoUncheckedWeight, holdsKey } from './sudo';
import { SudoWeights } from './weights';

@calls(Sudo, SudoWeights)
export class SudoCalls {
  /** Make a call as root. Free for the sudo account. */
  @senders(holdsKey)
  @call(
    0,
    (call: RuntimeCall): u64 => saturatingAdd(call.weight(), SudoWeights.sudo()),
    (call: RuntimeCall): DispatchClass => call.dispatchClass(),
  )
  static sudo(origin: Signed, call: RuntimeCall): DispatchResult {
    return doSudo(origin, call);
  }

  /** Make a call as root, with a weight that the sudo account chooses instead of the call's. Free for the sudo account. */
  @senders(holdsKey)
  @call(
    1,
    (weight: Weight): u64 => weight.refTime,
    (call: RuntimeCall): DispatchClass => call.dispatchClass(),
  )
  static sudoUncheckedWeight(origin: Signed, call: RuntimeCall, _weight: Weight): DispatchResult {
    return doSudoUncheckedWeight(origin, call);
  }

  /** Change the sudo account. */
  @senders(holdsKey)
  @call(2)
  static setKey(origin: Signed, new_: MultiAddress): DispatchResult {
    return doSetKey(origin, new_);
  }

  /** Make a call as another account. Free for the sudo account. */
  @senders(holdsKey)
  @call(
    3,
    (call: RuntimeCall): u64 => saturatingAdd(call.weight(), SudoWeights.sudoAs()),
    (call: RuntimeCall): DispatchClass => call.dispatchClass(),
  )
  static sudoAs(origin: Signed, who: MultiAddress, call: RuntimeCall): DispatchResult {
    return doSudoAs(origin, who, call);
  }

  /** Remove the sudo account permanently. */
  @senders(holdsKey)
  @call(4)
  static removeKey(origin: Signed): DispatchResult {
    return doRemoveKey(origin);
  }
}
