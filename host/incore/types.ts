// The RFC's types off-chain: what a package, a report and an attestation are made of. Their encoding is codec.ts's.
//
// Spec: RFC-0031 § Overview, § Collection, § Refine; D1, D2, D3, D10. The runtime's own are in assembly/primitives/corejam.

/** § Overview: items of one package. */
export const MAX_WORK_ITEMS = 4;
/** § Overview: bytes inside an EncodedWorkPackage. */
export const MAX_WORK_PACKAGE_BYTES = 5 * 1024 * 1024;
/** § Refine: bytes of a Work Output. */
export const MAX_WORK_OUTPUT_BYTES = 4_096;
/** D1: bytes of an encoded Authorization. */
export const MAX_AUTHORIZATION_BYTES = 4_096;
/** § Collection: bytes of an Authorizer's parameter. */
export const MAX_AUTH_PARAM_BYTES = 1_024;
/** § Initial Validation: a context block of height c is recent in block n while n − c < 16. */
export const RECENT_BLOCKS = 16;
/** D18: weight of `is_authorized`, in picoseconds (10 ms). */
export const AUTHORIZE_WEIGHT_PS = 10_000_000_000n;
/** D18: weight of `refine` for all items of a package together, in picoseconds (2 s). */
export const REFINE_WEIGHT_PS = 2_000_000_000_000n;
/** D27: `state_root` answers for the context block and this many blocks before it. */
export const STATE_ROOT_BLOCKS = 255;

/** A signature with its scheme, as Substrate's MultiSignature: 64 bytes, ecdsa 65. */
export interface MultiSignature {
  scheme: 'ed25519' | 'sr25519' | 'ecdsa';
  signature: Uint8Array;
}

/** Why a package may use a core. */
export type Authorization =
  { kind: 'instantaneous'; account: Uint8Array; signature: MultiSignature } | { kind: 'bulk'; evidence: Uint8Array };

/** Where in the chain a package was built, and which package must come first. 32 bytes each. */
export interface Context {
  headerHash: Uint8Array;
  prerequisite: Uint8Array | undefined;
}

/** One piece of work for one class. */
export interface WorkItem {
  class: number;
  payload: Uint8Array;
}

/** What a builder submits. */
export interface WorkPackage {
  authorization: Authorization;
  context: Context;
  items: WorkItem[];
}

/** Why an item has no output (D17). */
export type WorkError = 'timeout' | 'panic';

/** What became of one item. */
export interface WorkResult {
  class: number;
  /** 32 bytes: `blake2_256(SCALE(WorkItem))`. */
  itemHash: Uint8Array;
  result: { output: Uint8Array } | { error: WorkError };
  /** What `refine` used, in picoseconds. */
  weight: bigint;
}

/** Which package a report is about. */
export interface WorkPackageSpec {
  /** 32 bytes: `blake2_256(SCALE(EncodedWorkPackage))`. */
  hash: Uint8Array;
  /** 32 bytes: the erasure root of SCALE(EncodedWorkPackage). */
  root: Uint8Array;
  /** The length of SCALE(EncodedWorkPackage) in bytes. */
  len: number;
}

/** The outcome of a package's refinement. */
export interface WorkReport {
  packageSpec: WorkPackageSpec;
  context: Context;
  coreIndex: number;
  results: WorkResult[];
  authorization: Authorization;
  authId: number | undefined;
}

/** A report and the members of its group who vouch for it. */
export interface Attestation {
  report: WorkReport;
  /** Over the group, in its order: who has signed. */
  validators: boolean[];
  /** Of those, in that order: 64 bytes each. */
  attestations: Uint8Array[];
}

/** Which cores' packages a validator holds its shard of. */
export interface SignedBitfield {
  /** Position in the validator set. */
  validator: number;
  /** One a core. */
  bits: boolean[];
  /** 64 bytes. */
  signature: Uint8Array;
}

/** A parameterized procedure that says who may use a core. */
export interface Authorizer {
  /** 32 bytes: the code lies in the Storage pallet under this hash. */
  codeHash: Uint8Array;
  param: Uint8Array;
}

/** One validator's key, whoever keeps it: signs with sr25519. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}
