// How many bitfields fit a block, and how many blocks it takes until every validator's fits.
// Spec: § Weight of prune and accumulate, 6.
//
//   n validators, of whose bitfields m fit a block: those of block b start at validator (b · m mod n), so each
//   validator's turn comes within ⌈n / m⌉ blocks. A report waits for at least two turns of each.
import { saturatingSub } from '../../primitives';
import { BITFIELDS_LENGTH, BITFIELDS_SHARE_PERCENT, weightShare } from '../../primitives/block-space';
import { Coretime } from '../coretime';
import { SIGNATURE_PS } from '../reporting';
import { validatorCount } from '../validators';

/** Weight of the inherent without bitfields; of a bitfield with its signature; of one of its bits. In picoseconds. */
const BASE_PS: u64 = 50_000_000;
const BITFIELD_PS: u64 = SIGNATURE_PS + 5_000_000;
const BIT_PS: u64 = 20_000;
/** Time-out of reports in blocks, unless turns take longer (D8). */
const TIME_OUT: u32 = 10;

/** Weight of checking and counting `count` bitfields of this chain, in picoseconds. */
export function bitfieldsWeight(count: u32): u64 {
  return BASE_PS + bitfieldWeight() * <u64>count;
}

function bitfieldWeight(): u64 {
  return BITFIELD_PS + BIT_PS * <u64>Coretime.cores.get();
}

/** Maximum number of bitfields in one block. */
export function bitfieldsMax(): u32 {
  const byWeight = saturatingSub(weightShare(BITFIELDS_SHARE_PERCENT), BASE_PS) / bitfieldWeight();
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
  return max<u32>(TIME_OUT, 2 * turnBlocks());
}
