// Calls of Authorizations.
import { DispatchResult, Signed } from '../../frame';
import { Authorizer } from '../../primitives/corejam';
import { doRegister } from './registration';
import { Authorizations } from './state';

@calls(Authorizations)
export class AuthorizationsCalls {
  /** Register an Authorizer, with a deposit. The event has its AuthId. */
  @call(0, 100_000_000)
  static register(origin: Signed, authorizer: Authorizer): DispatchResult {
    return doRegister(origin.account, authorizer);
  }
}
