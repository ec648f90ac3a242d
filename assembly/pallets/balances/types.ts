// Stored types of pallet_balances that this runtime never stores. Wallets look for the items that would have them, and
// show nothing where these are empty; without the items, some show no balance at all.
import { Balance, Tag8, U128 } from '../../primitives';
import { Unit } from '../../scale';

/** Locks, reserves and freezes of one account. */
export const MAX_LOCKS: u32 = 50;
export const MAX_RESERVES: u32 = 50;
export const MAX_FREEZES: u32 = 50;
@bound(MAX_LOCKS) export class MaxLocks {}
@bound(MAX_RESERVES) export class MaxReserves {}
@bound(MAX_FREEZES) export class MaxFreezes {}

/**
 * What a lock keeps a balance from.
 * @path pallet_balances::types::Reasons
 */
export enum Reasons {
  /** Paying fees. */
  Fee,
  /** Everything but fees. */
  Misc,
  /** Everything. */
  All,
}

/** A part of a balance that may not leave the account; locks overlap. */
@scale('pallet_balances::types::BalanceLock')
export class BalanceLock {
  id: Tag8 = new Tag8();
  amount: Balance = U128.zero();
  reasons: Reasons = Reasons.Fee;
}

/** A reserved part of a balance, by name. */
@scale('pallet_balances::types::ReserveData')
export class ReserveData {
  id: Tag8 = new Tag8();
  amount: Balance = U128.zero();
}

/** A frozen part of a balance. There are no reasons to freeze. */
@scale('frame_support::traits::tokens::misc::IdAmount')
export class FrozenAmount {
  id: Unit = new Unit();
  amount: Balance = U128.zero();
}
