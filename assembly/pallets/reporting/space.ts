// Space of a block's reports: weight of checking and registering them without `prune`, and length.
// Spec: § Weight of prune and accumulate, 6; D34.
import { lengthWeight, saturatingAdd } from '../../primitives';
import { REPORTS_LENGTH, REPORTS_SHARE_PERCENT, weightShare } from '../../primitives/block-space';
import { Attestation } from '../../primitives/corejam';
import { encodedLength } from '../../scale';
import { Coretime } from '../coretime';
import { ReportingWeights } from './weights';

/** The most packages that Reporting keeps for a core: with two, pending or in its queue, it takes no report. */
export const TRACKED_A_CORE: u32 = 2;

/** Weight of registering `attestations`, without that of their length in the extrinsic. */
export function attestationsWeight(attestations: Array<Attestation>): u64 {
  const space = new ReportsSpace();
  for (let i = 0; i < attestations.length; i++) space.take(attestations[i]);
  return space.weight();
}

/** The space that reports take in one block. */
export class ReportsSpace {
  private reports: u32 = 0;
  private signatures: u32 = 0;
  private items: u32 = 0;
  private length: u32 = 0;
  private tracked: u32 = TRACKED_A_CORE * <u32>Coretime.cores.get();

  /** The weight of the reports taken, without that of their length in the extrinsic. */
  weight(): u64 {
    return this.weightWith(0, 0, 0, 0);
  }

  /** Whether one more report, with its signatures, keeps the block's reports within their weight. */
  hasWeight(attestation: Attestation): bool {
    const length = lengthOf(attestation);
    const weight = this.weightWith(1, signaturesOf(attestation), itemsOf(attestation), length);
    return saturatingAdd(weight, lengthWeight(this.length + length)) <= weightShare(REPORTS_SHARE_PERCENT);
  }

  /** Whether one more report, with its signatures, keeps the block's reports within their length. */
  hasLength(attestation: Attestation): bool {
    return this.length + lengthOf(attestation) <= REPORTS_LENGTH;
  }

  /** Takes the space of a report. */
  take(attestation: Attestation): void {
    this.reports++;
    this.signatures += signaturesOf(attestation);
    this.items += itemsOf(attestation);
    this.length += lengthOf(attestation);
  }

  private weightWith(reports: u32, signatures: u32, items: u32, length: u32): u64 {
    return ReportingWeights.report(
      this.reports + reports,
      this.signatures + signatures,
      this.items + items,
      this.length + length,
      this.tracked,
    );
  }
}

function signaturesOf(attestation: Attestation): u32 {
  return <u32>attestation.attestations.length;
}

function itemsOf(attestation: Attestation): u32 {
  return <u32>attestation.report.results.length;
}

function lengthOf(attestation: Attestation): u32 {
  return encodedLength<Attestation>(attestation);
}
