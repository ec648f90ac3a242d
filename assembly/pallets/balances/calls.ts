// Calls of Balances.
import { DispatchClass, DispatchError, DispatchResult, Root, Signed } from '../../frame';
import { MultiAddress, U128 } from '../../primitives';
import { Compact } from '../../scale';
import { Balances } from './state';
import { doSetBalance, doTransfer, doTransferAll } from './transfers';
import { BalancesWeights } from './weights';

@calls(Balances, BalancesWeights)
export class BalancesCalls {
  /** Transfer `value` to `dest`. May remove the sender's account. */
  @call(0)
  static transferAllowDeath(origin: Signed, dest: MultiAddress, value: Compact<U128>): DispatchResult {
    const target = dest.account();
    return target === null ? DispatchError.CannotLookup : doTransfer(origin.account, target, value, false);
  }

  /** Transfer `value` from `source` to `dest`, as root. */
  @call(2)
  static forceTransfer(_origin: Root, source: MultiAddress, dest: MultiAddress, value: Compact<U128>): DispatchResult {
    const from = source.account(),
      to = dest.account();
    return from === null || to === null ? DispatchError.CannotLookup : doTransfer(from, to, value, false);
  }

  /** Transfer `value` to `dest`. Fails if it would remove the sender's account. */
  @call(3)
  static transferKeepAlive(origin: Signed, dest: MultiAddress, value: Compact<U128>): DispatchResult {
    const target = dest.account();
    return target === null ? DispatchError.CannotLookup : doTransfer(origin.account, target, value, true);
  }

  /** Transfer the sender's whole transferable balance to `dest`; with `keepAlive` the account is kept. */
  @call(4)
  static transferAll(origin: Signed, dest: MultiAddress, keepAlive: bool): DispatchResult {
    const target = dest.account();
    return target === null ? DispatchError.CannotLookup : doTransferAll(origin.account, target, keepAlive);
  }

  /** Set an account's free balance, as root. Adjusts total issuance. */
  @call(8, DispatchClass.Operational)
  static forceSetBalance(_origin: Root, who: MultiAddress, newFree: Compact<U128>): DispatchResult {
    const account = who.account();
    return account === null ? DispatchError.CannotLookup : doSetBalance(account, newFree);
  }
}
