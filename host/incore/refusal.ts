// Why a package was refused: a tag for programs and a sentence for the builder of the package.
//
// A refusal leaves no trace on the chain. An authorized package whose items fail is not refused: it is reported with
// the errors (D17).
import { err, type Result } from '../bytes/index.js';

/** The tag of a refusal. */
export type RefusalReason =
  /** Not SCALE(EncodedWorkPackage), or a bound in it is exceeded. */
  | 'undecodable'
  /** Larger than a package may be. */
  | 'tooLarge'
  /** The context is not a block of this chain. */
  | 'unknownContext'
  /** The context block is not Recent: the next block is RECENT_BLOCKS or more after it. */
  | 'contextNotRecent'
  /** The chain has no such core. */
  | 'unknownCore'
  /** No Authorizer is assigned to the core (or to any core) at the context block. */
  | 'coreUnassigned'
  /** The core has no validators. */
  | 'emptyGroup'
  /** An item's class is not registered at the context block. */
  | 'unknownClass'
  /** The encoded Authorization is over 4,096 bytes (D1). */
  | 'authorizationTooLarge'
  /** This node accepts Bulk authorizations only. */
  | 'instantaneousUnsupported'
  /** The Authorizer's code is not in Storage at the context block. */
  | 'authorizerCodeMissing'
  /** `is_authorized` returned false. */
  | 'notAuthorized'
  /** `is_authorized` trapped, ran out of weight, or returned no bool: the RFC counts it as false. */
  | 'authorizerFailed'
  /** This node is processing the same package. */
  | 'alreadyKnown'
  /** The best chain Registered the package within Recent blocks. */
  | 'alreadyRegistered'
  /** This node keeps as many packages of the core, or as many that wait for authorization, as it can (D40). */
  | 'busy'
  /** The author's dry run of the runtime's checks refused the report. */
  | 'notReportable'
  /** The package was not Registered while its context was recent. */
  | 'expired'
  /** The block that Registered the package is on an abandoned fork. */
  | 'abandonedFork'
  /** This machine failed; the package may be valid. */
  | 'hostFault';

/** Why a package was refused. `message` is a sentence for the builder, with what to do where possible. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** The refusal as a failed result. */
export function refuse(reason: RefusalReason, message: string): Result<never, Refusal> {
  return err({ reason, message });
}
