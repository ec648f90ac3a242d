// The export `corejam/packages`: builds packages and reads their results, without a node.
//
// It imports neither the VM nor a chain, so it loads fast.
export {
  type Authorization,
  type Context,
  decode,
  encode,
  MAX_WORK_ITEMS,
  MAX_WORK_OUTPUT_SIZE,
  MAX_WORK_PACKAGE_SIZE,
  type MultiSignature,
  type PackageResults,
  readPackageResults,
  readWorkReport,
  RECENT_BLOCKS,
  type WorkError,
  type WorkItem,
  type WorkPackage,
  type WorkPackageSpec,
  type WorkReport,
  type WorkResult,
} from '../contract/index.js';
export { buildPackage, type SignedPackage, signPackage, type UnsignedPackage, withEvidence } from './builder.js';
export { classKey, classTrie, sovereignAccount } from './class-state.js';
export { decodePackage, encodePackage, itemHash, packageHash, packageMessage } from './messages.js';
export {
  countKey,
  decodeElement,
  decodePlacements,
  type Element,
  elementKey,
  elementsItem,
  elementsPayload,
  packElements,
  sequenceKey,
} from './ordering.js';
export type { Signer } from './signer.js';
