// Authorizations: short names (AuthIds) for Authorizers, so that Coretime can be assigned by a number.
//
// Spec: RFC-0031 § Collection and `is_authorized`, "There is an Authorizations Pallet"; D23. An Authorizer stays for good:
// `unregister` is not implemented (it would have to keep the Authorizer for in-core use, D27). The Storage pallet has its code.
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
  /** There are no AuthIds left. */
  OutOfIds,
}

/** Events of Authorizations. */
export class AuthorizationsEvent {
  /** An Authorizer was registered under an AuthId. */
  static Registered(id: u32, depositor: AccountId, codeHash: H256): void {}
}

/** Short names for Authorizers. */
@pallet('Authorizations', 13, AuthorizationsError, AuthorizationsEvent)
export class Authorizations {
  /** The Authorizers. AuthIds up to 9,999 are the native parachain authorizers, which are not here. */
  @storage(Hasher.Twox64Concat) static authorizers: OptionMap<u32, Authorizer>;

  /** Deposits of the registrations. */
  @storage(Hasher.Twox64Concat) static deposits: OptionMap<u32, AuthorizerDeposit>;

  /** Number of registrations: the next AuthId is 10,000 more. */
  @storage() static count: StorageValue<u32>;

  /** Deposit of every registration. */
  @constant() static readonly depositBase: Balance = U128.from(10_000_000_000);

  /** Additional deposit for each byte of the encoded Authorizer. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);
}
