// The encoding of packages, and the hashes and signed messages of packages, reports and bitfields.
//
// Spec: RFC-0031 § Overview, § Refine; D3 (every byte is consumed), D14 (what validators sign), D18, D36. The types and
// their codecs are in host/contract.
import {
  blake2_256,
  encode,
  err,
  Reader,
  type Result,
  ScaleError,
  tryDecode,
  writeBits,
  Writer,
} from '../bytes/index.js';
import {
  type Attestation,
  BITFIELD_TAG,
  PACKAGE_VERSION,
  readEncodedWorkPackage,
  readWorkPackage,
  type SignedBitfield,
  type WorkItem,
  type WorkPackage,
  type WorkReport,
  writeAttestation,
  writeContext,
  writeEncodedWorkPackage,
  writeSignedBitfield,
  writeWorkItem,
  writeWorkPackage,
  writeWorkReport,
} from '../contract/index.js';

/** SCALE(EncodedWorkPackage): what is submitted, hashed, erasure-coded and recovered. */
export function encodePackage(workPackage: WorkPackage): Uint8Array {
  return encode(writeEncodedWorkPackage, { version: PACKAGE_VERSION, encoded: encode(writeWorkPackage, workPackage) });
}

/** Decodes SCALE(EncodedWorkPackage). */
export function decodePackage(bytes: Uint8Array): Result<WorkPackage, ScaleError> {
  // The version is checked before what follows, which another version may lay out in another way.
  if (bytes.length >= 4) {
    const version = new Reader(bytes).u32();
    if (version !== PACKAGE_VERSION) {
      return err(new ScaleError(`package version ${version} is unknown; the only one is ${PACKAGE_VERSION}`, 0));
    }
  }
  const outer = tryDecode(readEncodedWorkPackage, bytes);
  return outer.ok ? tryDecode(readWorkPackage, outer.value.encoded) : outer;
}

/** The data of the Reporting inherent. */
export function encodeAttestations(attestations: readonly Attestation[]): Uint8Array {
  return new Writer().vec(attestations, writeAttestation).finish();
}

/** The data of the Availability inherent. */
export function encodeBitfields(bitfields: readonly SignedBitfield[]): Uint8Array {
  return new Writer().vec(bitfields, writeSignedBitfield).finish();
}

/** D36: the hash of a package, over SCALE(EncodedWorkPackage). */
export function packageHash(encodedPackage: Uint8Array): Uint8Array {
  return blake2_256(encodedPackage);
}

/** D36: the hash of an item. */
export function itemHash(item: WorkItem): Uint8Array {
  return blake2_256(encode(writeWorkItem, item));
}

/** D18: what the builder signs for an Authorizer: the hash of the package without its authorization. */
export function packageMessage({ context, items }: Pick<WorkPackage, 'context' | 'items'>): Uint8Array {
  const writer = new Writer().str('CJ-PKG').u32(PACKAGE_VERSION);
  return blake2_256(writeContext(writer, context).vec(items, writeWorkItem).finish());
}

/** D14: what a member of the group signs: the hash of the report. */
export function attestationMessage(report: WorkReport): Uint8Array {
  return blake2_256(encode(writeWorkReport, report));
}

/** D14: what a validator signs about the shards it holds, for a block on `parentHash`. */
export function bitfieldMessage(parentHash: Uint8Array, bits: readonly boolean[]): Uint8Array {
  return writeBits(new Writer().str(BITFIELD_TAG).raw(parentHash), bits).finish();
}
