// Calls of Sudo.
import { DispatchResult, RuntimeCall, Signed } from '../../frame';
import { MultiAddress } from '../../primitives';
import { Sudo } from './state';
import { doRemoveKey, doSetKey, doSudo, doSudoAs, OVERHEAD_PS } from './sudo';

@calls(Sudo)
export class SudoCalls {
  /** Make a call as root. Free for the sudo account. */
  @call(0, (call: RuntimeCall): u64 => call.weight() + OVERHEAD_PS)
  static sudo(origin: Signed, call: RuntimeCall): DispatchResult {
    return doSudo(origin.account, call);
  }

  /** Change the sudo account. */
  @call(2, OVERHEAD_PS)
  static setKey(origin: Signed, new_: MultiAddress): DispatchResult {
    return doSetKey(origin.account, new_);
  }

  /** Make a call as another account. Free for the sudo account. */
  @call(3, (who: MultiAddress, call: RuntimeCall): u64 => call.weight() + OVERHEAD_PS)
  static sudoAs(origin: Signed, who: MultiAddress, call: RuntimeCall): DispatchResult {
    return doSudoAs(origin.account, who, call);
  }

  /** Remove the sudo account permanently. */
  @call(4, OVERHEAD_PS)
  static removeKey(origin: Signed): DispatchResult {
    return doRemoveKey(origin.account);
  }
}
