// How a block's weight and length are divided. Spec: § Weight of prune and accumulate, 6; D34.
//
//   weight   cores 75 | reports 9 | bitfields 5 | releases 1 | UMP 1 | hooks 1 | Operational 4 | Normal 4     per cent of M
//   length   reports 3 | bitfields and releases 0.25 | Operational 1.25 | Normal 0.5                          of 5 MiB
//
// Each part is guaranteed: the others can't use it. Extrinsics also get what the inherents and the cores leave unused.
// Releases and UMP messages are not implemented, so extrinsics have their shares.
import { SECOND_PS } from './weights';

/** Maximum weight of a block: M. The build sets BLOCK_SECONDS (asconfig.json): 2, or 6 in the scale build. */
export const MAX_BLOCK_WEIGHT_PS: u64 = <u64>BLOCK_SECONDS * SECOND_PS;

/** The cores' share of a block's weight, for `prune` and `accumulate` (RFC-0031 § Weight Provisioning), in per cent. */
export const CORES_SHARE_PERCENT: u64 = 75;
/** The share of the inherent that registers reports, in per cent. */
export const REPORTS_SHARE_PERCENT: u64 = 9;
/** The share of the inherent with the bitfields, in per cent. */
export const BITFIELDS_SHARE_PERCENT: u64 = 5;
/** The share of an empty block: its base weight, hooks and timestamp, in per cent. */
export const HOOKS_SHARE_PERCENT: u64 = 1;
/** The share that Operational extrinsics always have, in per cent. */
export const OPERATIONAL_SHARE_PERCENT: u64 = 4;
/** The share that Normal extrinsics always have, in per cent. */
export const NORMAL_SHARE_PERCENT: u64 = 4;

const KIB: u32 = 1024;

/** Maximum length of a block's extrinsics in bytes. */
export const MAX_BLOCK_LENGTH: u32 = 5 * 1024 * KIB;
/** Length of a block's reports with their signatures. */
export const REPORTS_LENGTH: u32 = 3 * 1024 * KIB;
/** Length of the timestamp, and of what surrounds the data of the other inherents: at most this. */
export const INHERENT_FRAMES_LENGTH: u32 = 64;
/** Length of a block's bitfields and releases: 0.25 MiB, less what the timestamp and the inherents' frames take. */
export const BITFIELDS_LENGTH: u32 = 256 * KIB - INHERENT_FRAMES_LENGTH;
/** Length that Operational extrinsics always have. */
export const OPERATIONAL_LENGTH: u32 = 1280 * KIB;
/** Length that Normal extrinsics always have. */
export const NORMAL_LENGTH: u32 = 512 * KIB;

/** A share of a block's weight, in picoseconds. */
export function weightShare(percent: u64): u64 {
  return (MAX_BLOCK_WEIGHT_PS / 100) * percent;
}
