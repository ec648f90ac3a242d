// Storage: what the rest of the runtime may import.
export { StorageCalls } from './calls';
export { StorageHooks } from './hooks';
export { lookupLength, lookupPreimage, lookupPreimageAt } from './lookup';
export { doExpungeUntrusted, doProvide, Settled, settleEnded } from './preimages';
export { Requester } from './requester';
export {
  depositFor,
  doRequest,
  doRequestUntrusted,
  doUnrequest,
  doUnrequestUntrusted,
  isRefundDelayed,
  isUnrequested,
} from './requests';
export { Storage } from './state';
