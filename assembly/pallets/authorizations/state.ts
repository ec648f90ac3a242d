// Authorizations: numbers (AuthIds) for Authorizers, by which Coretime is assigned.
//
// Spec: RFC-0031 § Collection and `is_authorized`, "There is an Authorizations Pallet"; D23. The code is in the Storage
// pallet. `unregister` is not implemented (it would have to keep the Authorizer for in-core use, D27).
import { OptionMap, StorageValue } from '../../frame';
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { Authorizer } from '../../primitives/corejam';

/** The deposit of a registration. */
@scale()
export class AuthorizerDeposit {
  depositor: AccountId = new AccountId();
  amount: Balance = U128.zero();
}

/** Why a call of Authorizations is refused. */
export enum AuthorizationsError {
  /** No AuthIds are left. */
  OutOfIds,
}

/** Events of Authorizations. */
export class AuthorizationsEvent {
  /** An Authorizer was registered. */
  static Registered(id: u32, depositor: AccountId, codeHash: H256): void {}
}

/** AuthIds of Authorizers. */
@pallet('Authorizations', 13, AuthorizationsError, AuthorizationsEvent)
export class Authorizations {
  /** Authorizers by AuthId. Ids below 10,000 are native parachain authorizers. */
  @storage(Hasher.Twox64Concat) static authorizers: OptionMap<u32, Authorizer>;

  /** Deposits of the registrations. */
  @storage(Hasher.Twox64Concat) static deposits: OptionMap<u32, AuthorizerDeposit>;

  /** Number of registrations; the next AuthId is 10,000 more. */
  @storage() static count: StorageValue<u32>;

  /** Deposit per registration. */
  @constant() static readonly depositBase: Balance = U128.from(10_000_000_000);

  /** Additional deposit per byte of the encoded Authorizer. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);
}
