// How many reports and bitfields fit a block, calculated from the tables of weights. Spec: § Weight of prune and
// accumulate, 6.
import { storedLengthWeight, storedWeight } from '../../../bench/weights/constants.js';

const percent = (maxBlock: bigint, share: bigint): bigint => (maxBlock / 100n) * share;

/** Weight of the inherent with so many bitfields: each core has a package that awaits availability, and is released. */
function bitfieldsWeight(count: number, cores: number): bigint {
  const settle = storedWeight('Availability', 'settle', { pending: cores, available: 0, timedOut: cores });
  return storedWeight('Availability', 'bitfields', { bitfields: count, bits: count * cores }) + settle;
}

/** Bitfields that fit 5 % of M, or 0.25 MiB less 64 bytes: each has 4 + 2 bytes, its bits, and a signature. */
export function bitfieldsThatFit(maxBlock: bigint, cores: number): number {
  const none = bitfieldsWeight(0, cores);
  const length = 4 + 2 + Math.ceil(cores / 8) + 64;
  const byWeight = (percent(maxBlock, 5n) - none) / (bitfieldsWeight(1, cores) - none + storedLengthWeight(length));
  const byLength = Math.floor((256 * 1_024 - 64) / length);
  return Math.min(Number(byWeight), byLength);
}

/** What reports of a block have together. */
export interface Reports {
  readonly reports: number;
  readonly signatures: number;
  readonly items: number;
  readonly bytes: number;
}

/** Whether reports fit 9 % of M: beside them, the two packages that each core may have at most. */
export function reportsFit(maxBlock: bigint, cores: number, totals: Reports): boolean {
  const weight = storedWeight('Reporting', 'report', { ...totals, tracked: 2 * cores });
  return weight + storedLengthWeight(totals.bytes) <= percent(maxBlock, 9n);
}

/** The greatest number for which `fits` holds; it holds for none, and for no more than `limit`. */
export function greatest(limit: number, fits: (count: number) => boolean): number {
  let count = 0;
  while (count < limit && fits(count + 1)) count++;
  return count;
}
