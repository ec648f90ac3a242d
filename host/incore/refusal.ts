// Why a package was not taken: a value with a tag for programs and a sentence for the builder of the package.
//
// A refusal is never a verdict on the chain: an authorized package whose items fail is reported with its errors (D17).
import { err, type Result } from '../bytes/index.js';

/** What was wrong, for programs. */
export type RefusalReason =
  /** Not SCALE(EncodedWorkPackage), or beyond a bound of it. */
  | 'undecodable'
  /** Larger than a package may be. */
  | 'tooLarge'
  /** The context names no block of this chain. */
  | 'unknownContext'
  /** The context block is 16 blocks old or older. */
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
  /** This node takes Bulk authorizations only. */
  | 'instantaneousUnsupported'
  /** The Authorizer's code is not in Storage at the context block. */
  | 'authorizerCodeMissing'
  /** `is_authorized` answered false. */
  | 'notAuthorized'
  /** `is_authorized` trapped, overran, or answered no bool: the RFC counts it as false. */
  | 'authorizerFailed'
  /** The same package is on its way, or was. */
  | 'alreadyKnown'
  /** More packages are on their way than this node keeps. */
  | 'busy'
  /** The author's checks of the report say that the chain won't take it. */
  | 'notReportable'
  /** The package was not Registered while its context was recent. */
  | 'expired'
  /** This machine failed; the package may be fine. */
  | 'hostFault';

/** Why a package was not taken. `message` is a whole sentence that says what to do, if there is something to do. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** A result without a value, for this reason. */
export function refuse(reason: RefusalReason, message: string): Result<never, Refusal> {
  return err({ reason, message });
}
