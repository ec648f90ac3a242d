// Transfers, mints and burns, for all pallets. Every check comes before the first write.
import { ArithmeticError, DispatchResult, OK, TokenError } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { Balances, BalancesEvent } from './state';
import { Ledger } from './ledger';

/** Whether `amount` may leave `source`: OK, or why not (fungible's `can_withdraw`). */
function ensureWithdrawable(source: Ledger, amount: U128, keepAlive: bool): DispatchResult {
  const left = source.data.free.checkedSub(amount);
  if (left === null) return TokenError.FundsUnavailable;
  if (left.lt(source.data.frozen)) return TokenError.Frozen;
  if (left.ge(Balances.existentialDeposit)) return OK;
  if (source.isConsumed) return TokenError.OnlyProvider;
  return keepAlive ? TokenError.NotExpendable : OK;
}

/** Moves `amount` between two accounts. With `keepAlive` the source must not be removed. */
export function doTransfer(from: AccountId, to: AccountId, amount: U128, keepAlive: bool): DispatchResult {
  const source = Ledger.open(from);
  if (amount.isZero()) return OK;
  const refused = ensureWithdrawable(source, amount, keepAlive);
  if (refused != OK) return refused;
  // Without this, the second write of the same account would win: the amount would be minted.
  if (from.equals(to)) return OK;
  const target = Ledger.open(to);
  const sum = target.data.free.checkedAdd(amount);
  if (sum === null) return ArithmeticError.Overflow;
  if (sum.lt(Balances.existentialDeposit)) return TokenError.BelowMinimum;
  source.data.free = source.data.free.sub(amount);
  target.data.free = sum;
  const debited = source.close();
  if (debited != OK) return debited;
  const credited = target.close();
  if (credited != OK) return credited;
  BalancesEvent.Transfer(from, to, amount);
  return OK;
}

/** Moves the whole transferable balance of `from`. With `keepAlive` that account is kept. */
export function doTransferAll(from: AccountId, to: AccountId, keepAlive: bool): DispatchResult {
  return doTransfer(from, to, Ledger.open(from).reducible(keepAlive), keepAlive);
}

/** Mints `amount` into an account. */
export function doDeposit(who: AccountId, amount: U128): DispatchResult {
  if (amount.isZero()) return OK;
  const ledger = Ledger.open(who);
  const sum = ledger.data.free.checkedAdd(amount);
  const issuance = Balances.totalIssuance.get().checkedAdd(amount);
  if (sum === null || issuance === null) return ArithmeticError.Overflow;
  if (sum.lt(Balances.existentialDeposit)) return TokenError.BelowMinimum;
  Balances.totalIssuance.set(issuance);
  ledger.data.free = sum;
  const closed = ledger.close();
  if (closed == OK) BalancesEvent.Deposit(who, amount);
  return closed;
}

/** Burns `amount` of an account. With `keepAlive` the account must not be removed. */
export function doWithdraw(who: AccountId, amount: U128, keepAlive: bool): DispatchResult {
  if (amount.isZero()) return OK;
  const ledger = Ledger.open(who);
  const refused = ensureWithdrawable(ledger, amount, keepAlive);
  if (refused != OK) return refused;
  ledger.data.free = ledger.data.free.sub(amount);
  const closed = ledger.close();
  if (closed != OK) return closed;
  Balances.totalIssuance.set(Balances.totalIssuance.get().sub(amount));
  BalancesEvent.Withdraw(who, amount);
  return OK;
}

/** Sets an account's free balance, zero if below the existential deposit, and adjusts total issuance. */
export function doSetBalance(who: AccountId, newFree: U128): DispatchResult {
  const free = newFree.lt(Balances.existentialDeposit) ? U128.zero() : newFree;
  const ledger = Ledger.open(who);
  const before = ledger.data.free;
  const issuance = Balances.totalIssuance.get();
  const grown = issuance.checkedAdd(free.saturatingSub(before));
  if (grown === null) return ArithmeticError.Overflow;
  ledger.data.free = free;
  const closed = ledger.close();
  if (closed != OK) return closed;
  Balances.totalIssuance.set(grown.sub(before.saturatingSub(free)));
  BalancesEvent.BalanceSet(who, free);
  return OK;
}
