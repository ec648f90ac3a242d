// How many bitfields fit a block, and how many blocks it takes until every validator's fits.
// Spec: § Weight of prune and accumulate, 6.
//
//   n validators, of whose bitfields m fit a block: those of block b start at validator (b · m mod n), so each
//   validator's turn comes within ⌈n / m⌉ blocks. A report waits for at least two turns of each, and for four by default:
//   of authors who leave bitfields out, a fraction f, a turn is lost in k rounds with probability fᵏ, so that with nearly a
//   third of the validators doing so two rounds lose many reports, and four few.
import { lengthWeight, saturatingAdd, saturatingSub } from '../../primitives';
import { BITFIELDS_LENGTH, BITFIELDS_SHARE_PERCENT, weightShare } from '../../primitives/block-space';
import { Coretime } from '../coretime';
import { validatorCount } from '../validators';
import { AvailabilityWeights } from './weights';

/** Time-out of reports in blocks, unless turns take longer (D8). */
const TIME_OUT: u32 = 10;
/** Turns of each validator within the time-out, at least. */
export const LEAST_ROUNDS: u32 = 2;
/** Turns of each validator within the time-out, where genesis sets none. */
const DEFAULT_ROUNDS: u32 = 4;

/**
 * Weight of checking and counting `count` bitfields of this chain, in picoseconds, and of settling: at most each core has
 * a package that awaits availability, and each of these is released. One that times out weighs more than one that
 * becomes available.
 */
export function bitfieldsWeight(count: u32): u64 {
  const cores = <u32>Coretime.cores.get();
  return saturatingAdd(
    AvailabilityWeights.bitfields(count, count * cores),
    AvailabilityWeights.settle(cores, 0, cores),
  );
}

/** Maximum number of bitfields in one block. */
export function bitfieldsMax(): u32 {
  const none = bitfieldsWeight(0);
  const each = bitfieldsWeight(1) - none + lengthWeight(bitfieldLength());
  const byWeight = saturatingSub(weightShare(BITFIELDS_SHARE_PERCENT), none) / each;
  return <u32>min(byWeight, <u64>(BITFIELDS_LENGTH / bitfieldLength()));
}

/** Length of an encoded bitfield in bytes: validator, number of bits (compact, at most 2), bits, signature. */
function bitfieldLength(): u32 {
  return 4 + 2 + ((<u32>Coretime.cores.get() + 7) >> 3) + 64;
}

/** Number of blocks within which each validator's turn comes. */
export function turnBlocks(): u32 {
  const most = bitfieldsMax();
  return (validatorCount() + most - 1) / most;
}

/** The time-out of reports, in blocks, where genesis sets none. */
export function defaultTimeOut(): u32 {
  return max<u32>(TIME_OUT, DEFAULT_ROUNDS * turnBlocks());
}
