// Other host functions.
import { Bytes } from '../scale';
import { ext_misc_runtime_version_version_1 } from './env';
import { fatBytes, takeOptionalBytes } from './memory';

/** The encoded RuntimeVersion of a runtime's Wasm code; null if the code is not a runtime. */
export function runtimeVersionOf(code: Bytes): Bytes | null {
  return takeOptionalBytes(ext_misc_runtime_version_version_1(fatBytes(code)));
}
