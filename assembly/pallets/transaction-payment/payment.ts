// Charging fees: before the call for the weight it declares, afterwards settled to what it used.
import { OK } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { doDeposit, doWithdraw, reducibleBalance } from '../balances';
import { System } from '../system';
import { TransactionPaymentEvent } from './state';

/** Whether `who` can pay `fee` and stay alive. */
export function canPayFee(who: AccountId, fee: U128): bool {
  return fee.isZero() || reducibleBalance(who, true).ge(fee);
}

/** Takes `fee` from `who`, who stays alive; false if there is not enough. */
export function chargeFee(who: AccountId, fee: U128): bool {
  return doWithdraw(who, fee, true) == OK;
}

/** After the call: returns what was charged beyond `actual`, if the account still exists, and deposits the event. */
export function settleFee(who: AccountId, charged: U128, actual: U128, tip: U128): void {
  const refund = charged.saturatingSub(actual);
  // An account that its own call removed gets nothing back: a refund must not create it anew.
  const refunded = !refund.isZero() && System.account.has(who) && doDeposit(who, refund) == OK;
  TransactionPaymentEvent.TransactionFeePaid(who, refunded ? actual : charged, tip);
}
