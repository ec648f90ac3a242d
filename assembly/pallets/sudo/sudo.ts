// Rules of Sudo. All calls of Sudo are free of charge for the sudo account.
import { DispatchError, DispatchResult, OK, Origin, Root, RuntimeCall, Signed, useWeight, waiveFee } from '../../frame';
import { MultiAddress, saturatingAdd } from '../../primitives';
import { Sudo, SudoError, SudoEvent } from './state';
import { SudoWeights } from './weights';

/** Makes a call as root. */
export function doSudo(origin: Signed, call: RuntimeCall): DispatchResult {
  if (!holdsKey(origin)) return SudoError.RequireSudo;
  SudoEvent.Sudid(dispatchInner(call, new Root(), SudoWeights.sudo()));
  return OK;
}

/** Makes a call as root. Its weight is what the sudo account says, whatever it uses. */
export function doSudoUncheckedWeight(origin: Signed, call: RuntimeCall): DispatchResult {
  if (!holdsKey(origin)) return SudoError.RequireSudo;
  SudoEvent.Sudid(call.dispatchInner(new Root()).result);
  waiveFee();
  return OK;
}

/** Makes a call as the account `as`. */
export function doSudoAs(origin: Signed, as: MultiAddress, call: RuntimeCall): DispatchResult {
  if (!holdsKey(origin)) return SudoError.RequireSudo;
  const account = as.account();
  if (account === null) return DispatchError.CannotLookup;
  SudoEvent.SudoAsDone(dispatchInner(call, new Signed(account), SudoWeights.sudoAs()));
  return OK;
}

/** Changes the sudo account to `next`. */
export function doSetKey(origin: Signed, next: MultiAddress): DispatchResult {
  if (!holdsKey(origin)) return SudoError.RequireSudo;
  const account = next.account();
  if (account === null) return DispatchError.CannotLookup;
  SudoEvent.KeyChanged(Sudo.key.get(), account);
  Sudo.key.set(account);
  waiveFee();
  return OK;
}

/** Removes the sudo account. */
export function doRemoveKey(origin: Signed): DispatchResult {
  if (!holdsKey(origin)) return SudoError.RequireSudo;
  SudoEvent.KeyRemoved();
  Sudo.key.remove();
  waiveFee();
  return OK;
}

/** Makes the inner call; its used weight plus `own` becomes Sudo's. */
function dispatchInner(call: RuntimeCall, origin: Origin, own: u64): DispatchResult {
  const inner = call.dispatchInner(origin);
  useWeight(saturatingAdd(inner.weight, own));
  waiveFee();
  return inner.result;
}

/** Whether this is the sudo account. */
export function holdsKey(origin: Signed): bool {
  const key = Sudo.key.get();
  return key !== null && key.equals(origin.account);
}
