// Inherents: what a block's author says that nobody signs. Their data comes from the node by identifier; the pallets say
// which calls they become (`@inherent`), and runtime.ts' order of pallets is their order in a block.
import { Generated, RuntimeCall } from '../frame';
import { SLOT_DURATION_MS, Tag8 } from '../primitives';
import { Bytes, fixedAt, Reader, Tuple2, Writer } from '../scale';
import { Timestamp } from '../pallets/timestamp';
import { bareExtrinsic, Extrinsic } from './extrinsic';

/** By how much a block's time may be ahead of the node's, in milliseconds. */
const MAX_DRIFT_MS: u64 = 5 * SLOT_DURATION_MS;

/** Data for inherents, by identifier. */
export type InherentData = Array<Tuple2<Tag8, Bytes>>;

/** The data under an identifier (eight ASCII characters, little-endian), null where there is none. */
function find(data: InherentData, identifier: u64): Bytes | null {
  for (let i = 0; i < data.length; i++) if (load<u64>(data[i].a.address) == identifier) return data[i].b;
  return null;
}

/** The extrinsics of a block's inherents, in their order. Data that nobody asks for is left alone. */
export function inherentExtrinsics(data: InherentData): Array<Bytes> {
  const extrinsics: Array<Bytes> = [];
  for (let place = 0; place < Generated.inherentCount(); place++) {
    const identifier = Generated.inherentIdentifier(place);
    const value = find(data, identifier);
    if (value === null) continue;
    const call = Generated.inherentCall(place, value);
    if (call === null) throw new Error(`inherents: the data of ${nameOf(identifier)} does not decode`);
    extrinsics.push(bareExtrinsic(call));
  }
  return extrinsics;
}

/** What check_inherents answers. */
@scale('sp_inherents::CheckInherentsResult')
export class CheckInherentsResult {
  okay: bool = true;
  fatalError: bool = false;
  errors: Array<Tuple2<Tag8, Bytes>> = [];
}

/** Compares a block's inherents with what this node knows: its time must not be far ahead. */
export function checkInherents(extrinsics: Array<Bytes>, data: InherentData): CheckInherentsResult {
  const answer = new CheckInherentsResult();
  const identifier = Generated.inherentIdentifier(0);
  const local = find(data, identifier);
  if (local === null || local.length != 8) return answer;
  const now = load<u64>(changetype<usize>(local));
  for (let i = 0; i < extrinsics.length; i++) {
    const extrinsic = Extrinsic.read(extrinsics[i]);
    if (extrinsic === null || extrinsic.isSigned || extrinsic.call.inherent != 0) continue;
    const time = timeOf(extrinsic.call);
    if (time > now + MAX_DRIFT_MS) refuse(answer, true, InherentError.TooFarInFuture, 0);
    else if (Timestamp.now.get() + Timestamp.minimumPeriod > time) {
      refuse(answer, false, InherentError.ValidAtTimestamp, Timestamp.now.get() + Timestamp.minimumPeriod);
    }
  }
  return answer;
}

/** sp_timestamp::InherentError. */
enum InherentError {
  ValidAtTimestamp,
  TooFarInFuture,
}

function refuse(answer: CheckInherentsResult, fatal: bool, error: InherentError, at: u64): void {
  const writer = new Writer(16);
  writer.u8(<u8>error);
  if (error == InherentError.ValidAtTimestamp) writer.u64(at);
  const identifier = Generated.inherentIdentifier(0);
  const cell = memory.data(8, 8);
  store<u64>(cell, identifier);
  answer.okay = false;
  answer.fatalError = answer.fatalError || fatal;
  answer.errors.push(new Tuple2<Tag8, Bytes>(fixedAt<Tag8>(cell), writer.finish()));
}

/** The argument of a `timestamp.set`. */
function timeOf(call: RuntimeCall): u64 {
  const reader = Reader.of(bareExtrinsic(call));
  // 0x04, pallet, call
  reader.take(3);
  return reader.compact();
}

function nameOf(identifier: u64): string {
  let name = '';
  for (let i: u64 = 0; i < 64; i += 8) name += String.fromCharCode((<i32>(identifier >> i)) & 0x7f);
  return name;
}
