// Weight and fees of calls. One unit is a picosecond of reference time (D19); Substrate's proof size is always zero.

/** The share of a block that a call may use. @path frame_support::dispatch::DispatchClass */
export enum DispatchClass {
  /** Ordinary extrinsics: a guaranteed share, and what others leave unused. */
  Normal,
  /** A guaranteed share of its own, and what others leave unused. */
  Operational,
  /** Inherents and hooks, which have shares of their own. */
  Mandatory,
}

/** Whether the sender pays a fee. @path frame_support::dispatch::Pays */
export enum Pays {
  Yes,
  No,
}

/** Weight of a call. */
@scale('sp_weights::weight_v2::Weight')
export class Weight {
  /** In picoseconds. */
  @compact() refTime: u64 = 0;
  /** Always zero. */
  @compact() proofSize: u64 = 0;

  /** A weight of `refTime` picoseconds. */
  static of(refTime: u64): Weight {
    const weight = new Weight();
    weight.refTime = refTime;
    return weight;
  }
}

/** Weight, class and fee of a dispatch. */
@scale('frame_support::dispatch::DispatchInfo')
export class DispatchInfo {
  weight: Weight = new Weight();
  class: DispatchClass = DispatchClass.Normal;
  paysFee: Pays = Pays.Yes;
}

/** Weight and fee that the body of the call being dispatched has declared. */
class Dispatched {
  @transient('set and read within one dispatch; the executive resets it before each extrinsic') static waived: bool = false;
  @transient('as above') static used: u64 = u64.MAX_VALUE;
}

/** Called in the body of a successful call: its sender pays no fee. */
export function waiveFee(): void {
  Dispatched.waived = true;
}

/** Called in the body of a call that used less than its declared weight: the weight used, in picoseconds. */
export function useWeight(weight: u64): void {
  Dispatched.used = weight;
}

/** Whether the last dispatch waived its fee. */
export function feeWaived(): bool {
  return Dispatched.waived;
}

/** The weight of the last dispatch: `declared`, or the weight used if that is less. */
export function weightUsed(declared: u64): u64 {
  return min(declared, Dispatched.used);
}

/** Resets the declarations of an earlier dispatch; the executive calls this before each extrinsic. */
export function resetDispatchInfo(): void {
  Dispatched.waived = false;
  Dispatched.used = u64.MAX_VALUE;
}
