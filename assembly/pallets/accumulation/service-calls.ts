// Host functions of guests on balances and preimages, on behalf of the class: its account pays and holds the deposits.
// Arguments and refusals are as in `hostcalls.ts`.
// Spec: RFC-0031 § Accumulate ("Other host functions … Balances and Storage Pallet"), § Relay-chain Storage Pallet.
import { AccountId, H256, U128 } from '../../primitives';
import { Bytes, fixed, Writer } from '../../scale';
import { OK } from '../../frame';
import { reserveReply } from '../../io';
import { doTransfer, freeBalance } from '../balances';
import {
  doExpungeUntrusted,
  doProvide,
  doRequestUntrusted,
  doUnrequestUntrusted,
  isRefundDelayed,
  lookupLength,
  lookupPreimage,
} from '../storage';
import { classAccount, Running } from '../work-classes';
import { mayWrite } from './permission';
import { settleDeposit } from './work-storage';

/** Results of functions that may be refused without a trap. */
const DONE: u32 = 0;
const REFUSED: u32 = 1;
/** The additional result of `storage_unrequest`: done, but `expunge` must wait. */
const DONE_WAIT: u32 = 1;
const UNREQUEST_REFUSED: u32 = 2;

/** Host functions on balances and preimages. */
export class ServiceCalls {
  /** Transfers `amount` (u128, 16 bytes little-endian) to an account (32 bytes), keeping the class's account alive. */
  @hostcall('ext_corejam_transfer_version_1', mayWrite) static transfer(to: Bytes, amount: Bytes): u32 {
    if (to.length != 32 || amount.length != 16) return REFUSED;
    settleDeposit(Running.class); // the deposit for the class's storage can't be transferred
    const value = new U128(load<u64>(changetype<usize>(amount)), load<u64>(changetype<usize>(amount), 8));
    return doTransfer(classAccount(Running.class), fixed<AccountId>(to), value, true) == OK ? DONE : REFUSED;
  }

  /** The free balance of an account (32 bytes): u128, 16 bytes little-endian. */
  @hostcall('ext_corejam_free_balance_version_1', mayWrite) static freeBalance(who: Bytes): Bytes | null {
    if (who.length != 32) return null;
    settleDeposit(Running.class);
    const balance = freeBalance(fixed<AccountId>(who));
    const writer = new Writer(16);
    writer.u64(balance.low);
    writer.u64(balance.high);
    return writer.finish();
  }

  /** The preimage of a hash (32 bytes), if stored and requested. */
  @hostcall('ext_corejam_storage_lookup_version_1', mayWrite) static storageLookup(hash: Bytes): Bytes | null {
    if (hash.length != 32) return null;
    const preimage = fixed<H256>(hash);
    const length = lookupLength(preimage);
    return length >= 0 && reserveReply(<u32>length) ? lookupPreimage(preimage) : null;
  }

  /** Requests a preimage, with a deposit of the class's account. */
  @hostcall('ext_corejam_storage_request_version_1', mayWrite) static storageRequest(hash: Bytes, len: u32): u32 {
    if (hash.length != 32) return REFUSED;
    settleDeposit(Running.class);
    return doRequestUntrusted(classAccount(Running.class), fixed<H256>(hash), len) == OK ? DONE : REFUSED;
  }

  /** Ends the class's request. Returns 0; 1 if it can be expunged only after 24 hours; 2 if refused. */
  @hostcall('ext_corejam_storage_unrequest_version_1', mayWrite) static storageUnrequest(hash: Bytes): u32 {
    if (hash.length != 32) return UNREQUEST_REFUSED;
    const preimage = fixed<H256>(hash);
    const depositor = classAccount(Running.class);
    if (doUnrequestUntrusted(depositor, preimage) != OK) return UNREQUEST_REFUSED;
    return isRefundDelayed(depositor, preimage) ? DONE_WAIT : DONE;
  }

  /** Provides a requested preimage. */
  @hostcall('ext_corejam_storage_provide_version_1', mayWrite) static storageProvide(preimage: Bytes): u32 {
    return doProvide(preimage) == OK ? DONE : REFUSED;
  }

  /** Does what `expunge` would, and returns the deposit of an ended request of the class (D21). Returns 0; 1 if refused. */
  @hostcall('ext_corejam_storage_expunge_version_1', mayWrite) static storageExpunge(hash: Bytes): u32 {
    if (hash.length != 32) return REFUSED;
    return doExpungeUntrusted(classAccount(Running.class), fixed<H256>(hash)) == OK ? DONE : REFUSED;
  }
}
