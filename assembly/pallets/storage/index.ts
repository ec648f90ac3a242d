// Storage, as the rest of the runtime uses it.
export { StorageCalls } from './calls';
export { isPreimageAvailable, isPreimageWaiting, lookupPreimage, lookupPreimageAt } from './lookup';
export { doExpungeUntrusted, doProvide, doRequest, doRequestUntrusted, doUnrequestUntrusted } from './requests';
export { Storage } from './state';
