// In-core work: authorizes a package, refines it and makes the report that a group signs.
//
// Spec: RFC-0031 § Collect-Refine. Validators and the later stages of a report are in host/validators.
export { authorize, type Authorized, collect, type Collected, ensureCore, ensureRecent } from './authorize.js';
export { buildPackage, type SignedPackage, signPackage, type UnsignedPackage, withEvidence } from './builder.js';
export { type BlockId, chainOver, type InCoreChain, type RuntimeSource } from './chain.js';
export { ChildRunner, type ChildRunnerOptions } from './children.js';
export { classKey, classTrie, sovereignAccount } from './class-state.js';
export {
  attestationMessage,
  bitfieldMessage,
  decodePackage,
  encodeAttestations,
  encodeBitfields,
  encodePackage,
  itemHash,
  packageHash,
  packageMessage,
} from './messages.js';
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
export { refine, type Refined } from './refine.js';
export { refuse, type Refusal, type RefusalReason } from './refusal.js';
export {
  type GuestResult,
  type GuestRun,
  type GuestRunner,
  GuestStopped,
  type GuestView,
  type InCoreRun,
} from './runner.js';
export { type Signer, sr25519Signer } from './signer.js';
