// What CoreJamApi.validate_reports says against a report: the runtime's ReportingError, as a sentence and what to do.

/** Why a report is not in this block. */
export interface Verdict {
  /** The name of the runtime's error. */
  error: string;
  /** A sentence for the builder of the package. */
  message: string;
  /**
   * `block`: any later block may take it. `availability`: its core must be freed first. `prerequisite`: another package
   * must come first. `weight`: the block is full, perhaps of signatures. `nothing`: no block will ever take it.
   */
  waitsFor: 'block' | 'availability' | 'prerequisite' | 'weight' | 'nothing';
}

/** In the order of the runtime's enum. */
const VERDICTS: readonly Verdict[] = [
  never('NoSuchCore', 'the chain has no such core'),
  never('InstantaneousNotOffered', 'Instantaneous Coretime is not offered on this chain yet'),
  never('WrongAuthorizer', 'the core was assigned to another Authorizer at the context block'),
  never('UnknownAuthorizer', 'nobody has registered the Authorizer that the core is assigned to'),
  never('AuthorizationTooLong', 'the encoded authorization is longer than 4,096 bytes'),
  never('PackageTooLong', 'the encoded package is longer than 5 MiB'),
  never('ContextNotRecent', 'the context block is none of the last 15 of this chain'),
  never('ContextOfEarlierSet', 'the context block belongs to an earlier set of validators'),
  { error: 'CoreOccupied', message: 'the core has a report that waits for availability', waitsFor: 'availability' },
  never('GroupEmpty', 'the core has no validators'),
  { error: 'GroupReported', message: 'the group has another report in this block', waitsFor: 'block' },
  never('AlreadyRegistered', 'the package was Registered within the last 16 blocks'),
  {
    error: 'PrerequisiteMissing',
    message: "the package's prerequisite has not been Registered",
    waitsFor: 'prerequisite',
  },
  { error: 'ShareExhausted', message: "the assignment's share of the last 16 blocks is used up", waitsFor: 'block' },
  never('UnknownClass', 'a Work Class of the package is not registered'),
  never('LiabilityTooHigh', "the items' weight requirements together exceed what a core may use of a block"),
  { error: 'CoreBusy', message: 'too much waits for accumulation on this core', waitsFor: 'block' },
  { error: 'ReportsTooLong', message: "the block's reports are 3.5 MiB long already", waitsFor: 'block' },
  { error: 'InherentsTooHeavy', message: "the block's inherents weigh 15 % of it already", waitsFor: 'weight' },
  never('WrongGroupSize', "the attestation is not one of the core's group at the context block"),
  never('SignatureCountMismatch', 'the attestation has not as many signatures as bits'),
  never('TooFewSignatures', 'fewer members of the group than the quorum have attested'),
  never('BadSignature', 'a signature of the attestation is not that of its validator'),
];

function never(error: string, message: string): Verdict {
  return { error, message, waitsFor: 'nothing' };
}

/** The verdict of an error's index. A newer runtime may have more of them: what is unknown is not tried again. */
export function verdictOf(error: number): Verdict {
  return VERDICTS[error] ?? never(`error ${error}`, `the chain refuses the report with error ${error} of Reporting`);
}
