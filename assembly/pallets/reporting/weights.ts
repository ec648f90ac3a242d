// Weight of checking the package inherents of a block. Spec: § Weight of prune and accumulate, 6.
import { MAX_BLOCK_WEIGHT_PS, saturatingAdd } from '../../primitives';
import { Attestation, INHERENTS_SHARE_PERCENT } from '../../primitives/corejam';
import { Reporting } from './state';

/** Weight of checking one report without its signatures, and of one signature, in picoseconds. */
const REPORT_PS: u64 = 100_000_000;
export const SIGNATURE_PS: u64 = 450_000_000;

/** Weight of checking `attestations`, without `prune`. */
export function attestationsWeight(attestations: Array<Attestation>): u64 {
  let weight: u64 = 0;
  for (let i = 0; i < attestations.length; i++) weight += attestationWeight(attestations[i]);
  return weight;
}

/** Weight of checking one attestation. */
export function attestationWeight(attestation: Attestation): u64 {
  return REPORT_PS + SIGNATURE_PS * <u64>attestation.attestations.length;
}

/** Maximum weight of all inherents of a block. */
export function inherentsWeightMax(): u64 {
  return (MAX_BLOCK_WEIGHT_PS / 100) * INHERENTS_SHARE_PERCENT;
}

/** Adds to the weight of this block's inherents. Returns false if it exceeds the maximum. */
export function noteInherent(weight: u64): bool {
  const sum = saturatingAdd(Reporting.inherentsWeight.get(), weight);
  Reporting.inherentsWeight.set(sum);
  return sum <= inherentsWeightMax();
}
