// What only the compiler knows once it has read every pallet: the bodies below are replaced by it.
import { Bytes } from '../scale';
import { RuntimeCall } from './call';

/** The whole runtime, as its decorators tell it. */
export class Generated {
  /** The encoded metadata of that version, null for a version that there is none of. */
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

  /** The identifier of the inherent at that place in a block, its 8 bytes little-endian. */
  @generated() static inherentIdentifier(_place: i32): u64 {
    return unreachable();
  }

  /** The call that the inherent data `bytes` of that place make, null when they do not decode. */
  @generated() static inherentCall(_place: i32, _bytes: Bytes): RuntimeCall | null {
    return unreachable();
  }
}
