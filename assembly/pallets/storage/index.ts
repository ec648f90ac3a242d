// Storage: what the rest of the runtime may import.
export { StorageCalls } from './calls';
export { isPreimageAvailable, isPreimageWaiting, lookupPreimage, lookupPreimageAt } from './lookup';
export { doExpungeUntrusted, doProvide, doRequest, doRequestUntrusted, doUnrequestUntrusted } from './requests';
export { Storage } from './state';
