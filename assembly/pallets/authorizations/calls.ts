// Calls of Authorizations.
import { DispatchResult, Signed } from '../../frame';
import { Authorizer, LONGEST_PREPARING_PS } from '../../primitives/corejam';
import { doRegister, doUnregister } from './registration';
import { Authorizations } from './state';
import { AuthorizationsWeights } from './weights';

@calls(Authorizations, AuthorizationsWeights)
export class AuthorizationsCalls {
  /**
   * Register an Authorizer, with a deposit. Its code must be in the Storage pallet, and is prepared: it must be able to run.
   * The event has its AuthId.
   */
  @call(0, (): u64 => AuthorizationsWeights.register() + LONGEST_PREPARING_PS)
  static register(origin: Signed, authorizer: Authorizer): DispatchResult {
    return doRegister(origin.account, authorizer);
  }

  /**
   * Unregister the sender's Authorizer, 24 hours after it last had a core. Returns the deposit; if nothing else requests the
   * code, only when called again 24 hours later.
   */
  @call(1)
  static unregister(origin: Signed, id: u32): DispatchResult {
    return doUnregister(origin.account, id);
  }
}
