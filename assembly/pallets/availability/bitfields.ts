// Counts bitfields, and settles the pending reports. Spec: RFC-0031 § Availability; D8, D14, D15.
import { sr25519Verify } from '../../io';
import { H256, Sr25519Public } from '../../primitives';
import { SignedBitfield } from '../../primitives/corejam';
import { BITFIELD_TAG } from '../../primitives/corejam/tags';
import { BitVec, encode, Tuple3 } from '../../scale';
import { Coretime } from '../coretime';
import { enqueue, noteStage, Reporting, Stage, TrackedPackage } from '../reporting';
import { System } from '../system';
import { availabilityThreshold, validatorCount, Validators } from '../validators';
import { Availability, AvailabilityEvent, CoreVotes } from './state';
import { bitfieldsMax } from './turns';
import { AvailabilityWeights } from './weights';

/** Counts bitfields, then drops reports that timed out. Panics if a bitfield is wrong. */
export function doBitfields(bitfields: Array<SignedBitfield>): void {
  if (Availability.done.get()) throw new Error('availability: one inherent a block');
  const most = bitfieldsMax();
  if (<u32>bitfields.length > most) throw new Error(`availability: at most ${most.toString()} bitfields a block`);
  check(bitfields);
  settle(bitfields);
}

/**
 * Checks the bitfields. A wrong one makes the block invalid, since the author could have omitted it; so does one
 * without a bit that is not counted yet, with which an author would have every importer verify signatures for nothing,
 * in the place of a validator whose bits are missing.
 */
function check(bitfields: Array<SignedBitfield>): void {
  const keys: Array<Sr25519Public> = Validators.keys.get();
  const cores = <i32>Coretime.cores.get();
  const parent = System.parentHash.get();
  const seen = new BitVec(keys.length);
  const votes = pendingVotes();
  for (let i = 0; i < bitfields.length; i++) {
    const field = bitfields[i];
    if (field.validator >= <u32>keys.length) throw new Error('availability: no such validator');
    if (seen.get(<i32>field.validator)) throw new Error('availability: one bitfield a validator');
    seen.set(<i32>field.validator);
    if (field.bits.length != cores) throw new Error('availability: one bit a core');
    if (!hasNewBit(field, votes)) {
      throw new Error(`availability: the bits of validator ${field.validator.toString()} are counted already`);
    }
    const message = encode<Tuple3<string, H256, BitVec>>(
      new Tuple3<string, H256, BitVec>(BITFIELD_TAG, parent, field.bits),
    );
    if (!sr25519Verify(field.signature.bytes, message, keys[<i32>field.validator].bytes)) {
      throw new Error(`availability: the signature of validator ${field.validator.toString()} is wrong`);
    }
  }
}

/** The votes of earlier blocks for each core with a pending report, ascending by core. */
export function pendingVotes(): Array<CoreVotes> {
  const pending: Array<TrackedPackage> = Reporting.pending.get();
  const earlier: Array<CoreVotes> = Availability.votes.get();
  const votes = new Array<CoreVotes>();
  let next = 0; // both lists are ascending by core
  for (let i = 0; i < pending.length; i++) {
    const core = pending[i].core;
    while (next < earlier.length && earlier[next].core < core) next++;
    if (next < earlier.length && earlier[next].core == core) {
      votes.push(earlier[next]);
    } else {
      const none = new CoreVotes();
      none.core = core;
      votes.push(none);
    }
  }
  return votes;
}

/** Whether a bitfield has a bit for a pending report that its votes lack. */
function hasNewBit(field: SignedBitfield, votes: Array<CoreVotes>): bool {
  for (let i = 0; i < votes.length; i++) {
    if (field.bits.get(<i32>votes[i].core) && !votes[i].validators.get(<i32>field.validator)) return true;
  }
  return false;
}

/** Weight of settling without bitfields: nothing becomes available, what is due times out. */
export function settlingWeight(): u64 {
  const pending: Array<TrackedPackage> = Reporting.pending.get();
  const timeOut = Availability.timeOut.get();
  const now = System.number.get();
  let due: u32 = 0;
  for (let i = 0; i < pending.length; i++) if (now - pending[i].registeredAt >= timeOut) due++;
  return AvailabilityWeights.settle(<u32>pending.length, 0, due);
}

/** For each core: counts bits, then drops a report that timed out (D15). */
export function settle(bitfields: Array<SignedBitfield>): void {
  Availability.done.set(true);
  const pending: Array<TrackedPackage> = Reporting.pending.get();
  if (pending.length == 0) return;
  const validators = validatorCount();
  const threshold = availabilityThreshold(validators);
  const timeOut = Availability.timeOut.get();
  const now = System.number.get();
  const earlier: Array<CoreVotes> = Availability.votes.get();
  const available = new Array<TrackedPackage>();
  const waiting = new Array<TrackedPackage>();
  const votes = new Array<CoreVotes>();
  let next = 0; // both lists are ascending by core
  for (let i = 0; i < pending.length; i++) {
    const tracked = pending[i];
    while (next < earlier.length && earlier[next].core < tracked.core) next++;
    const before = next < earlier.length && earlier[next].core == tracked.core ? earlier[next] : null;
    const counted = countVotes(tracked.core, before, validators, bitfields);
    const count = counted.validators.count();
    // D8: without validators nothing is ever available.
    if (validators > 0 && <u32>count >= threshold) {
      available.push(tracked);
      noteStage(tracked, Stage.Available);
      AvailabilityEvent.Available(tracked.hash, tracked.core, <u32>count);
    } else if (now - tracked.registeredAt >= timeOut) {
      Reporting.reports.remove(tracked.order);
      noteStage(tracked, Stage.TimedOut);
      AvailabilityEvent.TimedOut(tracked.hash, tracked.core, <u32>count);
    } else {
      waiting.push(tracked);
      if (count > 0) votes.push(counted);
    }
  }
  enqueue(available);
  const released = waiting.length != pending.length;
  if (released) Reporting.pending.set(waiting);
  if (released || bitfields.length > 0) Availability.votes.set(votes);
}

/** The votes for `core` of earlier blocks and these bitfields. */
function countVotes(core: u16, before: CoreVotes | null, validators: u32, bitfields: Array<SignedBitfield>): CoreVotes {
  let votes = before;
  if (votes == null || votes.validators.length != <i32>validators) {
    votes = new CoreVotes();
    votes.core = core;
    votes.validators = new BitVec(<i32>validators);
  }
  for (let i = 0; i < bitfields.length; i++) {
    if (bitfields[i].bits.get(<i32>core)) votes.validators.set(<i32>bitfields[i].validator);
  }
  return votes;
}
