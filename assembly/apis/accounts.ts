// AccountNonceApi: account nonces, which wallets read before they sign.
import { AccountId } from '../primitives';
import { System } from '../pallets/system';

/** Account nonces. */
@api('AccountNonceApi', 1)
export class AccountNonceApi {
  /** The nonce of the account's next extrinsic. */
  static accountNonce(account: AccountId): u32 {
    return System.account.get(account).nonce;
  }
}
