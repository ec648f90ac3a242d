// Space of a block's reports: weight of checking them without `prune`, and length.
// Spec: § Weight of prune and accumulate, 6; D34.
import { saturatingAdd } from '../../primitives';
import { REPORTS_LENGTH, REPORTS_SHARE_PERCENT, weightShare } from '../../primitives/block-space';
import { Attestation } from '../../primitives/corejam';
import { encode } from '../../scale';

/** Weight of checking one report without its signatures, and of one signature, in picoseconds. */
const REPORT_PS: u64 = 100_000_000;
export const SIGNATURE_PS: u64 = 550_000_000;

/** Weight of checking `attestations`. */
export function attestationsWeight(attestations: Array<Attestation>): u64 {
  let weight: u64 = 0;
  for (let i = 0; i < attestations.length; i++) weight += attestationWeight(attestations[i]);
  return weight;
}

/** Weight of checking one attestation. */
function attestationWeight(attestation: Attestation): u64 {
  return REPORT_PS + SIGNATURE_PS * <u64>attestation.attestations.length;
}

/** The space that reports take in one block. */
export class ReportsSpace {
  private weight: u64 = 0;
  private length: u64 = 0;

  /** Whether one more report, with its signatures, keeps the block's reports within their weight. */
  hasWeight(attestation: Attestation): bool {
    return saturatingAdd(this.weight, attestationWeight(attestation)) <= weightShare(REPORTS_SHARE_PERCENT);
  }

  /** Whether one more report, with its signatures, keeps the block's reports within their length. */
  hasLength(attestation: Attestation): bool {
    return this.length + lengthOf(attestation) <= <u64>REPORTS_LENGTH;
  }

  /** Takes the space of a report. */
  take(attestation: Attestation): void {
    this.weight = saturatingAdd(this.weight, attestationWeight(attestation));
    this.length += lengthOf(attestation);
  }
}

function lengthOf(attestation: Attestation): u64 {
  return <u64>encode<Attestation>(attestation).length;
}
