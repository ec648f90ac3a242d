// AccountNonceApi: what a wallet needs before it signs.
import { AccountId } from '../primitives';
import { System } from '../pallets/system';

/** Of accounts. */
@api('AccountNonceApi', 1)
export class AccountNonceApi {
  /** The nonce of the account's next extrinsic, as of this block. */
  static accountNonce(account: AccountId): u32 {
    return System.account.get(account).nonce;
  }
}
