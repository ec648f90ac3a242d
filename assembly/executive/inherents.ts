// Inherents: unsigned extrinsics of a block's author. The node supplies their data by identifier; pallets declare their
// calls (`@inherent`), and runtime.ts their order in a block.
import { Generated } from '../frame';
import { Tag8, UncheckedExtrinsic } from '../primitives';
import { Bytes, Tuple2 } from '../scale';
import { bareExtrinsic, Extrinsic } from './extrinsic';

/** Inherent data, by identifier. */
type InherentData = Array<Tuple2<Tag8, Bytes>>;

/** The data of an identifier (eight ASCII characters, little-endian), or null. */
function find(data: InherentData, identifier: u64): Bytes | null {
  for (let i = 0; i < data.length; i++) if (load<u64>(data[i].a.address) == identifier) return data[i].b;
  return null;
}

/** The extrinsics of a block's inherents, in order. Data with an unknown identifier is ignored. */
export function inherentExtrinsics(data: InherentData): Array<UncheckedExtrinsic> {
  const extrinsics: Array<UncheckedExtrinsic> = [];
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

/** The result of check_inherents. */
@scale('sp_inherents::CheckInherentsResult')
export class CheckInherentsResult {
  okay: bool = true;
  fatalError: bool = false;
  errors: Array<Tuple2<Tag8, Bytes>> = [];
}

/** Checks a block's inherents against this node's data, for pallets that declare a check. */
export function checkInherents(extrinsics: Array<UncheckedExtrinsic>, data: InherentData): CheckInherentsResult {
  const answer = new CheckInherentsResult();
  for (let i = 0; i < extrinsics.length; i++) {
    const extrinsic = Extrinsic.read(extrinsics[i]);
    if (extrinsic === null || extrinsic.isSigned || extrinsic.call.inherent < 0) continue;
    const place = extrinsic.call.inherent;
    const identifier = Generated.inherentIdentifier(place);
    const own = find(data, identifier);
    if (own === null) continue;
    const error = Generated.inherentError(place, extrinsic.call, own);
    if (error === null) continue;
    answer.okay = false;
    answer.fatalError = answer.fatalError || error.fatal;
    answer.errors.push(new Tuple2<Tag8, Bytes>(tagOf(identifier), error.encoded));
  }
  return answer;
}

function tagOf(identifier: u64): Tag8 {
  const tag = new Tag8();
  store<u64>(tag.address, identifier);
  return tag;
}

function nameOf(identifier: u64): string {
  let name = '';
  for (let i: u64 = 0; i < 64; i += 8) name += String.fromCharCode((<i32>(identifier >> i)) & 0x7f);
  return name;
}
