/**
 * Availability: counts which validators hold their shard of each reported package, and declares it available or lost.
 *
 * Spec: RFC-0031 § Availability; D8 (threshold), D14 (what a validator signs), D15 (order within a block, time-out).
 * Whether a shard is genuine is checked off-chain by the validator that signs for it.
 */
import { H256, Sr25519Public } from '../../primitives';
import { SignedBitfield } from '../../primitives/corejam';
import { BitVec, Tuple3, encode } from '../../scale';
import { sr25519Verify } from '../../io';
import { DispatchResult, None, OK, StorageMap, StorageValue } from '../../frame';
import { JsonReader } from '../../json';
import { System } from '../system';
import { availabilityThreshold, Validators } from '../validators';
import { Coretime } from '../coretime';
import { Occupation, Reporting, SIGNATURE_PS, Stage } from '../reporting';

export class AvailabilityEvent {
  /** Enough validators hold their shard: the package may be accumulated. */
  static Available(packageHash: H256, core: u16, votes: u32): void {}
  /** Too few validators held their shard in time: the package is dropped. */
  static TimedOut(packageHash: H256, core: u16, votes: u32): void {}
}

@pallet('Availability', 16, AvailabilityEvent)
export class Availability {
  /** For each core with a pending report: which validators hold their shard of it. */
  @storage(Hasher.Twox64Concat) static votes: StorageMap<u16, BitVec>;

  /** Blocks that a report may wait (D15). */
  @storage() static timeOut: StorageValue<u32>;

  /** Whether this block's bitfields are in, and its time-outs done. */
  @storage() static done: StorageValue<bool>;

  /** Starts a block. */
  static onInitialize(_number: u32): u64 {
    Availability.done.remove();
    return 10_000_000;
  }

  /** Count bitfields: at most one a validator, signed over this block's parent. Then reports that waited too long are dropped. */
  @inherent('cjavail0', 2)
  @call(0, (bitfields: Array<SignedBitfield>): u64 => bitfieldsWeight(bitfields))
  static bitfields(_origin: None, bitfields: Array<SignedBitfield>): DispatchResult {
    if (Availability.done.get()) throw new Error('availability: one inherent a block');
    if (!Reporting.noteInherent(bitfieldsWeight(bitfields)))
      throw new Error('availability: the bitfields weigh too much');
    check(bitfields);
    settle(bitfields);
    return OK;
  }

  /** Time-outs of a block that has no bitfields. */
  static onFinalize(_number: u32): void {
    if (!Availability.done.get()) settle([]);
  }

  /** Reads `{ "timeOut": 10 }`. */
  static genesis(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      if (key != 'timeOut') return json.fail('unknown; expected "timeOut"');
      const value = json.readU32();
      if (!json.failed && value == 0) return json.fail('must be at least 1');
      Availability.timeOut.set(value);
    }
  }

  /** Where genesis said nothing. */
  static afterGenesis(): void {
    if (!Availability.timeOut.has()) Availability.timeOut.set(10);
  }
}

/** What checking and counting `bitfields` weighs. */
export function bitfieldsWeight(bitfields: Array<SignedBitfield>): u64 {
  return 50_000_000 + (SIGNATURE_PS + 5_000_000) * <u64>bitfields.length;
}

/** A bitfield that fails makes the block invalid: its author could have left it out. */
function check(bitfields: Array<SignedBitfield>): void {
  const keys: Array<Sr25519Public> = Validators.keys.get();
  const cores = <i32>Coretime.cores.get();
  const parent = System.parentHash.get();
  const seen = new BitVec(keys.length);
  for (let i = 0; i < bitfields.length; i++) {
    const field = bitfields[i];
    if (field.validator >= <u32>keys.length) throw new Error('availability: no such validator');
    if (seen.get(<i32>field.validator)) throw new Error('availability: one bitfield a validator');
    seen.set(<i32>field.validator);
    if (field.bits.length != cores) throw new Error('availability: one bit a core');
    const message = encode<Tuple3<string, H256, BitVec>>(
      new Tuple3<string, H256, BitVec>('CJ-BITS', parent, field.bits),
    );
    if (!sr25519Verify(field.signature.bytes, message, keys[<i32>field.validator].bytes)) {
      throw new Error(`availability: the signature of validator ${field.validator.toString()} is wrong`);
    }
  }
}

/** Counts bits, then drops what has waited too long (D15), core by core. */
function settle(bitfields: Array<SignedBitfield>): void {
  Availability.done.set(true);
  const validators = Validators.count();
  const threshold = availabilityThreshold(validators);
  const timeOut = Availability.timeOut.get();
  const now = System.number.get();
  const occupied = Reporting.occupied.get();
  const waiting = new Array<Occupation>();
  for (let i = 0; i < occupied.length; i++) {
    const occupation = occupied[i];
    const votes = countVotes(occupation.core, validators, bitfields);
    // D8: without validators nothing is ever available.
    const available = validators > 0 && <u32>votes >= threshold;
    if (available || now - occupation.since >= timeOut) release(occupation.core, available, votes);
    else waiting.push(occupation);
  }
  if (waiting.length != occupied.length) Reporting.occupied.set(waiting);
}

/** Adds the bits for `core` to those of earlier blocks; answers how many there are. */
function countVotes(core: u16, validators: u32, bitfields: Array<SignedBitfield>): i32 {
  let votes = Availability.votes.get(core);
  if (votes.length != <i32>validators) votes = new BitVec(<i32>validators);
  let changed = false;
  for (let i = 0; i < bitfields.length; i++) {
    const validator = <i32>bitfields[i].validator;
    if (!bitfields[i].bits.get(<i32>core) || votes.get(validator)) continue;
    votes.set(validator);
    changed = true;
  }
  if (changed) Availability.votes.set(core, votes);
  return votes.count();
}

/** The report of `core` is no longer pending. */
function release(core: u16, available: bool, votes: i32): void {
  Availability.votes.remove(core);
  const tracked = Reporting.pending.take(core);
  if (tracked == null) throw new Error('availability: an occupied core without a report');
  const hash = tracked.report.packageSpec.hash;
  if (available) {
    Reporting.enqueue(tracked);
    Reporting.note(tracked, Stage.Available);
    AvailabilityEvent.Available(hash, core, <u32>votes);
  } else {
    Reporting.note(tracked, Stage.TimedOut);
    AvailabilityEvent.TimedOut(hash, core, <u32>votes);
  }
}
