// Counts bitfields, and settles the pending reports. Spec: RFC-0031 § Availability; D8, D14, D15.
import { sr25519Verify } from '../../io';
import { H256, Sr25519Public } from '../../primitives';
import { SignedBitfield } from '../../primitives/corejam';
import { BITFIELD_TAG } from '../../primitives/corejam/tags';
import { BitVec, encode, Tuple3 } from '../../scale';
import { Coretime } from '../coretime';
import { enqueue, noteInherent, noteStage, Occupation, Reporting, SIGNATURE_PS, Stage } from '../reporting';
import { System } from '../system';
import { availabilityThreshold, validatorCount, Validators } from '../validators';
import { Availability, AvailabilityEvent } from './state';

/** Weight of checking and counting `bitfields`, in picoseconds. */
export function bitfieldsWeight(bitfields: Array<SignedBitfield>): u64 {
  return 50_000_000 + (SIGNATURE_PS + 5_000_000) * <u64>bitfields.length;
}

/** Counts bitfields, then drops reports that timed out. Panics if a bitfield is wrong. */
export function doBitfields(bitfields: Array<SignedBitfield>): void {
  if (Availability.done.get()) throw new Error('availability: one inherent a block');
  if (!noteInherent(bitfieldsWeight(bitfields))) throw new Error('availability: the bitfields weigh too much');
  check(bitfields);
  settle(bitfields);
}

/** Checks the bitfields. A wrong one makes the block invalid: the author could have omitted it. */
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
      new Tuple3<string, H256, BitVec>(BITFIELD_TAG, parent, field.bits),
    );
    if (!sr25519Verify(field.signature.bytes, message, keys[<i32>field.validator].bytes)) {
      throw new Error(`availability: the signature of validator ${field.validator.toString()} is wrong`);
    }
  }
}

/** For each core: counts bits, then drops a report that timed out (D15). */
export function settle(bitfields: Array<SignedBitfield>): void {
  Availability.done.set(true);
  const validators = validatorCount();
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

/** Adds the bits for `core` to those of earlier blocks. Returns their number. */
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

/** Removes the report of `core` from the pending ones. */
function release(core: u16, available: bool, votes: i32): void {
  Availability.votes.remove(core);
  const tracked = Reporting.pending.take(core);
  if (tracked == null) throw new Error('availability: an occupied core without a report');
  const hash = tracked.report.packageSpec.hash;
  if (available) {
    enqueue(tracked);
    noteStage(tracked, Stage.Available);
    AvailabilityEvent.Available(hash, core, <u32>votes);
  } else {
    noteStage(tracked, Stage.TimedOut);
    AvailabilityEvent.TimedOut(hash, core, <u32>votes);
  }
}
