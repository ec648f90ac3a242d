/**
 * Authorizations: short names (AuthIds) for Authorizers, so that Coretime can be assigned by a number.
 *
 * Spec: RFC-0031 § Collection and `is_authorized`, "There is an Authorizations Pallet"; D23.
 * An Authorizer stays for good: there is no `unregister` yet, which would have to keep it for in-core use (D27).
 * Its code lies in the Storage pallet, kept there by whoever stored it.
 */
import { AccountId, Balance, H256, U128 } from '../../primitives';
import { Authorizer, FIRST_AUTH_ID } from '../../primitives/corejam';
import { encode } from '../../scale';
import { DispatchResult, OK, OptionMap, Signed, StorageValue } from '../../frame';
import { Balances } from '../balances';

/** Who registered an Authorizer, and with how much. */
@scale() export class AuthorizerDeposit {
  depositor: AccountId = new AccountId();
  amount: Balance = U128.zero();
}

/** What Authorizations refuses. */
export enum AuthorizationsError {
  /** There are no AuthIds left. */
  OutOfIds,
}

export class AuthorizationsEvent {
  /** An Authorizer has its AuthId. */
  static Registered(id: u32, depositor: AccountId, codeHash: H256): void {}
}

@pallet('Authorizations', 13, AuthorizationsError, AuthorizationsEvent)
export class Authorizations {
  /** The Authorizers. AuthIds up to 9,999 are the native parachain authorizers, which are not here. */
  @storage(Hasher.Twox64Concat) static authorizers: OptionMap<u32, Authorizer>;

  /** The deposits of those who registered them. */
  @storage(Hasher.Twox64Concat) static deposits: OptionMap<u32, AuthorizerDeposit>;

  /** How many were registered: the next AuthId is 10,000 more. */
  @storage() static count: StorageValue<u32>;

  /** What every registration reserves. */
  @constant() static readonly depositBase: Balance = U128.from(10_000_000_000);

  /** What it reserves besides for each byte of the encoded Authorizer. */
  @constant() static readonly depositPerByte: Balance = U128.from(10_000_000);

  /** Register an Authorizer with a deposit over its encoded size. The event tells its AuthId. */
  @call(0, 100_000_000)
  static register(origin: Signed, authorizer: Authorizer): DispatchResult {
    const count = Authorizations.count.get();
    if (count > u32.MAX_VALUE - FIRST_AUTH_ID) return AuthorizationsError.OutOfIds;
    const deposit = new AuthorizerDeposit();
    deposit.depositor = origin.account;
    deposit.amount = Authorizations.depositFor(authorizer);
    const reserved = Balances.reserve(origin.account, deposit.amount);
    if (reserved != OK) return reserved;
    const id = FIRST_AUTH_ID + count;
    Authorizations.count.set(count + 1);
    Authorizations.authorizers.set(id, authorizer);
    Authorizations.deposits.set(id, deposit);
    AuthorizationsEvent.Registered(id, origin.account, authorizer.codeHash);
    return OK;
  }

  /** The Authorizer of an AuthId, null when there is none. */
  static authorizer(id: u32): Authorizer | null {
    return Authorizations.authorizers.get(id);
  }

  /** What registering `authorizer` reserves (D23). */
  static depositFor(authorizer: Authorizer): Balance {
    const size = <u64>encode<Authorizer>(authorizer).length;
    return Authorizations.depositBase.add(Authorizations.depositPerByte.mul(U128.from(size)));
  }
}
