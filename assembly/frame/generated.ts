// Functions whose bodies the compiler generates from all pallets.
import { JsonReader } from '../json';
import { Bytes } from '../scale';
import { RuntimeCall } from './call';
import { InherentError } from './inherent';

/** Code generated from the decorators of the whole runtime. */
export class Generated {
  /** The encoded metadata of `version`; null if the version is not supported. */
  @generated() static metadata(_version: u32): Bytes | null {
    return unreachable();
  }

  /** The metadata versions, ascending. */
  @generated() static metadataVersions(): Array<u32> {
    return unreachable();
  }

  /** The metadata hash of RFC-78; null if the runtime declares none. */
  @generated() static metadataHash(): Bytes | null {
    return unreachable();
  }

  /** The runtime APIs as in RuntimeVersion: SCALE Vec<([u8; 8], u32)>. */
  @generated() static apiVersions(): Bytes {
    return unreachable();
  }

  /** For each pallet, the key of its storage version, 32 bytes, and the version, a u16. */
  @generated() static storageVersions(): Bytes {
    return unreachable();
  }

  /** Greatest number of inherents in a block. */
  @generated() static inherentCount(): i32 {
    return unreachable();
  }

  /** The identifier of the inherent at position `place` of a block: 8 bytes, little-endian. */
  @generated() static inherentIdentifier(_place: i32): u64 {
    return unreachable();
  }

  /** The call of the inherent at `place` with the data `bytes`; null if they do not decode. */
  @generated() static inherentCall(_place: i32, _bytes: Bytes): RuntimeCall | null {
    return unreachable();
  }

  /** The error of checking the inherent `call` at `place` against `bytes`; null if it passes or they do not decode. */
  @generated() static inherentError(_place: i32, _call: RuntimeCall, _bytes: Bytes): InherentError | null {
    return unreachable();
  }

  /** Reads the member `key` of a genesis document; false if no pallet of that name has anything to set. */
  @generated() static genesis(_key: string, _json: JsonReader): bool {
    return unreachable();
  }

  /** Sets the items that the genesis document omits to their fallbacks. */
  @generated() static afterGenesis(): void {
    return unreachable();
  }

  /** Names of the runtime's genesis presets. */
  @generated() static presetNames(): Array<string> {
    return unreachable();
  }

  /** A genesis preset by name, or null. */
  @generated() static preset(_name: string): Bytes | null {
    return unreachable();
  }
}
