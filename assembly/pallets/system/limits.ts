// Limits of a block's weight and length, by dispatch class, as in frame_system::limits.
//
//   weight   |-- normal: 75 % ---------------------------|-- operational only: the rest --|   mandatory: never refused by this limit
//
// The weights of RFC-0031 (prune and accumulate) are mandatory and reserved before the first ordinary extrinsic;
// ordinary extrinsics use the rest of the block.
import { DispatchClass, Weight } from '../../frame';
import { MAX_BLOCK_LENGTH, MAX_BLOCK_WEIGHT_PS, MICROSECOND_PS, NORMAL_PERCENT, saturatingAdd } from '../../primitives';
import { RuntimeDbWeight } from './types';

/** Weight of an extrinsic without its call: decoding, one sr25519 signature (420 to 650 µs), nonce, fee. */
export const BASE_EXTRINSIC_PS: u64 = 600 * MICROSECOND_PS;
/** Weight of an empty block. */
export const BASE_BLOCK_PS: u64 = 2_000 * MICROSECOND_PS;
/** Weight of one read and one write of storage. */
const READ_PS: u64 = 5 * MICROSECOND_PS;
export const WRITE_PS: u64 = 10 * MICROSECOND_PS;

/** The share of ordinary extrinsics. */
export const NORMAL_WEIGHT_PS: u64 = (MAX_BLOCK_WEIGHT_PS / 100) * NORMAL_PERCENT;
const NORMAL_LENGTH: u32 = <u32>((<u64>MAX_BLOCK_LENGTH * NORMAL_PERCENT) / 100);

/** Limits of a dispatch class; none is unlimited. */
@scale('frame_system::limits::WeightsPerClass')
export class WeightsPerClass {
  baseExtrinsic: Weight = Weight.of(BASE_EXTRINSIC_PS);
  /** Per call. */
  maxExtrinsic: Weight | null = null;
  /** Per block. */
  maxTotal: Weight | null = null;
  /** Available even if the block is full. */
  reserved: Weight | null = null;
}

@scale('frame_support::dispatch::PerDispatchClass')
export class WeightsByClass {
  normal: WeightsPerClass = new WeightsPerClass();
  operational: WeightsPerClass = new WeightsPerClass();
  mandatory: WeightsPerClass = new WeightsPerClass();
}

@scale('frame_system::limits::BlockWeights')
export class BlockWeights {
  baseBlock: Weight = Weight.of(BASE_BLOCK_PS);
  maxBlock: Weight = limit(MAX_BLOCK_WEIGHT_PS);
  perClass: WeightsByClass = new WeightsByClass();
}

@scale('frame_support::dispatch::PerDispatchClass')
export class LengthsByClass {
  normal: u32 = NORMAL_LENGTH;
  operational: u32 = MAX_BLOCK_LENGTH;
  mandatory: u32 = MAX_BLOCK_LENGTH;
}

@scale('frame_system::limits::BlockLength')
export class BlockLength {
  max: LengthsByClass = new LengthsByClass();
}

/** Weight of the block by dispatch class. */
@scale('frame_support::dispatch::PerDispatchClass')
export class ConsumedWeight {
  normal: Weight = new Weight();
  operational: Weight = new Weight();
  mandatory: Weight = new Weight();

  /** All classes together, in picoseconds. */
  total(): u64 {
    return saturatingAdd(this.normal.refTime, saturatingAdd(this.operational.refTime, this.mandatory.refTime));
  }

  /** The weight of one class. */
  of(dispatchClass: DispatchClass): Weight {
    if (dispatchClass == DispatchClass.Normal) return this.normal;
    return dispatchClass == DispatchClass.Operational ? this.operational : this.mandatory;
  }
}

/** A limit of `ps` picoseconds and unlimited proof size. */
function limit(ps: u64): Weight {
  const weight = Weight.of(ps);
  weight.proofSize = u64.MAX_VALUE;
  return weight;
}

/** The limits of this chain, for the metadata. */
export function blockWeights(): BlockWeights {
  const weights = new BlockWeights();
  const normal = weights.perClass.normal;
  normal.maxExtrinsic = limit(maxExtrinsicPs(DispatchClass.Normal));
  normal.maxTotal = limit(NORMAL_WEIGHT_PS);
  normal.reserved = new Weight();
  const operational = weights.perClass.operational;
  operational.maxExtrinsic = limit(maxExtrinsicPs(DispatchClass.Operational));
  operational.maxTotal = limit(MAX_BLOCK_WEIGHT_PS);
  operational.reserved = limit(MAX_BLOCK_WEIGHT_PS - NORMAL_WEIGHT_PS);
  return weights;
}

/** Maximum weight of one call of a class: what fits an empty block. */
function maxExtrinsicPs(dispatchClass: DispatchClass): u64 {
  if (dispatchClass == DispatchClass.Mandatory) return u64.MAX_VALUE;
  const total = dispatchClass == DispatchClass.Normal ? NORMAL_WEIGHT_PS : MAX_BLOCK_WEIGHT_PS;
  return total - BASE_BLOCK_PS - BASE_EXTRINSIC_PS;
}

/** Whether a call of `weight` fits an empty block. */
export function fitsAnyBlock(dispatchClass: DispatchClass, weight: u64, length: u32): bool {
  return weight <= maxExtrinsicPs(dispatchClass) && length <= maxLength(dispatchClass);
}

/** Maximum length of a block's extrinsics in bytes, at which a class is refused. */
export function maxLength(dispatchClass: DispatchClass): u32 {
  return dispatchClass == DispatchClass.Normal ? NORMAL_LENGTH : MAX_BLOCK_LENGTH;
}

/** Whether a call of `weight` (including base) fits a block that weighs `consumed` (frame_system's CheckWeight). */
export function fitsBlock(consumed: ConsumedWeight, dispatchClass: DispatchClass, weight: u64): bool {
  if (dispatchClass == DispatchClass.Mandatory) return true;
  const total = dispatchClass == DispatchClass.Normal ? NORMAL_WEIGHT_PS : MAX_BLOCK_WEIGHT_PS;
  const own = saturatingAdd(consumed.of(dispatchClass).refTime, weight);
  if (own > total) return false;
  if (saturatingAdd(consumed.total(), weight) <= MAX_BLOCK_WEIGHT_PS) return true;
  return dispatchClass == DispatchClass.Operational && own <= MAX_BLOCK_WEIGHT_PS - NORMAL_WEIGHT_PS;
}

/** Weights of storage reads and writes, for the metadata. */
export function dbWeight(): RuntimeDbWeight {
  const weight = new RuntimeDbWeight();
  weight.read = READ_PS;
  weight.write = WRITE_PS;
  return weight;
}
