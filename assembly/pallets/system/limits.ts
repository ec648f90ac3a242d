// Limits of a block's weight and length by dispatch class, as in frame_system::limits; primitives/block-space.ts has the
// shares. Spec: § Weight of prune and accumulate, 6; D34.
//
//   | Mandatory: base, hooks, inherents, prune and accumulate | unused | Operational: 4 % | Normal: 4 % |
//
// Normal and Operational extrinsics each have a guaranteed part, and share what Mandatory weight leaves unused. An
// extrinsic fits if it fits its class's guaranteed part, or if it fits the block without the guaranteed part that the
// other class has not used yet. Mandatory weight is complete before the first of them: each part of it is checked where
// it arises, the weight of prune and accumulate is reserved.
import { DispatchClass, Weight } from '../../frame';
import { BASE_BLOCK_PS, BASE_EXTRINSIC_PS, READ_PS, saturatingAdd, saturatingSub, WRITE_PS } from '../../primitives';
import {
  HOOKS_SHARE_PERCENT,
  INHERENT_FRAMES_LENGTH,
  MAX_BLOCK_LENGTH,
  MAX_BLOCK_WEIGHT_PS,
  NORMAL_LENGTH,
  NORMAL_SHARE_PERCENT,
  OPERATIONAL_LENGTH,
  OPERATIONAL_SHARE_PERCENT,
  weightShare,
} from '../../primitives/block-space';
import { RuntimeDbWeight } from './types';

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

/** Lengths in bytes, by dispatch class. */
@scale('frame_support::dispatch::PerDispatchClass')
export class LengthsByClass {
  normal: u32 = 0;
  operational: u32 = 0;
  mandatory: u32 = 0;

  /** All classes together. */
  total(): u64 {
    return <u64>this.normal + <u64>this.operational + <u64>this.mandatory;
  }

  /** The length of one class. */
  of(dispatchClass: DispatchClass): u32 {
    if (dispatchClass == DispatchClass.Normal) return this.normal;
    return dispatchClass == DispatchClass.Operational ? this.operational : this.mandatory;
  }

  /** Adds an extrinsic of `length`. */
  add(dispatchClass: DispatchClass, length: u32): void {
    if (dispatchClass == DispatchClass.Normal) this.normal += length;
    else if (dispatchClass == DispatchClass.Operational) this.operational += length;
    else this.mandatory += length;
  }
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

/** The limits of this chain's weight, for the metadata. */
export function blockWeights(): BlockWeights {
  const weights = new BlockWeights();
  setLimits(weights.perClass.normal, DispatchClass.Normal);
  setLimits(weights.perClass.operational, DispatchClass.Operational);
  return weights;
}

function setLimits(limits: WeightsPerClass, dispatchClass: DispatchClass): void {
  limits.maxExtrinsic = limit(extrinsicWeightMax(dispatchClass) - BASE_EXTRINSIC_PS);
  limits.maxTotal = limit(classWeightMax(dispatchClass));
  limits.reserved = limit(guaranteedWeight(dispatchClass));
}

/** The limits of this chain's length, for the metadata. */
export function blockLength(): BlockLength {
  const lengths = new BlockLength();
  lengths.max.normal = classLengthMax(DispatchClass.Normal);
  lengths.max.operational = classLengthMax(DispatchClass.Operational);
  lengths.max.mandatory = classLengthMax(DispatchClass.Mandatory);
  return lengths;
}

/** The class that shares a block's unused weight and length with `dispatchClass`. */
function otherClass(dispatchClass: DispatchClass): DispatchClass {
  return dispatchClass == DispatchClass.Normal ? DispatchClass.Operational : DispatchClass.Normal;
}

/** Weight that extrinsics of a class always have in a block, in picoseconds; none for Mandatory. */
function guaranteedWeight(dispatchClass: DispatchClass): u64 {
  if (dispatchClass == DispatchClass.Mandatory) return 0;
  return weightShare(dispatchClass == DispatchClass.Normal ? NORMAL_SHARE_PERCENT : OPERATIONAL_SHARE_PERCENT);
}

/** Length that extrinsics of a class always have in a block, in bytes; none for Mandatory. */
function guaranteedLength(dispatchClass: DispatchClass): u32 {
  if (dispatchClass == DispatchClass.Mandatory) return 0;
  return dispatchClass == DispatchClass.Normal ? NORMAL_LENGTH : OPERATIONAL_LENGTH;
}

/** Maximum weight of a class's extrinsics in one block, in picoseconds. */
export function classWeightMax(dispatchClass: DispatchClass): u64 {
  return MAX_BLOCK_WEIGHT_PS - guaranteedWeight(otherClass(dispatchClass));
}

/** Maximum length of a class's extrinsics in one block, in bytes. */
export function classLengthMax(dispatchClass: DispatchClass): u32 {
  if (dispatchClass == DispatchClass.Mandatory) return MAX_BLOCK_LENGTH - OPERATIONAL_LENGTH - NORMAL_LENGTH;
  return MAX_BLOCK_LENGTH - guaranteedLength(otherClass(dispatchClass));
}

/** Maximum weight of an extrinsic, base included: what an empty block has room for, beside its hooks and timestamp. */
function extrinsicWeightMax(dispatchClass: DispatchClass): u64 {
  return classWeightMax(dispatchClass) - weightShare(HOOKS_SHARE_PERCENT);
}

/** Whether a Normal or Operational extrinsic of `weight` (base included) fits an empty block; it may have to wait for one. */
export function fitsAnyBlock(dispatchClass: DispatchClass, weight: u64, length: u32): bool {
  return (
    weight <= extrinsicWeightMax(dispatchClass) && length <= classLengthMax(dispatchClass) - INHERENT_FRAMES_LENGTH
  );
}

/** What is left of a class's guaranteed weight in a block that weighs `consumed`. */
function guaranteedWeightLeft(consumed: ConsumedWeight, dispatchClass: DispatchClass): u64 {
  return saturatingSub(guaranteedWeight(dispatchClass), consumed.of(dispatchClass).refTime);
}

/** What is left of a class's guaranteed length in a block whose extrinsics have the length `consumed`. */
function guaranteedLengthLeft(consumed: LengthsByClass, dispatchClass: DispatchClass): u32 {
  return <u32>saturatingSub(<u64>guaranteedLength(dispatchClass), <u64>consumed.of(dispatchClass));
}

/** The greatest weight, including base, of an extrinsic that fits a block that weighs `consumed`. Mandatory always fits. */
function weightRoom(consumed: ConsumedWeight, dispatchClass: DispatchClass): u64 {
  if (dispatchClass == DispatchClass.Mandatory) return u64.MAX_VALUE;
  const taken = saturatingAdd(consumed.total(), guaranteedWeightLeft(consumed, otherClass(dispatchClass)));
  return max(guaranteedWeightLeft(consumed, dispatchClass), saturatingSub(MAX_BLOCK_WEIGHT_PS, taken));
}

/** The greatest length of an extrinsic that fits a block whose extrinsics have the length `consumed`. */
function lengthRoom(consumed: LengthsByClass, dispatchClass: DispatchClass): u32 {
  if (dispatchClass == DispatchClass.Mandatory) {
    return <u32>saturatingSub(<u64>classLengthMax(dispatchClass), <u64>consumed.mandatory);
  }
  const taken = consumed.total() + <u64>guaranteedLengthLeft(consumed, otherClass(dispatchClass));
  return max(guaranteedLengthLeft(consumed, dispatchClass), <u32>saturatingSub(<u64>MAX_BLOCK_LENGTH, taken));
}

/** Whether an extrinsic of `weight` (including base) fits a block that weighs `consumed`. */
export function fitsWeight(consumed: ConsumedWeight, dispatchClass: DispatchClass, weight: u64): bool {
  return weight <= weightRoom(consumed, dispatchClass);
}

/** Whether an extrinsic of `length` fits a block whose extrinsics have the length `consumed`. */
export function fitsLength(consumed: LengthsByClass, dispatchClass: DispatchClass, length: u32): bool {
  return length <= lengthRoom(consumed, dispatchClass);
}

/** What a signed extrinsic takes of its block, and of which class. */
@scale()
export class ExtrinsicNeeds {
  dispatchClass: DispatchClass = DispatchClass.Normal;
  /** Including base, in picoseconds. */
  weight: u64 = 0;
  /** Including the compact length, in bytes. */
  length: u32 = 0;
}

/** What a block still takes of one dispatch class. It never grows while the block is made. */
@scale()
export class ClassRoom {
  /** The greatest weight of an extrinsic, including base, in picoseconds. */
  weight: u64 = 0;
  /** The greatest length of an extrinsic, in bytes. */
  length: u32 = 0;
  /** The part of the weight that is guaranteed to the class. */
  guaranteedWeight: u64 = 0;
  /** The part of the length that is guaranteed to the class. */
  guaranteedLength: u32 = 0;
}

/** What a block still takes of the classes of signed extrinsics. */
@scale()
export class BlockRoom {
  normal: ClassRoom = new ClassRoom();
  operational: ClassRoom = new ClassRoom();
}

/** What a block that weighs `consumed`, with extrinsics of these lengths, still takes. */
export function blockRoom(consumed: ConsumedWeight, lengths: LengthsByClass): BlockRoom {
  const room = new BlockRoom();
  setRoom(room.normal, consumed, lengths, DispatchClass.Normal);
  setRoom(room.operational, consumed, lengths, DispatchClass.Operational);
  return room;
}

function setRoom(
  room: ClassRoom,
  consumed: ConsumedWeight,
  lengths: LengthsByClass,
  dispatchClass: DispatchClass,
): void {
  room.weight = weightRoom(consumed, dispatchClass);
  room.length = lengthRoom(lengths, dispatchClass);
  room.guaranteedWeight = guaranteedWeightLeft(consumed, dispatchClass);
  room.guaranteedLength = guaranteedLengthLeft(lengths, dispatchClass);
}

/** Weights of storage reads and writes, for the metadata. */
export function dbWeight(): RuntimeDbWeight {
  const weight = new RuntimeDbWeight();
  weight.read = READ_PS;
  weight.write = WRITE_PS;
  return weight;
}
