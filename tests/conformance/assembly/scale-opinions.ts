// Two implementations of SCALE: ours (`ours_*`) and that of the package as-scale-codec (`theirs_*`), for the types that
// both have. Input and output are those of tests/harness/compile.ts; the functions' own input is only numbers and raw
// bytes.
import { Bool } from '../../../node_modules/as-scale-codec/assembly/Bool';
import { ByteArray } from '../../../node_modules/as-scale-codec/assembly/Arrays/ByteArray';
import { IntArray } from '../../../node_modules/as-scale-codec/assembly/Arrays/IntArray';
import { CompactInt } from '../../../node_modules/as-scale-codec/assembly/Int/CompactInt';
import { UInt16 } from '../../../node_modules/as-scale-codec/assembly/UInt/UInt16';
import { UInt32 } from '../../../node_modules/as-scale-codec/assembly/UInt/UInt32';
import { UInt64 } from '../../../node_modules/as-scale-codec/assembly/UInt/UInt64';
import { ScaleString } from '../../../node_modules/as-scale-codec/assembly/ScaleString';
import { Reader } from '../../../assembly/scale/reader';
import { Writer } from '../../../assembly/scale/writer';
import { Bytes, bytesAt } from '../../../assembly/scale/bytes';

let at: usize = 0;
let size: i32 = 0;

export function input(length: i32): usize {
  at = heap.alloc(<usize>length);
  size = length;
  return at;
}

function given(): Bytes {
  return bytesAt(at, size);
}

function result(bytes: Bytes): u64 {
  return ((<u64>bytes.length) << 32) | (<u64>changetype<usize>(bytes));
}

function theirs(bytes: u8[]): u64 {
  return ((<u64>bytes.length) << 32) | (<u64>bytes.dataStart);
}

/** The input, as the list of bytes that as-scale-codec expects. */
function list(): u8[] {
  const bytes = new Array<u8>(size);
  for (let i = 0; i < size; i++) bytes[i] = load<u8>(at + <usize>i);
  return bytes;
}

export function ours_u16(): u64 {
  const w = new Writer();
  w.u16(load<u16>(at));
  return result(w.finish());
}
export function theirs_u16(): u64 {
  return theirs(new UInt16(load<u16>(at)).toU8a());
}

export function ours_u32(): u64 {
  const w = new Writer();
  w.u32(load<u32>(at));
  return result(w.finish());
}
export function theirs_u32(): u64 {
  return theirs(new UInt32(load<u32>(at)).toU8a());
}

export function ours_u64(): u64 {
  const w = new Writer();
  w.u64(load<u64>(at));
  return result(w.finish());
}
export function theirs_u64(): u64 {
  return theirs(new UInt64(load<u64>(at)).toU8a());
}

export function ours_bool(): u64 {
  const w = new Writer();
  w.bool(load<u8>(at) != 0);
  return result(w.finish());
}
export function theirs_bool(): u64 {
  return theirs(new Bool(load<u8>(at) != 0).toU8a());
}

export function ours_compact(): u64 {
  const w = new Writer();
  w.compact(load<u64>(at));
  return result(w.finish());
}
export function theirs_compact(): u64 {
  return theirs(new CompactInt(<i64>load<u64>(at)).toU8a());
}

export function ours_bytes(): u64 {
  const w = new Writer();
  w.vec(given());
  return result(w.finish());
}
export function theirs_bytes(): u64 {
  return theirs(new ByteArray(list()).toU8a());
}

export function ours_text(): u64 {
  const w = new Writer();
  w.text(String.UTF8.decodeUnsafe(at, <usize>size));
  return result(w.finish());
}
export function theirs_text(): u64 {
  return theirs(new ScaleString(String.UTF8.decodeUnsafe(at, <usize>size)).toU8a());
}

/** Vec<Compact<u64>>: the input is a sequence of u64. */
export function ours_compacts(): u64 {
  const w = new Writer();
  w.compact(<u64>(size >> 3));
  for (let i = 0; i < size; i += 8) w.compact(load<u64>(at + <usize>i));
  return result(w.finish());
}
export function theirs_compacts(): u64 {
  const values = new Array<i64>(size >> 3);
  for (let i = 0; i < size; i += 8) values[i >> 3] = <i64>load<u64>(at + <usize>i);
  return theirs(new IntArray(values).toU8a());
}

/** Decodes a compact from the input: its value as u64, or nothing if it is refused. */
export function ours_read(): u64 {
  const reader = new Reader(at, <u32>size);
  const value = reader.compact();
  const w = new Writer();
  if (!reader.failed) w.u64(value);
  return result(w.finish());
}
export function theirs_read(): u64 {
  const w = new Writer();
  w.u64(<u64>CompactInt.fromU8a(list()).unwrap());
  return result(w.finish());
}
