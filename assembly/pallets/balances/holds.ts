// Holds: parts of a balance that a pallet takes as a deposit, by reason (fungible's `MutateHold`). The sum of an account's
// holds is its reserved balance.
import { DispatchResult, OK, TokenError } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { encode, equalBytes } from '../../scale';
import { HeldAmount, RuntimeHoldReason } from './hold-reason';
import { Ledger } from './ledger';
import { Balances, BalancesEvent } from './state';

/** Holds `amount` of the free balance, on top of what is held for this reason. The existential deposit stays free. */
export function doHold(who: AccountId, reason: RuntimeHoldReason, amount: U128): DispatchResult {
  if (amount.isZero()) return OK;
  const ledger = Ledger.open(who);
  if (!ledger.exists) return TokenError.CannotCreateHold;
  if (ledger.reducible(true).lt(amount)) return TokenError.FundsUnavailable;
  const holds = Balances.holds.get(who);
  const at = find(holds, reason);
  if (at < 0) {
    const held = new HeldAmount();
    held.id = reason;
    held.amount = amount;
    holds.push(held);
  } else {
    holds[at].amount = holds[at].amount.add(amount);
  }
  ledger.data.free = ledger.data.free.sub(amount);
  ledger.data.reserved = ledger.data.reserved.add(amount);
  const closed = ledger.close();
  if (closed != OK) return closed;
  Balances.holds.set(who, holds);
  BalancesEvent.Held(reason, who, amount);
  return OK;
}

/** What is held for `reason`. */
export function heldBalance(who: AccountId, reason: RuntimeHoldReason): U128 {
  const holds = Balances.holds.get(who);
  const at = find(holds, reason);
  return at < 0 ? U128.zero() : holds[at].amount;
}

/**
 * Returns `wanted` of what is held for `reason` to the free balance, or all of it if less is held (`Precision::BestEffort`):
 * the end of a block releases, too, and may not panic. Returns the amount released.
 */
export function doRelease(who: AccountId, reason: RuntimeHoldReason, wanted: U128): U128 {
  const holds = Balances.holds.get(who);
  const at = find(holds, reason);
  if (at < 0) return U128.zero();
  const amount = wanted.min(holds[at].amount);
  if (amount.isZero()) return amount;
  const left = holds[at].amount.sub(amount);
  if (left.isZero()) holds.splice(at, 1);
  else holds[at].amount = left;
  const ledger = Ledger.open(who);
  ledger.data.reserved = ledger.data.reserved.saturatingSub(amount);
  ledger.data.free = ledger.data.free.add(amount);
  // Free balance grows and consumers only decrease: neither can be refused.
  if (ledger.close() != OK) throw new Error('balances: giving held balance back was refused');
  if (holds.length == 0) Balances.holds.remove(who);
  else Balances.holds.set(who, holds);
  BalancesEvent.Released(reason, who, amount);
  return amount;
}

/** The position of a reason; −1 if nothing is held for it. */
function find(holds: Array<HeldAmount>, reason: RuntimeHoldReason): i32 {
  const wanted = encode<RuntimeHoldReason>(reason);
  for (let i = 0; i < holds.length; i++) {
    if (equalBytes(encode<RuntimeHoldReason>(holds[i].id), wanted)) return i;
  }
  return -1;
}
