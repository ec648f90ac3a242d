// The fee of an extrinsic: a base fee, a fee per byte, a fee per picosecond, and a tip.
//
//   fee = base + length · LENGTH_FEE + weight · multiplier + tip
//
// `weight` is that of the call and of the length. One picosecond of weight costs one planck (10^-12 UNIT).
import { DispatchClass } from '../../frame';
import { BASE_EXTRINSIC_PS, extrinsicWeight, lengthWeight, saturatingAdd, U128 } from '../../primitives';
import { classLengthMax, classWeightMax } from '../system';
import { OPERATIONAL_FEE_MULTIPLIER, TransactionPayment } from './state';

/** The fee of one byte of an extrinsic. */
const LENGTH_FEE: u64 = 1_000_000;

/** The parts of a fee. */
@scale('pallet_transaction_payment::types::InclusionFee')
export class InclusionFee {
  /** Base fee of an extrinsic. */
  baseFee: U128 = new U128();
  /** Fee for its length. */
  lenFee: U128 = new U128();
  /** Fee for the weight of its call and its length, times the multiplier. */
  adjustedWeightFee: U128 = new U128();

  /** The sum of the parts. */
  total(): U128 {
    return this.baseFee.saturatingAdd(this.lenFee).saturatingAdd(this.adjustedWeightFee);
  }
}

/** The fee of `ps` of weight, before the multiplier. */
export function weightToFee(ps: u64): U128 {
  return U128.from(ps);
}

/** The fee of `length` bytes. */
export function lengthToFee(length: u32): U128 {
  return U128.product(<u64>length, LENGTH_FEE);
}

/** The parts of the fee of a call of `weight` in an extrinsic of `length` bytes. */
export function inclusionFee(length: u32, weight: u64): InclusionFee {
  const fee = new InclusionFee();
  fee.baseFee = weightToFee(BASE_EXTRINSIC_PS);
  fee.lenFee = lengthToFee(length);
  fee.adjustedWeightFee = adjusted(weightToFee(saturatingAdd(weight, lengthWeight(length))));
  return fee;
}

/** The whole fee; for a free call, only the tip. */
export function totalFee(length: u32, weight: u64, pays: bool, tip: U128): U128 {
  return pays ? inclusionFee(length, weight).total().saturatingAdd(tip) : tip;
}

function adjusted(fee: U128): U128 {
  const one = U128.from(1_000_000_000_000_000_000);
  const multiplier = TransactionPayment.nextFeeMultiplier.get().value;
  return multiplier.eq(one) ? fee : fee.saturatingMul(multiplier).div(one);
}

/**
 * The pool priority of an extrinsic: its tip relative to the share of a block that it uses
 * (pallet_transaction_payment's `get_priority`).
 */
export function priority(dispatchClass: DispatchClass, weight: u64, length: u32, tip: U128, fee: U128): u64 {
  const whole = classWeightMax(dispatchClass);
  const longest = classLengthMax(dispatchClass);
  const bounded = max<u64>(min<u64>(extrinsicWeight(weight, length), whole), 1);
  const byWeight = whole / bounded;
  const byLength = <u64>(longest / max<u32>(min<u32>(length, longest), 1));
  const perBlock = U128.from(min(byWeight, byLength));
  const scaledTip = tip.saturatingAdd(U128.from(1)).saturatingMul(perBlock);
  if (dispatchClass != DispatchClass.Operational) return scaledTip.saturatingToU64();
  // A virtual tip puts operational calls before ordinary ones with small tips.
  const virtualTip = fee.saturatingMul(U128.from(<u64>OPERATIONAL_FEE_MULTIPLIER));
  return scaledTip.saturatingAdd(virtualTip.saturatingMul(perBlock)).saturatingToU64();
}
