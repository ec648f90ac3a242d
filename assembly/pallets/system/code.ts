// Replacing the runtime's code.
import { DispatchResult, OK } from '../../frame';
import { ascii, DigestItemRuntimeEnvironmentUpdated } from '../../primitives';
import { runtimeVersionOf, storageSet } from '../../io';
import { Bytes, Reader } from '../../scale';
import { System, SystemError, SystemEvent } from './system';
import { Wiring } from './wiring';

/** Whether `code` is a later version of this runtime: OK or a SystemError. */
export function checkCode(code: Bytes): DispatchResult {
  const encoded = runtimeVersionOf(code);
  if (encoded === null) return SystemError.FailedToExtractRuntimeVersion;
  // RuntimeVersion: specName, implName, authoringVersion, specVersion and what no check needs.
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

/** Puts `code` in place of the runtime's, from the next block on. */
export function applyCode(code: Bytes): void {
  storageSet(ascii(':code'), code);
  System.depositLog(new DigestItemRuntimeEnvironmentUpdated());
  SystemEvent.CodeUpdated();
}
