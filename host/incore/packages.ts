// For whoever builds packages and reads what became of them, without a node of their own: `corejam/packages`.
//
// Nothing here runs a guest or holds a chain, so importing it costs little.
export { buildPackage, signPackage, withEvidence } from './builder.js';
export type { SignedPackage, UnsignedPackage } from './builder.js';
export { decodePackage, decodeReport, encodePackage, itemHash, packageHash, packageMessage } from './codec.js';
export {
  countKey,
  decodeElement,
  decodePlacements,
  elementKey,
  elementsItem,
  elementsPayload,
  packElements,
  sequenceKey,
} from './ordering.js';
export { classKey, classTrie, sovereignAccount } from './class-state.js';
export type { Element } from './ordering.js';
export { MAX_WORK_ITEMS, MAX_WORK_OUTPUT_BYTES, MAX_WORK_PACKAGE_BYTES, RECENT_BLOCKS } from './types.js';
export type {
  Authorization,
  Context,
  MultiSignature,
  Signer,
  WorkError,
  WorkItem,
  WorkPackage,
  WorkPackageSpec,
  WorkReport,
  WorkResult,
} from './types.js';
