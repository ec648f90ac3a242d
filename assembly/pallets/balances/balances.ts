/**
 * Balances: the chain's token. Free, reserved and frozen balances lie in System's account records, as in Substrate.
 *
 * Calls, events and errors are pallet_balances', as far as they exist here. Fees are TransactionPayment's.
 */
import { DispatchClass, DispatchResult, Root, Signed, StorageValue, DispatchError } from '../../frame';
import { JsonReader, readAccount, readAmount } from '../../json';
import { AccountId, MICROSECOND_PS, MultiAddress, U128 } from '../../primitives';
import { Compact } from '../../scale';
import { System } from '../system';
import { existentialDeposit, Ledger } from './ledger';
import { doDeposit, doReserve, doSetBalance, doTransfer, doUnreserve, doWithdraw } from './transfers';

/** What Balances refuses. */
export enum BalancesError {
  /** The free balance, less what must stay free, is lower than the amount. */
  InsufficientBalance,
}

/** What Balances reports. */
export class BalancesEvent {
  /** An account was created with some free balance. */
  static Endowed(account: AccountId, freeBalance: U128): void {}
  /** An account was removed with a balance below the existential deposit, which is burnt. */
  static DustLost(account: AccountId, amount: U128): void {}
  /** Balance moved from one account to another. */
  static Transfer(from: AccountId, to: AccountId, amount: U128): void {}
  /** A balance was set by root. */
  static BalanceSet(who: AccountId, free: U128): void {}
  /** Free balance was held back. */
  static Reserved(who: AccountId, amount: U128): void {}
  /** Held balance was given back. */
  static Unreserved(who: AccountId, amount: U128): void {}
  /** Balance was made and put into an account. */
  static Deposit(who: AccountId, amount: U128): void {}
  /** Balance was taken out of an account and burnt, as fees are. */
  static Withdraw(who: AccountId, amount: U128): void {}
}

@pallet('Balances', 2, BalancesError, BalancesEvent)
export class Balances {
  /** All of the token that there is. */
  @storage() static totalIssuance: StorageValue<U128>;

  /** The least free balance of an account; one with less is removed. */
  @constant() static readonly existentialDeposit: U128 = existentialDeposit();

  /** Moves `value` to `dest`. The sender's account may be removed by it. */
  @call(0, 250 * MICROSECOND_PS)
  static transferAllowDeath(origin: Signed, dest: MultiAddress, value: Compact<U128>): DispatchResult {
    const target = dest.account();
    return target === null ? DispatchError.CannotLookup : doTransfer(origin.account, target, value, false);
  }

  /** Moves `value` from one account to another, by root. */
  @call(2, 250 * MICROSECOND_PS)
  static forceTransfer(_origin: Root, source: MultiAddress, dest: MultiAddress, value: Compact<U128>): DispatchResult {
    const from = source.account(),
      to = dest.account();
    return from === null || to === null ? DispatchError.CannotLookup : doTransfer(from, to, value, false);
  }

  /** Moves `value` to `dest`, unless the sender's account would be removed by it. */
  @call(3, 250 * MICROSECOND_PS)
  static transferKeepAlive(origin: Signed, dest: MultiAddress, value: Compact<U128>): DispatchResult {
    const target = dest.account();
    return target === null ? DispatchError.CannotLookup : doTransfer(origin.account, target, value, true);
  }

  /** Moves all that the sender can spare to `dest`; with `keepAlive` the existential deposit stays. */
  @call(4, 250 * MICROSECOND_PS)
  static transferAll(origin: Signed, dest: MultiAddress, keepAlive: bool): DispatchResult {
    const target = dest.account();
    if (target === null) return DispatchError.CannotLookup;
    return doTransfer(origin.account, target, Ledger.open(origin.account).reducible(keepAlive), keepAlive);
  }

  /** Sets the free balance of an account, by root. Total issuance follows. */
  @call(8, 200 * MICROSECOND_PS, DispatchClass.Operational)
  static forceSetBalance(_origin: Root, who: MultiAddress, newFree: Compact<U128>): DispatchResult {
    const account = who.account();
    return account === null ? DispatchError.CannotLookup : doSetBalance(account, newFree);
  }

  /** What the account may spend, but for what is frozen. */
  static freeBalance(who: AccountId): U128 {
    return System.account.get(who).data.free;
  }

  /** What the account has on deposit. */
  static reservedBalance(who: AccountId): U128 {
    return System.account.get(who).data.reserved;
  }

  /** What can leave the account now; with `keepAlive` it must survive that. */
  static reducibleBalance(who: AccountId, keepAlive: bool): U128 {
    return Ledger.open(who).reducible(keepAlive);
  }

  /** Moves `amount` between two accounts. With `keepAlive` the source must survive it. */
  static transfer(from: AccountId, to: AccountId, amount: U128, keepAlive: bool): DispatchResult {
    return doTransfer(from, to, amount, keepAlive);
  }

  /** Makes `amount` and puts it into an account. */
  static deposit(who: AccountId, amount: U128): DispatchResult {
    return doDeposit(who, amount);
  }

  /** Takes `amount` out of an account and burns it. With `keepAlive` the account must survive it. */
  static withdraw(who: AccountId, amount: U128, keepAlive: bool): DispatchResult {
    return doWithdraw(who, amount, keepAlive);
  }

  /** Holds `amount` of an account's free balance back; its existential deposit stays free. */
  static reserve(who: AccountId, amount: U128): DispatchResult {
    return doReserve(who, amount);
  }

  /** Gives held balance back, as much of `amount` as there is; answers the rest. */
  static unreserve(who: AccountId, amount: U128): U128 {
    return doUnreserve(who, amount);
  }

  /** Reads `{ "balances": [["0x…", amount], …] }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'balances') json.fail('unknown; expected "balances"');
      else if (json.enterArray()) while (json.nextElement()) endow(json);
    }
  }
}

/** Reads one `["0x…", amount]`. */
function endow(json: JsonReader): void {
  if (!json.enterArray()) return;
  if (!json.nextElement()) return json.fail('expected an account and an amount');
  const who = readAccount(json);
  if (json.failed) return;
  if (System.exists(who)) return json.fail('this account stands twice');
  if (!json.nextElement()) return json.fail('expected an amount after the account');
  const amount = readAmount(json);
  if (json.failed) return;
  const least = existentialDeposit();
  if (amount.lt(least)) return json.fail(`less than the existential deposit of ${least.toString()}`);
  if (Balances.totalIssuance.get().checkedAdd(amount) === null)
    return json.fail('all balances together exceed 2^128 - 1');
  if (doDeposit(who, amount) != 0) throw new Error('balances: a checked deposit was refused');
  if (json.nextElement()) json.fail('expected nothing after the amount');
}
