// Slices: the calls of `accumulate` of one class in a block. Spec: D37; § Weight of prune and accumulate, 8.
//
//   packages of a class, in order    |  a  |    b    |  c  |        d        |  e  |
//   slices of at most 128 KiB        [    first      ][         second       ][ third ]
import { saturatingAdd, U128 } from '../../primitives';
import { MAX_SLICE_SIZE } from '../../primitives/corejam';
import { compactLength } from '../../scale';
import { TrackedPackage } from '../reporting';

/** One call of `accumulate`. */
export class Slice {
  packages: Array<TrackedPackage> = [];
  /** Encoded length of its packages' arguments, without the length of the list. */
  bytes: u32 = 0;
  /** Sum of the `accumulate` requirements of its results. */
  guaranteed: u64 = 0;
}

/** Adds a package's results of a class to the last slice, or to a new one if they do not fit. */
export function addToSlices(slices: Array<Slice>, tracked: TrackedPackage, classId: u32): void {
  let count: u32 = 0;
  let bytes = tracked.authorizationLength;
  let guaranteed: u64 = 0;
  for (let k = 0; k < tracked.items.length; k++) {
    if (tracked.items[k].classId != classId) continue;
    count++;
    bytes += tracked.items[k].length;
    guaranteed = saturatingAdd(guaranteed, tracked.items[k].accumulate);
  }
  bytes += compactLength(count);
  if (slices.length == 0 || !fits(slices[slices.length - 1], bytes)) slices.push(new Slice());
  const slice = slices[slices.length - 1];
  slice.packages.push(tracked);
  slice.bytes += bytes;
  slice.guaranteed = saturatingAdd(slice.guaranteed, guaranteed);
}

/** Whether a slice stays within the bound with one more package, of this length. */
function fits(slice: Slice, bytes: u32): bool {
  return compactLength(<u32>slice.packages.length + 1) + slice.bytes + bytes <= MAX_SLICE_SIZE;
}

/** Each slice's share of its class's surplus: by guaranteed weight, the remainder to the first. */
export function surplusShares(slices: Array<Slice>, surplus: u64): Array<u64> {
  let guaranteed = U128.zero();
  for (let i = 0; i < slices.length; i++) guaranteed = guaranteed.add(U128.from(slices[i].guaranteed));
  const shares = new Array<u64>(slices.length).fill(0);
  let rest = surplus;
  for (let i = 0; i < slices.length && !guaranteed.isZero(); i++) {
    shares[i] = U128.product(surplus, slices[i].guaranteed).div(guaranteed).toU64();
    rest -= shares[i];
  }
  if (shares.length > 0) shares[0] += rest;
  return shares;
}
