// The errors of CoreJamApi.validate_reports (ReportingError of the runtime) as sentences, and when to try again.
import {
  ERRORS,
  MAX_AUTHORIZATION_SIZE,
  MAX_PRUNE_SIZE,
  MAX_WORK_PACKAGE_SIZE,
  RECENT_BLOCKS,
  REFINE_WEIGHT_PS,
} from '../../contract/index.js';

type ReportingError = (typeof ERRORS.Reporting)[number];

/** Why a report is not in this block. */
export interface Verdict {
  /** A sentence for the builder of the package. */
  readonly message: string;
  /**
   * `block`: any later block may include it. `availability`: its core must become free first. `prerequisite`: another
   * package must come first. `weight`: the block's inherents are too heavy, perhaps because of signatures. `nothing`:
   * no block will ever include it.
   */
  readonly waitsFor: 'block' | 'availability' | 'prerequisite' | 'weight' | 'nothing';
}

const MIB = 2 ** 20;

const VERDICTS: Readonly<Record<ReportingError, Verdict>> = {
  NoSuchCore: never('the chain has no such core'),
  InstantaneousNotOffered: never('Instantaneous Coretime is not offered on this chain yet'),
  WrongAuthorizer: never('the core was assigned to another Authorizer at the context block'),
  UnknownAuthorizer: never('the Authorizer that the core is assigned to is not registered'),
  AuthorizationTooLong: never(`the encoded authorization is longer than ${MAX_AUTHORIZATION_SIZE} bytes`),
  PackageTooLong: never(`the encoded package is longer than ${MAX_WORK_PACKAGE_SIZE / MIB} MiB`),
  ContextNotRecent: never(`the context block is not one of the last ${RECENT_BLOCKS - 1} of this chain`),
  ContextOfEarlierSet: never('the context block belongs to an earlier set of validators'),
  CoreOccupied: { message: 'the core has a report that waits for availability', waitsFor: 'availability' },
  GroupEmpty: never('the core has no validators'),
  GroupReported: { message: 'the group has another report in this block', waitsFor: 'block' },
  AlreadyRegistered: never(`the package was Registered within the last ${RECENT_BLOCKS} blocks`),
  PrerequisiteMissing: { message: "the package's prerequisite has not been Registered", waitsFor: 'prerequisite' },
  ShareExhausted: {
    message: `the assignment's share of the last ${RECENT_BLOCKS} blocks is used up`,
    waitsFor: 'block',
  },
  UnknownClass: never('a Work Class of the package is not registered'),
  LiabilityTooHigh: never("the items' weight requirements together exceed what a core may use of a block"),
  CoreBusy: { message: 'too much waits for accumulation on this core', waitsFor: 'block' },
  ReportsTooLong: { message: 'the block has no room for the length of the report', waitsFor: 'weight' },
  ReportsTooHeavy: { message: 'the block has no room for the weight of the report', waitsFor: 'weight' },
  WrongGroupSize: never("the attestation is not one of the core's group at the context block"),
  SignatureCountMismatch: never('the attestation does not have as many signatures as bits'),
  TooFewSignatures: never('fewer members of the group than the quorum have attested'),
  BadSignature: never('a signature of the attestation is not that of its validator'),
  PruneTooLong: {
    message: `the outputs of a class in the block's reports are ${MAX_PRUNE_SIZE / MIB} MiB long already`,
    waitsFor: 'block',
  },
  RefineWeightTooHigh: never(
    `the weights of the results exceed ${Number(REFINE_WEIGHT_PS) / 1e12} s, the limit of refine for a package`,
  ),
};

/** Whether another choice of reports for the same block may change a verdict. */
export function isForThisChoice(verdict: Verdict): boolean {
  return verdict === VERDICTS.GroupReported || verdict === VERDICTS.CoreOccupied;
}

/**
 * What a report must need less of than one with this verdict, at least one of these, to find room in the same block. None for a
 * verdict of something else.
 */
export function needsLess(verdict: Verdict): readonly ('bytes' | 'items' | 'signatures')[] {
  if (verdict === VERDICTS.ReportsTooLong) return ['bytes'];
  if (verdict === VERDICTS.ReportsTooHeavy) return ['bytes', 'items', 'signatures'];
  return [];
}

/** Whether other reports left no room in the block for this one, which fits an empty block. */
export function isForRoom(verdict: Verdict): boolean {
  return needsLess(verdict).length > 0 || verdict === VERDICTS.PruneTooLong;
}

/** Whether the core's queue leaves no room for the report's `prune`. */
export function isCoreBusy(verdict: Verdict): boolean {
  return verdict === VERDICTS.CoreBusy;
}

function never(message: string): Verdict {
  return { message, waitsFor: 'nothing' };
}

/** The verdict for an error's index. A newer runtime may have other errors: the report is then not tried again. */
export function verdictOf(error: number): Verdict {
  const verdicts: Readonly<Record<string, Verdict>> = VERDICTS;
  return (
    verdicts[ERRORS.Reporting[error] ?? ''] ?? never(`the chain refuses the report with error ${error} of Reporting`)
  );
}
