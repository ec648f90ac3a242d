// Rules of Sudo. All calls of Sudo are free of charge for the sudo account.
import {
  DispatchError,
  DispatchResult,
  OK,
  Origin,
  Root,
  RuntimeCall,
  Signed,
  useWeight,
  waiveFee,
  weightUsed,
} from '../../frame';
import { AccountId, MICROSECOND_PS, MultiAddress } from '../../primitives';
import { Sudo, SudoError, SudoEvent } from './state';

/** Weight of a Sudo call without its inner call. */
export const OVERHEAD_PS: u64 = 60 * MICROSECOND_PS;

/** Makes a call as root. */
export function doSudo(who: AccountId, call: RuntimeCall): DispatchResult {
  if (!holdsKey(who)) return SudoError.RequireSudo;
  SudoEvent.Sudid(dispatchInner(call, new Root()));
  return OK;
}

/** Makes a call as the account `as`. */
export function doSudoAs(who: AccountId, as: MultiAddress, call: RuntimeCall): DispatchResult {
  if (!holdsKey(who)) return SudoError.RequireSudo;
  const account = as.account();
  if (account === null) return DispatchError.CannotLookup;
  SudoEvent.SudoAsDone(dispatchInner(call, new Signed(account)));
  return OK;
}

/** Changes the sudo account to `next`. */
export function doSetKey(who: AccountId, next: MultiAddress): DispatchResult {
  if (!holdsKey(who)) return SudoError.RequireSudo;
  const account = next.account();
  if (account === null) return DispatchError.CannotLookup;
  SudoEvent.KeyChanged(Sudo.key.get(), account);
  Sudo.key.set(account);
  waiveFee();
  return OK;
}

/** Removes the sudo account. */
export function doRemoveKey(who: AccountId): DispatchResult {
  if (!holdsKey(who)) return SudoError.RequireSudo;
  SudoEvent.KeyChanged(Sudo.key.get(), null);
  Sudo.key.remove();
  waiveFee();
  return OK;
}

/** Makes the inner call; its used weight plus the overhead becomes Sudo's. */
function dispatchInner(call: RuntimeCall, origin: Origin): DispatchResult {
  const result = call.dispatch(origin);
  useWeight(weightUsed(call.weight()) + OVERHEAD_PS);
  waiveFee();
  return result;
}

function holdsKey(who: AccountId): bool {
  const key = Sudo.key.get();
  return key !== null && key.equals(who);
}
