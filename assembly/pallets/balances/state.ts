// Balances: the chain's token. Free, reserved and frozen balances are in System's account records, as in Substrate.
//
// Calls, holds and events are a subset of pallet_balances', whose errors are those of fungible (TokenError). Fees belong to TransactionPayment.
import { StorageMap, StorageValue } from '../../frame';
import { AccountId, U128 } from '../../primitives';
import { BoundedVec } from '../../scale';
import { HeldAmount, HoldReasons, RuntimeHoldReason } from './hold-reason';
import {
  BalanceLock,
  FrozenAmount,
  MAX_FREEZES,
  MAX_LOCKS,
  MAX_RESERVES,
  MaxFreezes,
  MaxLocks,
  MaxReserves,
  ReserveData,
} from './types';

/** Events of Balances. */
export class BalancesEvent {
  /** An account was created with a free balance. */
  static Endowed(account: AccountId, freeBalance: U128): void {}
  /** An account below the existential deposit was removed, and its balance burnt. */
  static DustLost(account: AccountId, amount: U128): void {}
  /** Balance moved from one account to another. */
  static Transfer(from: AccountId, to: AccountId, amount: U128): void {}
  /** A balance was set by root. */
  static BalanceSet(who: AccountId, free: U128): void {}
  /** Free balance was put on hold. */
  static Held(reason: RuntimeHoldReason, who: AccountId, amount: U128): void {}
  /** Held balance was released. */
  static Released(reason: RuntimeHoldReason, who: AccountId, amount: U128): void {}
  /** Balance was minted into an account. */
  static Deposit(who: AccountId, amount: U128): void {}
  /** Balance was burnt, as a fee for example. */
  static Withdraw(who: AccountId, amount: U128): void {}
}

/** The chain's token. */
@pallet('Balances', 2, BalancesEvent)
export class Balances {
  /** Total supply of the token. */
  @storage() static totalIssuance: StorageValue<U128>;

  /** Locks of balances. Always empty: pallets of this runtime hold. Wallets read it. */
  @storage(Hasher.Blake2_128Concat) static locks: StorageMap<AccountId, BoundedVec<BalanceLock, MaxLocks>>;

  /** Reserves by name. Always empty: pallets of this runtime hold. Wallets read it. */
  @storage(Hasher.Blake2_128Concat) static reserves: StorageMap<AccountId, BoundedVec<ReserveData, MaxReserves>>;

  /** What is held of each account's balance, by reason. The sum is the account's reserved balance. */
  @storage(Hasher.Blake2_128Concat) static holds: StorageMap<AccountId, BoundedVec<HeldAmount, HoldReasons>>;

  /** What is frozen of each account's balance, by reason. Always empty: nothing freezes. Wallets read it. */
  @storage(Hasher.Blake2_128Concat) static freezes: StorageMap<AccountId, BoundedVec<FrozenAmount, MaxFreezes>>;

  /** Minimum free balance of an account, 0.001 UNIT; an account with less is removed. */
  @constant() static readonly existentialDeposit: U128 = U128.from(1_000_000_000);

  /** Maximum number of an account's locks. */
  @constant() static readonly maxLocks: u32 = MAX_LOCKS;

  /** Maximum number of an account's reserves. */
  @constant() static readonly maxReserves: u32 = MAX_RESERVES;

  /** Maximum number of an account's freezes. */
  @constant() static readonly maxFreezes: u32 = MAX_FREEZES;
}
