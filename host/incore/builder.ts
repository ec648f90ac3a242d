// Builds packages: from items to the bytes that are submitted.
//
// Spec: RFC-0031 § Overview; D18 (what is signed for an Authorizer). `signPackage` makes the evidence that the
// Authorizer "signature" (guests/authorizers/signature) requires: an sr25519 signature over the package message.
import { MAX_WORK_ITEMS, type Context, type WorkItem, type WorkPackage } from '../contract/index.js';
import { encodePackage, packageHash, packageMessage } from './messages.js';
import type { Signer } from './signer.js';

/** A package without its authorization. */
export type UnsignedPackage = Omit<WorkPackage, 'authorization'>;

/** A package ready to be submitted. */
export interface SignedPackage {
  /** SCALE(EncodedWorkPackage). */
  encoded: Uint8Array;
  /** 32 bytes. */
  hash: Uint8Array;
  workPackage: WorkPackage;
}

/** A package of one to four items with the context block `headerHash`. Throws RangeError. */
export function buildPackage(
  items: readonly WorkItem[],
  headerHash: Uint8Array,
  prerequisite?: Uint8Array,
): UnsignedPackage {
  if (items.length < 1 || items.length > MAX_WORK_ITEMS) {
    throw new RangeError(`a package has 1 to ${MAX_WORK_ITEMS} items, not ${items.length}`);
  }
  const context: Context = { headerHash, prerequisite };
  return { context, items: [...items] };
}

/** The package, signed by the core's owner. */
export function signPackage(unsigned: UnsignedPackage, owner: Signer): SignedPackage {
  return withEvidence(unsigned, owner.sign(packageMessage(unsigned)));
}

/** The package with any Bulk evidence: for other Authorizers, and for tests of invalid signatures. */
export function withEvidence(unsigned: UnsignedPackage, evidence: Uint8Array): SignedPackage {
  const workPackage: WorkPackage = { authorization: { kind: 'bulk', evidence }, ...unsigned };
  const encoded = encodePackage(workPackage);
  return { encoded, hash: packageHash(encoded), workPackage };
}
