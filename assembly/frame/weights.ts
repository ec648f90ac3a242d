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

/** What the body of the call being dispatched has declared about its own weight and fee. */
class Dispatched {
  @transient('set and read within one dispatch; the executive resets it before each extrinsic') static waived: bool = false;
  @transient('as above') static used: u64 = u64.MAX_VALUE;
}

/** Called in the body of a call that has succeeded: its sender pays no fee. */
export function waiveFee(): void {
  Dispatched.waived = true;
}

/** Called in the body of a call: the weight that it used, in picoseconds, when that is less than it declares. */
export function useWeight(weight: u64): void {
  Dispatched.used = weight;
}

/** Whether the last dispatch waived its fee. */
export function feeWaived(): bool {
  return Dispatched.waived;
}

/** The weight of the last dispatch: `declared`, or what it used if that is less. */
export function weightUsed(declared: u64): u64 {
  return min(declared, Dispatched.used);
}

/** Resets what an earlier dispatch declared; the executive calls this before each extrinsic. */
export function resetDispatchInfo(): void {
  Dispatched.waived = false;
  Dispatched.used = u64.MAX_VALUE;
}
