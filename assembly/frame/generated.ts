// What only the compiler knows once it has read every pallet: it replaces the bodies below.
import { JsonReader } from '../json';
import { Bytes } from '../scale';
import { RuntimeCall } from './call';
import { InherentError } from './inherent';

/** The whole runtime, as its decorators declare it. */
export class Generated {
  /** The encoded metadata of `version`, null for a version that this runtime does not have. */
  @generated() static metadata(_version: u32): Bytes | null {
    return unreachable();
  }

  /** The versions of the metadata, ascending. */
  @generated() static metadataVersions(): Array<u32> {
    return unreachable();
  }

  /** The runtime APIs as RuntimeVersion lists them: SCALE Vec<([u8; 8], u32)>. */
  @generated() static apiVersions(): Bytes {
    return unreachable();
  }

  /** How many inherents a block may have. */
  @generated() static inherentCount(): i32 {
    return unreachable();
  }

  /** The identifier of the inherent at `place` in a block, its 8 bytes little-endian. */
  @generated() static inherentIdentifier(_place: i32): u64 {
    return unreachable();
  }

  /** The call made from the inherent data `bytes` of `place`, null when they do not decode. */
  @generated() static inherentCall(_place: i32, _bytes: Bytes): RuntimeCall | null {
    return unreachable();
  }

  /** Why the inherent `call` of `place` disagrees with this node's own data, null when it does not, or they do not decode. */
  @generated() static inherentError(_place: i32, _call: RuntimeCall, _bytes: Bytes): InherentError | null {
    return unreachable();
  }

  /** Reads the member `key` of a genesis document; false when no pallet has that name, or it has nothing to set. */
  @generated() static genesis(_key: string, _json: JsonReader): bool {
    return unreachable();
  }

  /** Sets what the genesis document left out. */
  @generated() static afterGenesis(): void {
    return unreachable();
  }

  /** Names of the genesis documents that the runtime carries. */
  @generated() static presetNames(): Array<string> {
    return unreachable();
  }

  /** A genesis document by name, null when there is none of that name. */
  @generated() static preset(_name: string): Bytes | null {
    return unreachable();
  }
}
