// Metadata: what this runtime is made of, in the versions of the format that clients read.
import { Generated } from '../frame';
import { Bytes } from '../scale';

/** How to read this runtime. */
@api('Metadata', 2)
export class Metadata {
  /** Metadata of version 14. */
  static metadata(): Bytes {
    const metadata = Generated.metadata(14);
    if (metadata === null) throw new Error('metadata: there is no version 14');
    return metadata;
  }

  /** Metadata of the version given, none where this runtime does not have it. */
  static metadataAtVersion(version: u32): Bytes | null {
    return Generated.metadata(version);
  }

  /** The versions that this runtime has. */
  static metadataVersions(): Array<u32> {
    return Generated.metadataVersions();
  }
}
