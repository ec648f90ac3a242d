// Charges fees: before the call for its declared weight, corrected after the call to the weight used.
import { OK } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { doDeposit, doWithdraw, reducibleBalance } from '../balances';
import { System } from '../system';
import { TransactionPaymentEvent } from './state';

/** Whether `who` can pay `fee` without being removed. */
export function canPayFee(who: AccountId, fee: U128): bool {
  return fee.isZero() || reducibleBalance(who, true).ge(fee);
}

/** Charges `fee` to `who`, without removing the account. Returns false if the balance is too low. */
export function chargeFee(who: AccountId, fee: U128): bool {
  return doWithdraw(who, fee, true) == OK;
}

/** After the call: refunds the excess over `actual`, if the account still exists, and deposits the event. */
export function settleFee(who: AccountId, charged: U128, actual: U128, tip: U128): void {
  const refund = charged.saturatingSub(actual);
  // No refund to an account that its own call removed: it would be created again.
  const refunded = !refund.isZero() && System.account.has(who) && doDeposit(who, refund) == OK;
  TransactionPaymentEvent.TransactionFeePaid(who, refunded ? actual : charged, tip);
}
