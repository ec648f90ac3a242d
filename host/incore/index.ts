// In-core work: a package in; authorized, refined and made into a report that a group can sign.
//
// Spec: RFC-0031 § Collect-Refine. Who the validators are and what becomes of a report is host/validators's.
export { authorize, collect, ensureRecent } from './authorize.js';
export type { Authorized, Collected } from './authorize.js';
export { buildPackage, signPackage, withEvidence } from './builder.js';
export type { SignedPackage, UnsignedPackage } from './builder.js';
export { ChildRunner } from './children.js';
export type { ChildRunnerOptions } from './children.js';
export { callApi, chainOver, UnexpectedAnswer } from './chain.js';
export type { BlockId, InCoreChain, RuntimeSource } from './chain.js';
export {
  attestationMessage,
  bitfieldMessage,
  decodeAttestations,
  decodeBitfields,
  decodePackage,
  decodeReport,
  encodeAttestations,
  encodeAuthorization,
  encodeBitfields,
  encodePackage,
  encodeReport,
  itemHash,
  packageHash,
  packageMessage,
  readReport,
  writeReport,
} from './codec.js';
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
export { refine } from './refine.js';
export type { Refined } from './refine.js';
export { isRefusal, refuse } from './refusal.js';
export type { Refusal, RefusalReason } from './refusal.js';
export { GuestStopped } from './runner.js';
export type { GuestResult, GuestRun, GuestRunner, GuestView, InCoreRun } from './runner.js';
export { sr25519Signer } from './signer.js';
export {
  AUTHORIZE_WEIGHT_PS,
  MAX_WORK_ITEMS,
  MAX_WORK_OUTPUT_BYTES,
  MAX_WORK_PACKAGE_BYTES,
  RECENT_BLOCKS,
  REFINE_WEIGHT_PS,
} from './types.js';
export type {
  Attestation,
  Authorization,
  Authorizer,
  Context,
  MultiSignature,
  SignedBitfield,
  Signer,
  WorkError,
  WorkItem,
  WorkPackage,
  WorkPackageSpec,
  WorkReport,
  WorkResult,
} from './types.js';
