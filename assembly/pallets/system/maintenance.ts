// Calls on the whole chain: replacing its code, raw storage, remarks.
import { DispatchResult, OK } from '../../frame';
import { blake2_256, runtimeVersionOf, storageClear, storageClearPrefix, storageSet } from '../../io';
import { AccountId, ascii, DigestItemRuntimeEnvironmentUpdated, H256 } from '../../primitives';
import { Bytes, fixed, Reader, Tuple2 } from '../../scale';
import { depositLog } from './block';
import { SystemError, SystemEvent } from './state';
import { Wiring } from './wiring';

/**
 * The most items that one call writes or removes. Decoding comes before every check, and an item takes as long as copying
 * some hundreds of bytes, but may have one.
 */
export const RAW_ITEMS_MAX: u32 = 1024;

/** Replaces the code if it is a later version of this runtime. */
export function doSetCode(code: Bytes): DispatchResult {
  const error = checkCode(code);
  return error == OK ? applyCode(code) : error;
}

/** Whether `code` is a later version of this runtime: OK or a SystemError. */
function checkCode(code: Bytes): DispatchResult {
  const encoded = runtimeVersionOf(code);
  if (encoded === null) return SystemError.FailedToExtractRuntimeVersion;
  // RuntimeVersion: specName, implName, authoringVersion, specVersion, and fields that are not checked.
  const reader = Reader.of(encoded);
  const specName = reader.text();
  reader.text();
  reader.u32();
  const specVersion = reader.u32();
  if (reader.failed) return SystemError.FailedToExtractRuntimeVersion;
  const current = Wiring.version();
  if (specName != current.specName) return SystemError.InvalidSpecName;
  if (specVersion <= current.specVersion) return SystemError.SpecVersionNeedsToIncrease;
  return OK;
}

/** Replaces the runtime's code, from the next block on. */
export function applyCode(code: Bytes): DispatchResult {
  storageSet(ascii(':code'), code);
  depositLog(new DigestItemRuntimeEnvironmentUpdated());
  SystemEvent.CodeUpdated();
  return OK;
}

/** Writes raw storage items. */
export function doSetStorage(items: Array<Tuple2<Bytes, Bytes>>): DispatchResult {
  for (let i = 0; i < items.length; i++) storageSet(items[i].a, items[i].b);
  return OK;
}

/** Length of raw storage items in bytes. */
export function bytesOf(items: Array<Tuple2<Bytes, Bytes>>): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < items.length; i++) sum += <u32>items[i].a.length + <u32>items[i].b.length;
  return sum;
}

/** Removes raw storage items. */
export function doKillStorage(keys: Array<Bytes>): DispatchResult {
  for (let i = 0; i < keys.length; i++) storageClear(keys[i]);
  return OK;
}

/** Removes storage items with a prefix: those of this block, and at most `limit` others, which bounds the weight. */
export function doKillPrefix(prefix: Bytes, limit: u32): DispatchResult {
  storageClearPrefix(prefix, <i64>limit);
  return OK;
}

/** Deposits an event with the hash of a remark. */
export function doRemark(who: AccountId, remark: Bytes): DispatchResult {
  SystemEvent.Remarked(who, fixed<H256>(blake2_256(remark)));
  return OK;
}
