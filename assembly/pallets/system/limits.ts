// How much fits into a block: weight and bytes, for each class of calls. Bounds as frame_system::limits has them.
//
//   weight   |-- normal: 75 % ------------------------------|-- operational alone: the rest --|   mandatory: never refused
//
// The weights of RFC-0031 (prune and accumulate) are mandatory and reserved before the first ordinary extrinsic, so that
// ordinary extrinsics get what is left of the whole block.
import { DispatchClass, Weight } from '../../frame';
import { MAX_BLOCK_LENGTH, MAX_BLOCK_WEIGHT_PS, MICROSECOND_PS, NORMAL_PERCENT, saturatingAdd } from '../../primitives';
import { RuntimeDbWeight } from './types';

/** What any extrinsic weighs beside its call: decoding, one sr25519 signature (420 to 650 µs), nonce, fee. */
export const BASE_EXTRINSIC_PS: u64 = 600 * MICROSECOND_PS;
/** What an empty block weighs: its beginning and its end. */
export const BASE_BLOCK_PS: u64 = 2_000 * MICROSECOND_PS;
/** One read and one write of storage. */
const READ_PS: u64 = 5 * MICROSECOND_PS;
export const WRITE_PS: u64 = 10 * MICROSECOND_PS;

/** The share of ordinary extrinsics. */
export const NORMAL_WEIGHT_PS: u64 = (MAX_BLOCK_WEIGHT_PS / 100) * NORMAL_PERCENT;
const NORMAL_LENGTH: u32 = <u32>((<u64>MAX_BLOCK_LENGTH * NORMAL_PERCENT) / 100);

/** Bounds of one class of calls; null is none. */
@scale('frame_system::limits::WeightsPerClass')
export class WeightsPerClass {
  baseExtrinsic: Weight = Weight.of(BASE_EXTRINSIC_PS);
  /** Of one call. */
  maxExtrinsic: Weight | null = null;
  /** Of all calls of the class together. */
  maxTotal: Weight | null = null;
  /** What the class may take even where the block is full. */
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

/** What a block weighs so far, each class for itself. */
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

/** `ps` of time, and proofs without limit. */
function limit(ps: u64): Weight {
  const weight = Weight.of(ps);
  weight.proofSize = u64.MAX_VALUE;
  return weight;
}

/** The bounds of this chain, as metadata shows them. */
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

/** The weightiest single call of a class: what an empty block leaves to it. */
function maxExtrinsicPs(dispatchClass: DispatchClass): u64 {
  if (dispatchClass == DispatchClass.Mandatory) return u64.MAX_VALUE;
  const total = dispatchClass == DispatchClass.Normal ? NORMAL_WEIGHT_PS : MAX_BLOCK_WEIGHT_PS;
  return total - BASE_BLOCK_PS - BASE_EXTRINSIC_PS;
}

/** Whether a call of `weight` fits one block of its class at all. */
export function fitsAnyBlock(dispatchClass: DispatchClass, weight: u64, length: u32): bool {
  return weight <= maxExtrinsicPs(dispatchClass) && length <= maxLength(dispatchClass);
}

/** Bytes of extrinsics after which a class is refused. */
export function maxLength(dispatchClass: DispatchClass): u32 {
  return dispatchClass == DispatchClass.Normal ? NORMAL_LENGTH : MAX_BLOCK_LENGTH;
}

/** Whether a call of `weight` (base included) still fits a block that weighs `consumed` (frame_system's CheckWeight). */
export function fitsBlock(consumed: ConsumedWeight, dispatchClass: DispatchClass, weight: u64): bool {
  if (dispatchClass == DispatchClass.Mandatory) return true;
  const total = dispatchClass == DispatchClass.Normal ? NORMAL_WEIGHT_PS : MAX_BLOCK_WEIGHT_PS;
  const own = saturatingAdd(consumed.of(dispatchClass).refTime, weight);
  if (own > total) return false;
  if (saturatingAdd(consumed.total(), weight) <= MAX_BLOCK_WEIGHT_PS) return true;
  return dispatchClass == DispatchClass.Operational && own <= MAX_BLOCK_WEIGHT_PS - NORMAL_WEIGHT_PS;
}

/** What reads and writes of storage weigh, as metadata shows it. */
export function dbWeight(): RuntimeDbWeight {
  const weight = new RuntimeDbWeight();
  weight.read = READ_PS;
  weight.write = WRITE_PS;
  return weight;
}
