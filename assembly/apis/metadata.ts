// Metadata: the runtime's metadata, in all supported versions of the format.
import { Generated } from '../frame';
import { Bytes } from '../scale';

/** The runtime's metadata. */
@api('Metadata', 2)
export class Metadata {
  /** Metadata V14. */
  static metadata(): Bytes {
    const metadata = Generated.metadata(14);
    if (metadata === null) throw new Error('metadata: there is no version 14');
    return metadata;
  }

  /** Metadata of `version`, if supported. */
  static metadataAtVersion(version: u32): Bytes | null {
    return Generated.metadata(version);
  }

  /** The supported metadata versions. */
  static metadataVersions(): Array<u32> {
    return Generated.metadataVersions();
  }
}
