// Calls of Storage. Those that provide requested data or remove data are free of charge, and in a block only if they succeed:
// whoever copies one and comes first costs the others nothing (D42).
import { DispatchResult, OK, Origin, Root, Signed, waiveFee } from '../../frame';
import { AccountId, H256 } from '../../primitives';
import { Bytes } from '../../scale';
import { doExpunge, doExpungeUntrusted, doProvide, doStore } from './preimages';
import { Requester } from './requester';
import { doRequest, doRequestUntrusted, doUnrequest, doUnrequestUntrusted } from './requests';
import { Storage } from './state';
import { StorageWeights } from './weights';

@calls(Storage, StorageWeights)
export class StorageCalls {
  /** Request a preimage, as root. */
  @call(0)
  static request(_origin: Root, hash: H256, len: u32): DispatchResult {
    return doRequest(Requester.root(), hash, len);
  }

  /** End a request of root. If it was the last one, the chain removes the preimage after `expungeDelay` blocks. */
  @call(1)
  static unrequest(_origin: Root, hash: H256): DispatchResult {
    return doUnrequest(Requester.root(), hash);
  }

  /** Request a preimage, with a deposit that `expunge_untrusted` returns. */
  @call(2)
  static requestUntrusted(origin: Signed, hash: H256, len: u32): DispatchResult {
    return doRequestUntrusted(origin.account, hash, len);
  }

  /** End the sender's request. `expunge_untrusted` returns the deposit. */
  @call(3)
  static unrequestUntrusted(origin: Signed, hash: H256): DispatchResult {
    return doUnrequestUntrusted(origin.account, hash);
  }

  /** Provide a requested preimage. Free; an extrinsic that would fail is invalid. */
  @mustSucceed()
  @call(4)
  static provide(_origin: Signed, preimage: Bytes): DispatchResult {
    return freeIfOk(doProvide(preimage));
  }

  /**
   * Remove a preimage that was not requested for `expungeDelay` blocks, or end lookups of one that still answers them.
   * Free; an extrinsic that would fail is invalid.
   */
  @mustSucceed()
  @call(5)
  static expunge(_origin: Signed, hash: H256): DispatchResult {
    return freeIfOk(doExpunge(hash));
  }

  /**
   * Do what `expunge` would, and return the deposit of an ended request unless the preimage stays because of it. Free; an
   * extrinsic that would fail is invalid.
   */
  @mustSucceed()
  @call(6)
  static expungeUntrusted(_origin: Signed, depositor: AccountId, hash: H256): DispatchResult {
    return freeIfOk(doExpungeUntrusted(depositor, hash));
  }

  /** Request and provide a preimage: with a deposit, or as root without one. */
  @call(7)
  static store(origin: Origin, data: Bytes): DispatchResult {
    return doStore(origin, data);
  }
}

function freeIfOk(result: DispatchResult): DispatchResult {
  if (result == OK) waiveFee();
  return result;
}
