// Registering Authorizers. Spec: RFC-0031 § Collection and `is_authorized`; D23.
import { DispatchResult, OK } from '../../frame';
import { AccountId, Balance, U128 } from '../../primitives';
import { Authorizer, FIRST_AUTH_ID } from '../../primitives/corejam';
import { encode } from '../../scale';
import { doReserve } from '../balances';
import { Authorizations, AuthorizationsError, AuthorizationsEvent, AuthorizerDeposit } from './state';

/** Registers an Authorizer under the next AuthId, with a deposit by encoded size. */
export function doRegister(who: AccountId, authorizer: Authorizer): DispatchResult {
  const count = Authorizations.count.get();
  if (count > u32.MAX_VALUE - FIRST_AUTH_ID) return AuthorizationsError.OutOfIds;
  const deposit = new AuthorizerDeposit();
  deposit.depositor = who;
  deposit.amount = depositFor(authorizer);
  const reserved = doReserve(who, deposit.amount);
  if (reserved != OK) return reserved;
  const id = FIRST_AUTH_ID + count;
  Authorizations.count.set(count + 1);
  Authorizations.authorizers.set(id, authorizer);
  Authorizations.deposits.set(id, deposit);
  AuthorizationsEvent.Registered(id, who, authorizer.codeHash);
  return OK;
}

/** The deposit for `authorizer` (D23). */
function depositFor(authorizer: Authorizer): Balance {
  const size = <u64>encode<Authorizer>(authorizer).length;
  return Authorizations.depositBase.add(Authorizations.depositPerByte.mul(U128.from(size)));
}
