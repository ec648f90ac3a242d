// Bytes on their way to the host and back.
import { Bytes, bytesAt, utf8 } from '../../assembly/scale';

/** The host's answer for "there is none". */
export const NONE: u64 = u64.MAX_VALUE;

/** `length` bytes at `address`, as the host reads them. */
export function fatAt(address: usize, length: u32): u64 {
  return ((<u64>length) << 32) | (<u64>address);
}

/** `bytes`, as the host reads them. */
export function fat(bytes: Bytes): u64 {
  return fatAt(changetype<usize>(bytes), <u32>bytes.length);
}

/** The UTF-8 of `text`, as the host reads it. */
export function fatText(text: string): u64 {
  return fat(utf8(text));
}

/** The bytes that the host answered with. */
function taken(pointer: u64): Bytes {
  return bytesAt(<usize>(pointer & 0xffff_ffff), <i32>(pointer >> 32));
}

/** The bytes that the host answered with, or null for none. */
export function takenOption(pointer: u64): Bytes | null {
  return pointer == NONE ? null : taken(pointer);
}
