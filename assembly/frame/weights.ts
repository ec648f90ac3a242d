// Weight and fees of calls. One unit is a picosecond of reference time (D19); Substrate's second dimension stays zero.

/** What part of a block a call may use, and when it must be there. @path frame_support::dispatch::DispatchClass */
export enum DispatchClass {
  /** Within the share of ordinary extrinsics. */
  Normal,
  /** May use what ordinary extrinsics may not. */
  Operational,
  /** Must be in the block, whatever it weighs: inherents. */
  Mandatory,
}

/** Whether the sender pays a fee. @path frame_support::dispatch::Pays */
export enum Pays {
  Yes,
  No,
}

/** Substrate's weight. */
@scale('sp_weights::weight_v2::Weight')
export class Weight {
  /** Picoseconds. */
  @compact() refTime: u64 = 0;
  /** Bytes of storage proof; always zero here. */
  @compact() proofSize: u64 = 0;

  /** A weight of time alone. */
  static of(refTime: u64): Weight {
    const weight = new Weight();
    weight.refTime = refTime;
    return weight;
  }
}

/** What a dispatch cost, in events. */
@scale('frame_support::dispatch::DispatchInfo')
export class DispatchInfo {
  weight: Weight = new Weight();
  class: DispatchClass = DispatchClass.Normal;
  paysFee: Pays = Pays.Yes;
}

/** A dispatch's own say on its weight and fee. */
let waived: bool = false;
let used: u64 = 0xffff_ffff_ffff_ffff;

/** Called in the body of a call that has succeeded: its sender pays nothing. */
export function waiveFee(): void {
  waived = true;
}

/** Called in the body of a call: what it weighed in fact, in picoseconds, when that is less than declared. */
export function useWeight(weight: u64): void {
  used = weight;
}

/** Whether the dispatch just done waived its fee. */
export function feeWaived(): bool {
  return waived;
}

/** The weight of the dispatch just done: `declared`, or the less that it said. */
export function weightUsed(declared: u64): u64 {
  return min(declared, used);
}

/** Forgets what an earlier dispatch said; the executive calls this before each extrinsic. */
export function resetDispatchInfo(): void {
  waived = false;
  used = u64.MAX_VALUE;
}
