// What a genesis must satisfy. Spec: D8; § Weight of prune and accumulate, 6.
import { H256, lengthWeight, saturatingAdd, saturatingSub } from '../../primitives';
import { REPORTS_LENGTH, REPORTS_SHARE_PERCENT, weightShare } from '../../primitives/block-space';
import {
  Attestation,
  AuthorizationBulk,
  MAX_AUTHORIZATION_SIZE,
  MAX_CORES,
  MAX_WORK_ITEMS,
  MAX_WORK_OUTPUT_SIZE,
  WorkResult,
} from '../../primitives/corejam';
import { BitVec, encodedLength, some } from '../../scale';
import { Validators } from '../validators';
import { TRACKED_A_CORE } from './space';
import { Reporting } from './state';
import { ReportingWeights } from './weights';

const SIGNATURE_LENGTH: u32 = 64;

/** Why the number of signatures that a report needs is refused; empty if it is not. */
export function attestationsError(): string {
  const minimum = Reporting.minimumAttestations.get();
  const most = signaturesMax();
  if (minimum <= most) return '';
  const room = `a block has room for ${most.toString()} signatures of the longest report`;
  return `reporting.minimumAttestations: ${room}, so it must be at most that, not ${minimum.toString()}`;
}

/**
 * The most signatures with which every report fits a block: a quorum of at most this many can always be Registered,
 * however many cores and validators a chain has, now or later.
 */
function signaturesMax(): u32 {
  const length = longestLength();
  const none = weightOf(0, length);
  const each = weightOf(1, length + SIGNATURE_LENGTH) - none;
  const byWeight = saturatingSub(weightShare(REPORTS_SHARE_PERCENT), none) / each;
  return <u32>min(byWeight, <u64>((REPORTS_LENGTH - length) / SIGNATURE_LENGTH));
}

/** Weight of registering one report with so many signatures, beside all packages that a chain can have. */
function weightOf(signatures: u32, length: u32): u64 {
  const weight = ReportingWeights.report(1, signatures, MAX_WORK_ITEMS, length, TRACKED_A_CORE * MAX_CORES);
  return saturatingAdd(weight, lengthWeight(length));
}

/** Length of the longest report of a group of all validators, without signatures. */
function longestLength(): u32 {
  const attestation = new Attestation();
  const report = attestation.report;
  report.context.prerequisite = new H256();
  report.authId = some<u32>(0);
  for (let i = 0; i < MAX_WORK_ITEMS; i++) {
    const result = new WorkResult();
    result.result.isOk = true;
    result.result.value = new StaticArray<u8>(MAX_WORK_OUTPUT_SIZE);
    report.results.push(result);
  }
  const authorization = new AuthorizationBulk();
  authorization.evidence = new StaticArray<u8>(MAX_AUTHORIZATION_SIZE - 3); // after its kind and its length
  report.authorization = authorization;
  attestation.validators = new BitVec(<i32>Validators.maxValidators);
  return encodedLength<Attestation>(attestation) + 1; // the number of signatures has two bytes
}
