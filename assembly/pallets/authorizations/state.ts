// Authorizations: numbers (AuthIds) for Authorizers, by which Coretime is assigned.
//
// Spec: RFC-0031 § Collection and `is_authorized`, "There is an Authorizations Pallet"; D23, D27. The code is in the
// Storage pallet; a registered Authorizer holds it there.
import { OptionMap, StorageValue } from '../../frame';
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { Authorizer } from '../../primitives/corejam';
import { none, Option } from '../../scale';

/** The deposit and the use of a registered Authorizer. */
@scale()
export class Registration {
  depositor: AccountId = new AccountId();
  deposit: Balance = U128.zero();
  /** Number of cores that are assigned to it. */
  cores: u32 = 0;
  /** Block in which an assignment last ended. */
  endedAt: Option<u32> = none<u32>();
}

/** The deposit of an unregistered Authorizer, which waits for its code to be removed (D23). */
@scale()
export class Waiting {
  depositor: AccountId = new AccountId();
  deposit: Balance = U128.zero();
  /** The code, which no request held when the Authorizer let go of it. */
  codeHash: H256 = new H256();
  /** Its length. */
  codeLength: u32 = 0;
  /** Block in which the Authorizer was unregistered. */
  from: u32 = 0;
}

/** Why a call of Authorizations is refused. */
export enum AuthorizationsError {
  /** No AuthIds are left. */
  OutOfIds,
  /** The code is not in the Storage pallet, or not requested. */
  CodeNotStored,
  /** No Authorizer has this AuthId. */
  NotRegistered,
  /** Another account registered the Authorizer. */
  NotDepositor,
  /** A core is assigned to the Authorizer. */
  StillAssigned,
  /** Fewer than Storage's `expungeDelay` blocks have passed since the last assignment ended, or since lookups of the code ended. */
  TooEarly,
  /** The code is longer than the 1 MiB that the VM accepts. */
  CodeTooLong,
  /** The code is no Wasm module that may run in-core, or lacks `is_authorized`. */
  InvalidCode,
}

/** Events of Authorizations. */
export class AuthorizationsEvent {
  /** An Authorizer was registered. */
  static Registered(id: u32, depositor: AccountId, codeHash: H256): void {}
  /** An Authorizer was unregistered. `wait`: its deposit returns, by another `unregister`, with the removal of its code. */
  static Unregistered(id: u32, depositor: AccountId, wait: bool): void {}
  /** The deposit of an unregistered Authorizer was returned. */
  static Refunded(id: u32, depositor: AccountId, amount: Balance): void {}
}

/** AuthIds of Authorizers. */
@pallet('Authorizations', 13, AuthorizationsError, AuthorizationsEvent)
export class Authorizations {
  /** Authorizers by AuthId. Ids below 10,000 are native parachain authorizers. */
  @storage(Hasher.Twox64Concat) static authorizers: OptionMap<u32, Authorizer>;

  /** Their deposits, and the cores that they have. */
  @storage(Hasher.Twox64Concat) static registrations: OptionMap<u32, Registration>;

  /** Deposits of unregistered Authorizers that wait for the removal of the code. */
  @storage(Hasher.Twox64Concat) static waiting: OptionMap<u32, Waiting>;

  /** Number of registrations so far; the next AuthId is 10,000 more. */
  @storage() static count: StorageValue<u32>;

  /** Deposit per registration. */
  @constant() static readonly depositBase: Balance = U128.from(10_000_000_000);

  /** Additional deposit per byte of the encoded Authorizer; for its code, Storage's deposit is added. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);
}
